import type { Message } from "../../api/model.ts";
import { BATCH_HEADER_BYTES, batchLength, lastOffsetOf } from "../../record/batch.ts";
import { type FieldLimit, sizeOf } from "../message.ts";
import { type Failure, failure } from "../outcome.ts";
import { MAX_PAGE_BYTES } from "../read.ts";
import { notScanned, removedMeanwhile } from "../scan/scan-failure.ts";
import type { ScannedChunk } from "../scan/scan-chunk.ts";
import {
  MAX_STEP_MS,
  type Range,
  type ResolvedRange,
  resolveRange,
  type Step,
  type SurveyDeps,
} from "./range.ts";

/** Record batches that are looked at together. In a larger stretch more messages are of keys that came up already. */
const STRETCH_BYTES = 4 * 1024 * 1024;

export interface LatestRequest extends Range {
  /** Most messages of one step, at least 1. */
  readonly limit: number;
  readonly field: FieldLimit;
}

export interface Latest extends Step {
  readonly kind: "latest";
  /** The newest of each key that came up in this step. */
  readonly messages: readonly Message[];
  readonly withoutKey: number;
}

/**
 * One step back through a range, from its end: the last wanted message of each key in what was looked at.
 * `next` is where the next step ends.
 */
export async function latestPerKey(
  deps: SurveyDeps,
  request: LatestRequest,
  signal: AbortSignal,
): Promise<Latest | Failure> {
  const range = await resolveRange(deps.cluster, request);
  if (range.kind === "failed") return range;
  const walk = new WalkBack(deps, request, range);
  const fault = await walk.run(signal);
  if (signal.aborted) return failure("cancelled", "The search for keys was cancelled.");
  if (fault !== undefined && !walk.hasMoved) return fault;
  const next = walk.partitions.map(({ partition, offset }) => ({ partition, offset }));
  return {
    ...{ kind: "latest", messages: walk.found.sort(byTimeDown), withoutKey: walk.withoutKey },
    ...{ next, end: range.end, extents: range.extents, scanned: walk.scanned },
    atEnd: walk.partitions.every((each) => each.offset <= each.startOffset),
  };
}

function byTimeDown(a: Message, b: Message): number {
  return b.timestampMs - a.timestampMs || a.partition - b.partition || b.offset - a.offset;
}

interface WalkedPartition {
  readonly partition: number;
  readonly startOffset: number;
  /** Everything from here on has been looked at. */
  offset: number;
  /** How many offsets to go back at a time. */
  window: number;
  /** The time that it has come back to. */
  timeMs: number;
  /** Keys that came up in this step; of long ones only the head is known, and their length. */
  readonly keys: Set<string>;
  readonly longKeys: Set<string>;
}

class WalkBack {
  readonly found: Message[] = [];
  readonly partitions: readonly WalkedPartition[];
  scanned = 0;
  withoutKey = 0;
  hasMoved = false;
  readonly #deps: SurveyDeps;
  readonly #request: LatestRequest;
  readonly #topic: string;
  #foundBytes = 0;

  constructor(deps: SurveyDeps, request: LatestRequest, range: ResolvedRange) {
    this.#deps = deps;
    this.#request = request;
    this.#topic = range.topic;
    this.partitions = range.end.map(({ partition, offset }, index) => {
      const extent = range.extents[index];
      const startOffset = range.from[index]?.offset ?? offset;
      const offsets = extent === undefined ? 1 : extent.endOffset - extent.startOffset;
      const average = Math.max(1, (extent?.sizeBytes ?? 0) / Math.max(1, offsets));
      const window = Math.max(1, Math.floor(STRETCH_BYTES / 2 / average));
      const [keys, longKeys] = [new Set<string>(), new Set<string>()];
      return { partition, startOffset, offset, window, timeMs: Infinity, keys, longKeys };
    });
  }

  /** Goes back until the step is full, time is up or nothing is left. */
  async run(signal: AbortSignal): Promise<Failure | undefined> {
    const { clock } = this.#deps;
    const untilMs = clock.nowMs() + MAX_STEP_MS;
    const isFull = () =>
      this.found.length >= this.#request.limit || this.#foundBytes >= MAX_PAGE_BYTES;
    do {
      const partition = this.#furthestAhead();
      if (partition === undefined) return undefined;
      const fault = await this.#goBack(partition);
      if (fault !== undefined) return fault;
    } while (!signal.aborted && clock.nowMs() < untilMs && !isFull());
    return undefined;
  }

