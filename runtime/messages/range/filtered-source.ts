import type { MessageFilter } from "../../api/model.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { PartitionSource } from "../merge.ts";
import { WHOLE } from "../message.ts";
import { type Failure, failure } from "../outcome.ts";
import { damaged, notScanned, removedMeanwhile } from "../scan/scan-failure.ts";
import type { Scanner } from "../scan/scanner.ts";
import type { FoundMessage, NewParts } from "../scan/task.ts";
import type { PartitionRange } from "./range.ts";

/** Record batches that are looked through at a time; a larger batch is looked through alone. */
const CHUNK_BYTES = 256 * 1024;
/** Most messages that are held of what a chunk has. */
const MAX_FOUND = 500;
const FIND = { kind: "find", limit: MAX_FOUND, field: WHOLE } as const;

export interface FilteredSourceDeps {
  readonly cluster: Cluster;
  readonly scanner: Scanner;
  readonly topic: string;
  /** All messages when undefined. */
  readonly filter: MessageFilter | undefined;
  readonly rewrite: NewParts | undefined;
}

/** The messages of one partition that a filter wants, looked for and rewritten on the threads of searches. */
export class FilteredSource implements PartitionSource {
  readonly partition: number;
  readonly #deps: FilteredSourceDeps;
  readonly #endOffset: number;
  #offset: number;
  #found: readonly FoundMessage[] = [];
  #taken = 0;

  constructor({ partition, startOffset, endOffset }: PartitionRange, deps: FilteredSourceDeps) {
    this.partition = partition;
    this.#offset = startOffset;
    this.#endOffset = endOffset;
    this.#deps = deps;
  }

  get head(): FoundMessage | undefined {
    return this.#found[this.#taken];
  }

  get nextOffset(): number {
    return this.head?.offset ?? this.#offset;
  }

  take(): void {
    this.#taken += 1;
  }

  async load(): Promise<Failure | undefined> {
    while (this.head === undefined && this.#offset < this.#endOffset) {
      const fault = await this.#scan();
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  async #scan(): Promise<Failure | undefined> {
    const { cluster, scanner, topic, filter, rewrite } = this.#deps;
    const { partition } = this;
    const fromOffset = this.#offset;
    const read = await cluster.read(topic, partition, fromOffset, CHUNK_BYTES);
    if (read.kind === "failed") return failure("disk", read.message);
    if (read.kind !== "data") return removedMeanwhile(topic, partition, fromOffset);
    const chunk = { bytes: read.bytes, partition, fromOffset, endOffset: this.#endOffset };
    const outcome = await scanner.scan({ filter, chunk, task: { ...FIND, rewrite } });
    if (outcome.kind !== "scanned") return notScanned(outcome);
    const { messages, nextOffset, damage } = outcome.result;
    this.#found = messages;
    this.#taken = 0;
    this.#offset = nextOffset;
    if (messages.length > 0 || (damage === undefined && nextOffset > fromOffset)) return undefined;
    const stuck = { reason: "it is not where it should be", behindOffset: fromOffset + 1 };
    return damaged(topic, partition, nextOffset, damage ?? stuck);
  }
}
