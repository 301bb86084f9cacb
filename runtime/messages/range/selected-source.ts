import type { Cluster } from "../../cluster/cluster.ts";
import type { PartitionSource } from "../merge.ts";
import { type Failure, failure } from "../outcome.ts";
import type { Scanner } from "../scan/scanner.ts";
import type { FoundMessage, NewParts } from "../scan/task.ts";
import { FilteredSource } from "./filtered-source.ts";

export interface SelectedSourceDeps {
  readonly cluster: Cluster;
  readonly scanner: Scanner;
  readonly topic: string;
  readonly rewrite: NewParts | undefined;
}

/** Chosen messages of one partition, in the order of their offsets. One that is not there any more is a failure. */
export class SelectedSource implements PartitionSource {
  readonly partition: number;
  readonly #deps: SelectedSourceDeps;
  readonly #offsets: readonly number[];
  #next = 0;
  #head: FoundMessage | undefined;

  constructor(deps: SelectedSourceDeps, partition: number, offsets: readonly number[]) {
    this.#deps = deps;
    this.partition = partition;
    this.#offsets = offsets;
  }

  get head(): FoundMessage | undefined {
    return this.#head;
  }

  take(): void {
    this.#head = undefined;
  }

  async load(): Promise<Failure | undefined> {
    const offset = this.#offsets[this.#next];
    if (this.#head !== undefined || offset === undefined) return undefined;
    const { partition } = this;
    const range = { partition, startOffset: offset, endOffset: offset + 1 };
    const source = new FilteredSource(range, { ...this.#deps, filter: undefined });
    const fault = await source.load();
    if (fault !== undefined) return fault;
    if (source.head === undefined) {
      const message = `There is no message at offset ${offset} of partition ${partition} of ${this.#deps.topic}.`;
      return failure("offset-out-of-range", `${message} Choose again.`);
    }
    this.#next += 1;
    this.#head = source.head;
    return undefined;
  }
}