  #furthestAhead(): WalkedPartition | undefined {
    let furthest: WalkedPartition | undefined;
    for (const each of this.partitions) {
      if (each.offset <= each.startOffset) continue;
      if (furthest === undefined || each.timeMs > furthest.timeMs) furthest = each;
    }
    return furthest;
  }

  async #goBack(walked: WalkedPartition): Promise<Failure | undefined> {
    const { scanner } = this.#deps;
    const { filter, field, limit } = this.#request;
    const { partition, offset: endOffset } = walked;
    const stretch = await this.#stretchBefore(walked);
    if ("kind" in stretch) return stretch;
    const { bytes, fromOffset } = stretch;
    const room = limit - this.found.length;
    const task = { kind: "latest", limit: room, field, known: walked.keys } as const;
    const chunk = { bytes, partition, fromOffset, endOffset };
    const outcome = await scanner.scan({ filter, chunk, task });
    if (outcome.kind !== "scanned") return notScanned(outcome);
    return this.#takeIn(walked, outcome.result);
  }

  /** Batches that reach from some offset up to where the partition has come back to: one read, or one batch. */
  async #stretchBefore(
    walked: WalkedPartition,
  ): Promise<{ readonly bytes: Buffer; readonly fromOffset: number } | Failure> {
    const { cluster, scanner } = this.#deps;
    const { partition, startOffset, offset: endOffset, window } = walked;
    for (let fromOffset = Math.max(startOffset, endOffset - window); ;) {
      const read = await cluster.read(this.#topic, partition, fromOffset, STRETCH_BYTES, (bytes) =>
        scanner.allocate(bytes),
      );
      if (read.kind === "failed") return failure("disk", read.message);
      // Compaction has left nothing there.
      if (read.kind === "end") return { bytes: Buffer.alloc(0), fromOffset };
      if (read.kind !== "data") return removedMeanwhile(this.#topic, partition, fromOffset);
      const { bytes } = read;
      const reached = offsetBehind(bytes);
      if (reached >= endOffset || reached <= fromOffset) {
        const fitting = ((endOffset - fromOffset) * STRETCH_BYTES) / 2 / bytes.length;
        walked.window = Math.max(1, Math.min(2 * window, Math.floor(fitting)));
        return { bytes, fromOffset };
      }
      fromOffset = Math.max(reached, Math.ceil((fromOffset + endOffset) / 2));
    }
  }

  #takeIn(walked: WalkedPartition, result: ScannedChunk): Failure | undefined {
    for (const message of result.messages) {
      if (!isNew(walked, message)) continue;
      this.found.push(message);
      this.#foundBytes += sizeOf(message);
    }
    this.hasMoved ||= result.nextOffset < walked.offset;
    this.scanned += result.scanned;
    this.withoutKey += result.withoutKey;
    walked.offset = result.nextOffset;
    // Without messages the time is not known; those that are there come first then.
    if (result.maxTimestampMs >= 0) walked.timeMs = result.maxTimestampMs;
    const { damage } = result;
    return damage && this.#damaged(walked, damage);
  }

  #damaged({ partition, offset }: WalkedPartition, damage: NonNullable<ScannedChunk["damage"]>) {
    return failure(
      "data-format",
      `The record batch before offset ${offset} of partition ${partition} of ${this.#topic} ` +
        `cannot be read: ${damage.reason}. Go on before it, from offset ${damage.behindOffset} back.`,
    );
  }
}

/** Whether the key did not come up before. */
function isNew({ keys, longKeys }: WalkedPartition, { key }: Message): boolean {
  if (key === null) return false;
  const head = Buffer.from(key.bytes).toString("latin1");
  const isLong = key.bytes.length < key.sizeBytes;
  const [known, name] = isLong ? [longKeys, `${key.sizeBytes}:${head}`] : [keys, head];
  return known.size < known.add(name).size;
}

/** The offset behind the last of these batches; 0 when there is none. */
function offsetBehind(bytes: Buffer): number {
  let offset = 0;
  for (let at = 0; at + BATCH_HEADER_BYTES <= bytes.length;) {
    const length = batchLength(bytes, at);
    if (length < BATCH_HEADER_BYTES || at + length > bytes.length) break;
    offset = lastOffsetOf(bytes, at) + 1;
    at += length;
  }
  return offset;
}
