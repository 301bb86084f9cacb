import type { Message, MessageFilter } from "../../api/model.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { PartitionSource } from "../merge.ts";
import { WHOLE } from "../message.ts";
import { type Failure, failure } from "../outcome.ts";
import type { Scanner } from "../scan/scanner.ts";
import type { PartitionRange } from "./range.ts";

/** Record batches that are looked through at a time; a larger batch is looked through alone. */
const CHUNK_BYTES = 256 * 1024;
/** Most messages that are held of what a chunk has. */
const MAX_FOUND = 500;

export interface FilteredSourceDeps {
  readonly cluster: Cluster;
  readonly scanner: Scanner;
  readonly topic: string;
  readonly filter: MessageFilter;
}

/** The messages of one partition that a filter wants, looked for on the threads of searches. */
export class FilteredSource implements PartitionSource {
  readonly partition: number;
  readonly #deps: FilteredSourceDeps;
  readonly #endOffset: number;
  #offset: number;
  #found: readonly Message[] = [];
  #taken = 0;

  constructor({ partition, startOffset, endOffset }: PartitionRange, deps: FilteredSourceDeps) {
    this.partition = partition;
    this.#offset = startOffset;
    this.#endOffset = endOffset;
    this.#deps = deps;
  }

  get head(): Message | undefined {
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
    const { cluster, scanner, topic, filter } = this.#deps;
    const { partition } = this;
    const fromOffset = this.#offset;
    const place = `offset ${fromOffset} of partition ${partition} of ${topic}`;
    const read = await cluster.read(topic, partition, fromOffset, CHUNK_BYTES);
    if (read.kind === "failed") return failure("disk", read.message);
    if (read.kind !== "data") {
      return failure("offset-out-of-range", `The message at ${place} was removed. Begin again.`);
    }
    const endOffset = this.#endOffset;
    const chunk = { bytes: read.bytes, partition, fromOffset, endOffset };
    const request = { filter, chunk: { ...chunk, limit: MAX_FOUND, field: WHOLE } };
    const outcome = await scanner.scan(request);
    if (outcome.kind === "failed") return failure("internal", outcome.message);
    if (outcome.kind === "invalid-filter") {
      const [first] = outcome.diagnostics;
      return failure("bad-request", `filter: ${first?.message ?? "it cannot be understood."}`);
    }
    const { messages, nextOffset, damage } = outcome.result;
    this.#found = messages;
    this.#taken = 0;
    this.#offset = nextOffset;
    if (messages.length > 0 || (damage === undefined && nextOffset > fromOffset)) return undefined;
    const { reason, behindOffset } = damage ?? {
      reason: "it is not where it should be",
      behindOffset: fromOffset + 1,
    };
    return failure(
      "data-format",
      `The record batch at offset ${nextOffset} of partition ${partition} of ${topic} cannot be read: ` +
        `${reason}. Leave it out: go up to it, and on behind it from offset ${behindOffset}.`,
    );
  }
}
