import { applyConsumerRecord } from "./consumer/apply.ts";
import type { ConsumerGroup } from "./consumer/consumer-group.ts";
import {
  decodeRecord,
  type CommittedOffset,
  type CoordinatorRecord,
  type DecodedRecord,
  type GroupMetadata,
} from "./records.ts";

/** Committed offsets of one group: topic, then partition. */
export type GroupOffsets = ReadonlyMap<string, ReadonlyMap<number, CommittedOffset>>;

const NO_OFFSETS: GroupOffsets = new Map();

/**
 * What survives a restart: the last written generation of every group and all committed offsets.
 * Invariant: {@link GroupStore.apply} is the only thing that changes it, so that replaying the
 * journal gives the same store.
 */
export class GroupStore {
  readonly #groups = new Map<string, GroupMetadata>();
  readonly #consumers = new Map<string, ConsumerGroup>();
  readonly #offsets = new Map<string, Map<string, Map<number, CommittedOffset>>>();

  /** Takes one record in. Throws `MalformedRecordError` and changes nothing when it cannot be read. */
  apply(record: CoordinatorRecord): DecodedRecord {
    const decoded = decodeRecord(record.key, record.value);
    if (decoded.kind === "group") {
      if (decoded.value === null) this.#groups.delete(decoded.groupId);
      else this.#groups.set(decoded.groupId, decoded.value);
    } else if (decoded.kind === "offset") {
      const { groupId, topic, partition } = decoded.key;
      if (decoded.value === null) this.#removeOffset(groupId, topic, partition);
      else this.#putOffset(groupId, topic, partition, decoded.value);
    } else if (decoded.kind === "consumer") {
      const { record } = decoded;
      const group = applyConsumerRecord(this.#consumers.get(record.groupId), record);
      if (group === undefined) this.#consumers.delete(record.groupId);
      else this.#consumers.set(record.groupId, group);
    }
    return decoded;
  }

  metadata(groupId: string): GroupMetadata | undefined {
    return this.#groups.get(groupId);
  }

  consumer(groupId: string): ConsumerGroup | undefined {
    return this.#consumers.get(groupId);
  }

  consumers(): Iterable<ConsumerGroup> {
    return this.#consumers.values();
  }

  offsets(groupId: string): GroupOffsets {
    return this.#offsets.get(groupId) ?? NO_OFFSETS;
  }

  has(groupId: string): boolean {
    return this.#groups.has(groupId) || this.#offsets.has(groupId) || this.#consumers.has(groupId);
  }

  /** Ids of groups with a written generation or with committed offsets, each once. */
  groupIds(): string[] {
    return [
      ...new Set([...this.#groups.keys(), ...this.#offsets.keys(), ...this.#consumers.keys()]),
    ];
  }

  /** At least the number of groups; one that has both members and offsets may count twice. */
  get sizeBound(): number {
    return this.#groups.size + this.#offsets.size + this.#consumers.size;
  }

  #putOffset(groupId: string, topic: string, partition: number, value: CommittedOffset): void {
    let topics = this.#offsets.get(groupId);
    if (topics === undefined) this.#offsets.set(groupId, (topics = new Map()));
    let partitions = topics.get(topic);
    if (partitions === undefined) topics.set(topic, (partitions = new Map()));
    partitions.set(partition, value);
  }

  #removeOffset(groupId: string, topic: string, partition: number): void {
    const topics = this.#offsets.get(groupId);
    const partitions = topics?.get(topic);
    if (topics === undefined || partitions === undefined) return;
    partitions.delete(partition);
    if (partitions.size === 0) topics.delete(topic);
    if (topics.size === 0) this.#offsets.delete(groupId);
  }
}
