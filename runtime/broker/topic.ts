import type { Partition } from "./partition.ts";
import { type TopicOverrides, type TopicSettings, topicSettings } from "./topic-config.ts";

/** Topics the broker keeps for itself; clients see them marked as internal. */
export const OFFSETS_TOPIC = "__consumer_offsets";
export const TRANSACTIONS_TOPIC = "__transaction_state";
const INTERNAL = new Set([OFFSETS_TOPIC, TRANSACTIONS_TOPIC]);

/** A topic and its partitions, in order of their index. */
export class Topic {
  readonly name: string;
  /** Kafka's topic id in its base64url form of 22 characters. */
  readonly id: string;
  readonly internal: boolean;
  readonly #partitions: Partition[] = [];
  #overrides: TopicOverrides;
  #settings: TopicSettings;

  constructor(name: string, id: string, overrides: TopicOverrides) {
    this.name = name;
    this.id = id;
    this.internal = INTERNAL.has(name);
    this.#overrides = overrides;
    this.#settings = topicSettings(overrides);
  }

  get partitions(): readonly Partition[] {
    return this.#partitions;
  }

  get overrides(): TopicOverrides {
    return this.#overrides;
  }

  get settings(): TopicSettings {
    return this.#settings;
  }

  /** Takes new settings, which hold from the next record on. They were checked before. */
  setOverrides(overrides: TopicOverrides): void {
    this.#overrides = overrides;
    this.#settings = topicSettings(overrides);
    for (const partition of this.#partitions) partition.setConfig(this.#settings.log);
  }

  addPartition(partition: Partition): void {
    this.#partitions.push(partition);
  }
}
