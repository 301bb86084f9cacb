import type { Message } from "../../api/model.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { getMessage } from "../get.ts";
import type { PartitionSource } from "../merge.ts";
import type { Failure } from "../outcome.ts";

/** Chosen messages of one partition, in the order of their offsets. One that is not there any more is a failure. */
export class SelectedSource implements PartitionSource {
  readonly partition: number;
  readonly #cluster: Cluster;
  readonly #topic: string;
  readonly #offsets: readonly number[];
  #next = 0;
  #head: Message | undefined;

  constructor(cluster: Cluster, topic: string, partition: number, offsets: readonly number[]) {
    this.#cluster = cluster;
    this.#topic = topic;
    this.partition = partition;
    this.#offsets = offsets;
  }

  get head(): Message | undefined {
    return this.#head;
  }

  take(): void {
    this.#head = undefined;
  }

  async load(): Promise<Failure | undefined> {
    const offset = this.#offsets[this.#next];
    if (this.#head !== undefined || offset === undefined) return undefined;
    const found = await getMessage(this.#cluster, this.#topic, this.partition, offset);
    if (found.kind === "failed") return found;
    this.#next += 1;
    this.#head = found.message;
    return undefined;
  }
}
