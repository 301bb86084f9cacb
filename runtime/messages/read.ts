import type { Message, PartitionCursor } from "../api/model.ts";
import type { Cluster, PartitionExtent } from "../cluster/cluster.ts";
import type { Clock } from "../core/clock.ts";
import { SourceHeap } from "./merge.ts";
import { type FieldLimit, sizeOf } from "./message.ts";
import { type Failure, failure, unknownTopic } from "./outcome.ts";
import { type OnRead, PartitionReader } from "./partition-reader.ts";
import { coveredPartitions, type From, startCursors } from "./start.ts";

/** Most bytes of messages in one page; a message that is larger alone still gets a page. */
export const MAX_PAGE_BYTES = 8 * 1024 * 1024;
/** Most bytes of record batches, as stored, that are read to make one page. */
export const MAX_PAGE_READ_BYTES = 64 * 1024 * 1024;
/** Other work gets its turn after this many bytes read, or this many messages made. */
const YIELD_BYTES = 256 * 1024;
const YIELD_MESSAGES = 250;

export interface ReadRequest {
  readonly topic: string;
  /** All partitions when undefined. */
  readonly partition: number | undefined;
  readonly from: From;
  /** Most messages in the page, at least 1. */
  readonly limit: number;
  /** How long to wait for a first message. */
  readonly waitMs: number;
  readonly field: FieldLimit;
}

export interface Page {
  readonly kind: "page";
  readonly messages: readonly Message[];
  readonly next: readonly PartitionCursor[];
  readonly extents: readonly PartitionExtent[];
  readonly scanned: number;
  readonly atEnd: boolean;
}

export interface ReadDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Resolves after the process has handled what else is waiting, as setImmediate does. */
  readonly giveWay: () => Promise<void>;
}

/**
 * One page of messages, by timestamp across partitions and by offset within each, without joining a
 * group or committing anything. Shorter than `limit` when a bound on bytes is met first.
 */
export function readMessages(
  deps: ReadDeps,
  request: ReadRequest,
  signal: AbortSignal,
): Promise<Page | Failure> {
  return awaitMessages(deps, request, signal, (from) =>
    readPage(deps, { ...request, from }, signal),
  );
}

/** Makes pages until one has messages or comes to an end before the end, or the wait is over. */
export async function awaitMessages(
  { cluster, clock }: Pick<ReadDeps, "cluster" | "clock">,
  { topic, from: first, waitMs }: Pick<ReadRequest, "topic" | "from" | "waitMs">,
  signal: AbortSignal,
  makePage: (from: From) => Promise<Page | Failure>,
): Promise<Page | Failure> {
  const untilMs = clock.nowMs() + waitMs;
  let from = first;
  let scanned = 0;
  for (;;) {
    const page = await makePage(from);
    if (page.kind === "failed") return page;
    scanned += page.scanned;
    if (page.messages.length > 0 || !page.atEnd) return { ...page, scanned };
    const leftMs = untilMs - clock.nowMs();
    if (leftMs <= 0) return { ...page, scanned };
    const wake = await cluster.waitForData(topic, page.next, leftMs, signal);
    if (wake === "timeout") return { ...page, scanned };
    if (wake === "aborted") return failure("cancelled", "The read was cancelled.");
    from = { kind: "cursors", cursors: page.next };
  }
}

async function readPage(
  deps: ReadDeps,
  request: ReadRequest,
  signal: AbortSignal,
): Promise<Page | Failure> {
  const topic = await deps.cluster.topic(request.topic);
  if (topic === undefined) return unknownTopic(request.topic);
  const extents = coveredPartitions(topic, request.partition);
  if ("kind" in extents) return extents;
  const cursors = await startCursors(deps.cluster, topic.name, extents, request.from);
  if ("kind" in cursors) return cursors;

  const budget = new PageBudget(deps.giveWay);
  const readers = cursors.map(({ partition, offset }, index) => {
    const endOffset = extents[index]?.endOffset ?? offset;
    return new PartitionReader(partition, offset, endOffset, {
      cluster: deps.cluster,
      topic: topic.name,
      field: request.field,
      onRead: budget.onRead,
    });
  });
  const messages = await merge(readers, request.limit, budget, signal);
  if ("kind" in messages) return messages;
  const next = readers.map(({ partition, nextOffset }) => ({ partition, offset: nextOffset }));
  return {
    kind: "page",
    messages,
    next,
    extents,
    scanned: messages.length,
    atEnd: next.every(({ offset }, index) => offset >= (extents[index]?.endOffset ?? 0)),
  };
}

/** Up to `limit` messages. A failure counts only when nothing was found before it; else the next page meets it. */
async function merge(
  readers: readonly PartitionReader[],
  limit: number,
  budget: PageBudget,
  signal: AbortSignal,
): Promise<Message[] | Failure> {
  const heap = new SourceHeap<PartitionReader>();
  const messages: Message[] = [];
  for (const reader of readers) {
    const fault = await reader.load();
    if (fault !== undefined) return fault;
    if (signal.aborted) return failure("cancelled", "The read was cancelled.");
    if (reader.head !== undefined) heap.push(reader);
  }
  while (messages.length < limit && !budget.spent) {
    const reader = heap.pop();
    if (reader?.head === undefined) break;
    messages.push(reader.head);
    await budget.onMessage(sizeOf(reader.head));
    reader.take();
    const fault = await reader.load();
    if (fault !== undefined) break;
    if (signal.aborted) return failure("cancelled", "The read was cancelled.");
    if (reader.head !== undefined) heap.push(reader);
  }
  return messages;
}

/** Counts what a page costs and gives way to other work in between. */
class PageBudget {
  readonly #giveWay: () => Promise<void>;
  #readBytes = 0;
  #pageBytes = 0;
  #bytesSinceYield = 0;
  #messagesSinceYield = 0;

  constructor(giveWay: () => Promise<void>) {
    this.#giveWay = giveWay;
  }

  get spent(): boolean {
    return this.#readBytes >= MAX_PAGE_READ_BYTES || this.#pageBytes >= MAX_PAGE_BYTES;
  }

  readonly onRead: OnRead = async (bytes) => {
    this.#readBytes += bytes;
    this.#bytesSinceYield += bytes;
    if (this.#bytesSinceYield >= YIELD_BYTES) await this.#yield();
  };

  async onMessage(bytes: number): Promise<void> {
    this.#pageBytes += bytes;
    this.#messagesSinceYield += 1;
    if (this.#messagesSinceYield >= YIELD_MESSAGES) await this.#yield();
  }

  async #yield(): Promise<void> {
    this.#bytesSinceYield = 0;
    this.#messagesSinceYield = 0;
    await this.#giveWay();
  }
}
