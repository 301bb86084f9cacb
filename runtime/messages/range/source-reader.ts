import type { Message } from "../../api/model.ts";
import type { MoveSource } from "../../api/moves.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { type PartitionSource, SourceHeap } from "../merge.ts";
import { sizeOf, WHOLE } from "../message.ts";
import type { Failure } from "../outcome.ts";
import { PartitionReader } from "../partition-reader.ts";
import type { Scanner } from "../scan/scanner.ts";
import type { FoundMessage, NewParts } from "../scan/task.ts";
import { FilteredSource } from "./filtered-source.ts";
import { partitionRanges, type Range, resolveSelection, type Selection } from "./range.ts";
import { SelectedSource } from "./selected-source.ts";

/** Other work gets its turn after this many messages, or this many bytes of them. */
const YIELD_MESSAGES = 250;
const YIELD_BYTES = 256 * 1024;

export interface SourceReaderDeps {
  readonly cluster: Cluster;
  readonly scanner: Scanner;
  /** Resolves after the process has handled what else is waiting, as setImmediate does. */
  readonly giveWay: () => Promise<void>;
}

/** What a source comes to: its partitions, and how much of them has been read. */
interface Opened {
  readonly sources: readonly PartitionSource[];
  /** Messages at most. */
  readonly limit: number;
  /** 0 to 1, after so many messages. */
  readonly part: (messages: number) => number;
}

/**
 * The messages of a source, whole, one at a time: by timestamp across partitions and by offset within each.
 * Holds no more of each partition than what is read of it at a time.
 */
export class SourceReader {
  readonly #opened: Opened;
  readonly #giveWay: () => Promise<void>;
  readonly #heap = new SourceHeap<PartitionSource>();
  #unloaded: PartitionSource[];
  #read = 0;
  #messagesSinceYield = 0;
  #bytesSinceYield = 0;

  private constructor(opened: Opened, giveWay: () => Promise<void>) {
    this.#opened = opened;
    this.#giveWay = giveWay;
    this.#unloaded = [...opened.sources];
  }

  /** With `rewrite` messages of a range carry what their key and value are rewritten to. */
  static async open(
    deps: SourceReaderDeps,
    source: MoveSource,
    rewrite?: NewParts,
  ): Promise<SourceReader | Failure> {
    const opened =
      source.kind === "range"
        ? await openRange(deps, source, rewrite)
        : await openSelection(deps, source, rewrite);
    return "kind" in opened ? opened : new SourceReader(opened, deps.giveWay);
  }

  /** How much of the source has been read, 0 to 1. */
  get part(): number {
    return this.#opened.part(this.#read);
  }

  /** The next message; undefined after the last. */
  async next(): Promise<FoundMessage | Failure | undefined> {
    if (this.#read >= this.#opened.limit) return undefined;
    for (const source of this.#unloaded.splice(0)) {
      const fault = await source.load();
      if (fault !== undefined) return fault;
      if (source.head !== undefined) this.#heap.push(source);
    }
    const source = this.#heap.pop();
    const message = source?.head;
    if (source === undefined || message === undefined) return undefined;
    source.take();
    // It is loaded when the next message is asked for, which a limit may prevent.
    this.#unloaded = [source];
    this.#read += 1;
    await this.#yield(message);
    return message;
  }

  async #yield(message: Message): Promise<void> {
    this.#messagesSinceYield += 1;
    this.#bytesSinceYield += sizeOf(message);
    if (this.#messagesSinceYield < YIELD_MESSAGES && this.#bytesSinceYield < YIELD_BYTES) return;
    this.#messagesSinceYield = 0;
    this.#bytesSinceYield = 0;
    await this.#giveWay();
  }
}

async function openRange(
  deps: SourceReaderDeps,
  range: Range,
  rewrite: NewParts | undefined,
): Promise<Opened | Failure> {
  const { cluster, scanner } = deps;
  const { topic, filter, limit = Infinity } = range;
  const ranges = await partitionRanges(cluster, range);
  if ("kind" in ranges) return ranges;
  const onRead = () => deps.giveWay();
  const sources = ranges.map((each) =>
    filter === undefined && rewrite === undefined
      ? new PartitionReader(each.partition, each.startOffset, each.endOffset, {
          ...{ cluster, topic, onRead, field: WHOLE },
        })
      : new FilteredSource(each, { cluster, scanner, topic, filter, rewrite }),
  );
  const offsets = ranges.reduce((sum, each) => sum + each.endOffset - each.startOffset, 0);
  const end = ranges.reduce((sum, each) => sum + each.endOffset, 0);
  const part = (messages: number) => {
    const left = end - sources.reduce((sum, each) => sum + each.nextOffset, 0);
    const ofOffsets = offsets === 0 ? 1 : 1 - left / offsets;
    return limit === Infinity ? ofOffsets : Math.max(ofOffsets, Math.min(1, messages / limit));
  };
  return { sources, limit, part };
}

async function openSelection(
  { cluster, scanner }: SourceReaderDeps,
  selection: Selection,
  rewrite: NewParts | undefined,
): Promise<Opened | Failure> {
  const offsets = await resolveSelection(cluster, selection);
  if ("kind" in offsets) return offsets;
  const { topic } = selection;
  const sources = Array.from(
    offsets,
    ([partition, of]) => new SelectedSource({ cluster, scanner, topic, rewrite }, partition, of),
  );
  const count = Array.from(offsets.values()).reduce((sum, each) => sum + each.length, 0);
  return { sources, limit: Infinity, part: (messages) => (count === 0 ? 1 : messages / count) };
}
