import type { Message, MessageFilter } from "../api/model.ts";
import type { Cluster, ClusterTopic } from "../cluster/cluster.ts";
import type { Clock } from "../core/clock.ts";
import type { FieldLimit } from "./message.ts";
import { type Failure, failure, unknownTopic } from "./outcome.ts";
import { awaitMessages, type Page } from "./read.ts";
import { chunkBytesOf } from "./scan/chunk-size.ts";
import type { Scanner } from "./scan/scanner.ts";
import { damaged, notScanned, removedMeanwhile } from "./scan/scan-failure.ts";
import { SearchedPartition } from "./searched-partition.ts";
import { coveredPartitions, type From, startCursors } from "./start.ts";

/** A page is given after this long with what there is, so that progress can be shown. */
export const MAX_SEARCH_MS = 200;

export interface SearchRequest {
  readonly topic: string;
  /** All partitions when undefined. */
  readonly partition: number | undefined;
  readonly from: From;
  /** All messages when undefined. */
  readonly filter: MessageFilter | undefined;
  /** Only messages with a timestamp in here; all when undefined. */
  readonly times?: { readonly fromMs: number; readonly toMs: number } | undefined;
  /** Most messages in the page, at least 1. */
  readonly limit: number;
  /** How long to wait for a first message at the end. */
  readonly waitMs: number;
  readonly field: FieldLimit;
}

export interface SearchDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly scanner: Scanner;
}

/**
 * One page of the messages that a filter wants, by timestamp across partitions and by offset within each,
 * and how many were looked at. It can be empty before the end: time is up, and the search goes on at `next`.
 */
export function searchMessages(
  deps: SearchDeps,
  request: SearchRequest,
  signal: AbortSignal,
): Promise<Page | Failure> {
  return awaitMessages(deps, request, signal, (from) =>
    searchPage(deps, { ...request, from }, signal),
  );
}

async function searchPage(
  deps: SearchDeps,
  request: SearchRequest,
  signal: AbortSignal,
): Promise<Page | Failure> {
  const topic = await deps.cluster.topic(request.topic);
  if (topic === undefined) return unknownTopic(request.topic);
  const extents = coveredPartitions(topic, request.partition);
  if ("kind" in extents) return extents;
  const cursors = await startCursors(deps.cluster, topic.name, extents, request.from);
  if ("kind" in cursors) return cursors;
  const partitions = cursors.map(
    ({ partition, offset }, index) =>
      new SearchedPartition(partition, offset, extents[index]?.endOffset ?? offset),
  );
  const search = new Search(deps, request, topic, partitions);
  const fault = await search.run(signal);
  if (fault !== undefined) return fault;
  const next = partitions.map(({ partition, nextOffset }) => ({ partition, offset: nextOffset }));
  return {
    kind: "page",
    messages: search.found,
    next,
    extents,
    scanned: partitions.reduce((sum, { scanned }) => sum + scanned, 0),
    atEnd: partitions.every((each) => each.isDone && each.head === undefined),
  };
}

class Search {
  readonly found: Message[] = [];
  readonly #deps: SearchDeps;
  readonly #request: SearchRequest;
  readonly #topic: ClusterTopic;
  readonly #partitions: readonly SearchedPartition[];

  constructor(
    deps: SearchDeps,
    request: SearchRequest,
    topic: ClusterTopic,
    partitions: readonly SearchedPartition[],
  ) {
    this.#deps = deps;
    this.#request = request;
    this.#topic = topic;
    this.#partitions = partitions;
  }

  /** Searches until the page is full, time is up or nothing is left. A failure counts only when nothing was found before it. */
  async run(signal: AbortSignal): Promise<Failure | undefined> {
    const { clock } = this.#deps;
    const untilMs = clock.nowMs() + MAX_SEARCH_MS;
    for (;;) {
      this.#take();
      if (this.found.length >= this.#request.limit) return undefined;
      const partition = this.#furthestBehind();
      if (partition === undefined) return undefined;
      const fault = await this.#scan(partition);
      if (signal.aborted) return failure("cancelled", "The search was cancelled.");
      if (fault !== undefined) {
        this.#take();
        return this.found.length > 0 ? undefined : fault;
      }
      if (clock.nowMs() >= untilMs) {
        this.#take();
        return undefined;
      }
    }
  }

  /**
   * Gives out what nothing can come before any more: a partition that has been searched up to some time
   * can still have messages of that time and later.
   */
  #take(): void {
    while (this.found.length < this.#request.limit) {
      let first: SearchedPartition | undefined;
      for (const each of this.#partitions) {
        if (each.isDone && each.head === undefined) continue;
        if (first === undefined || each.timeMs < first.timeMs) first = each;
      }
      const message = first?.take();
      if (message === undefined) return;
      this.found.push(message);
    }
  }

  #furthestBehind(): SearchedPartition | undefined {
    let furthest: SearchedPartition | undefined;
    for (const each of this.#partitions) {
      if (each.isDone || each.head !== undefined) continue;
      if (furthest === undefined || each.timeMs < furthest.timeMs) furthest = each;
    }
    return furthest;
  }

  async #scan(searched: SearchedPartition): Promise<Failure | undefined> {
    const { cluster, scanner } = this.#deps;
    const { filter, field, limit, times } = this.#request;
    const { name } = this.#topic;
    const { partition, scanOffset: fromOffset, endOffset } = searched;
    const chunkBytes = chunkBytesOf(this.#partitions.length);
    const read = await cluster.read(name, partition, fromOffset, chunkBytes, (bytes) =>
      scanner.allocate(bytes),
    );
    if (read.kind === "failed") return failure("disk", read.message);
    if (read.kind !== "data") return removedMeanwhile(name, partition, fromOffset);
    const chunk = { bytes: read.bytes, partition, fromOffset, endOffset };
    const outcome = await scanner.scan({
      filter,
      chunk,
      task: { kind: "find", limit, field, times },
    });
    if (outcome.kind !== "scanned") return notScanned(outcome);
    const { result } = outcome;
    searched.add(result);
    const isStuck = result.nextOffset === fromOffset && result.messages.length === 0;
    const stuck = { reason: "it is not where it should be", behindOffset: fromOffset + 1 };
    const damage = result.damage ?? (isStuck ? stuck : undefined);
    if (damage === undefined) return undefined;
    return damaged(name, partition, result.nextOffset, damage);
  }
}
