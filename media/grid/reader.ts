import { LabError } from "../../runtime/api/errors.ts";
import type { ReadResult } from "../../runtime/api/lab.ts";
import type {
  Message,
  MessageFilter,
  PartitionCursor,
  PartitionSummary,
} from "../../runtime/api/model.ts";
import type { TimeSpan } from "../../runtime/api/survey.ts";
import type { GridFrom, GridHost, MessageRef } from "../../runtime/api/view.ts";
import { MAX_KEPT_ROWS, type MissingPage, PageStore } from "./pages.ts";
import { afterPage, behindOf, jumped, NO_TAIL, removedSince, type Tail } from "./tail.ts";

export type ReadRequest = GridHost["requests"]["grid/read"]["params"];

/** A page that was read, its messages decoded. */
export interface ReadPage extends Omit<ReadResult, "page" | "count"> {
  readonly messages: readonly Message[];
  /** Size of what the messages share. */
  readonly bytes: number;
}

export interface ReaderPorts {
  read(request: ReadRequest, signal: AbortSignal): Promise<ReadPage>;
  /** Resolves when the rows so far have been drawn and `leastMs` are over, so that reading never outruns drawing. */
  drawn(leastMs: number): Promise<void>;
  /** Something that `Reader` shows has changed. */
  changed(): void;
  /** Milliseconds on a clock that never goes back. */
  nowMs(): number;
}

/** What is read: which messages, and from where on. */
export interface ReadPlan {
  readonly from: GridFrom;
  readonly live: boolean;
  readonly filter: MessageFilter | undefined;
  /** Only messages of these times; of all when undefined. */
  readonly times: TimeSpan | undefined;
  /** The newest message of each key instead of all, from the end back. */
  readonly latest: boolean;
  /** Most bytes of each key and value; the lab's own measure when undefined. */
  readonly fieldBytes: number | undefined;
  /** A message that is read up to when it is not on the first page, within bounds. */
  readonly wanted: MessageRef | undefined;
}

/** Small, so that the first rows are there at once. */
const FIRST_PAGE_ROWS = 200;
const PAGE_ROWS = 1_000;
/** Of the live tail: a page goes through the extension host, which must not be held up by it. */
const LIVE_PAGE_ROWS = 1_000;
/** How long one read of the live tail waits for a message. */
const LIVE_WAIT_MS = 20_000;
/** Least time between two reads of the live tail: nobody sees more, and the window has other things to do. */
const LIVE_PACE_MS = 40;
/** How long is searched without finding anything before a person is asked. */
export const MAX_SEARCH_MS = 5_000;
/** Rows listed at once; beyond it the oldest are forgotten. */
const MAX_LISTED_ROWS = 2_000_000;

/** Why a read failed. Another try helps unless the place itself is wrong. */
export interface ReadFailure {
  readonly message: string;
  readonly canRetry: boolean;
}

function failureOf(error: unknown): ReadFailure {
  const isPlace = error instanceof LabError && error.code === "offset-out-of-range";
  return { message: error instanceof Error ? error.message : String(error), canRetry: !isPlace };
}

export type Live = "off" | "on" | "paused";

/** Why a search stands still before its end: a person stopped it, or it found nothing for long. */
export type Halt = "stopped" | "fruitless";

const NOTHING: ReadPlan = {
  from: { kind: "earliest" },
  live: false,
  filter: undefined,
  times: undefined,
  latest: false,
  fieldBytes: undefined,
  wanted: undefined,
};

/** Reads pages of messages into a store: forward on demand, or following the end while live. */
export class Reader {
  readonly store = new PageStore();
  readonly #ports: ReaderPorts;
  #run = new AbortController();
  #plan = NOTHING;
  #next: readonly PartitionCursor[] | undefined;
  #extents: readonly PartitionSummary[] | undefined;
  #atEnd = false;
  #scanned = 0;
  #loading = false;
  #halt: Halt | undefined;
  #restoring = new Set<number>();
  #tail: Tail = NO_TAIL;
  #error: ReadFailure | undefined;

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
  }

  get plan(): ReadPlan {
    return this.#plan;
  }
  get live(): Live {
    const { mode } = this.#tail;
    return mode === "off" || mode === "paused" ? mode : "on";
  }
  get atEnd(): boolean {
    return this.#atEnd;
  }
  /** Records looked at since reading began, those that a filter did not want included. */
  get scanned(): number {
    return this.#scanned;
  }
  get loading(): boolean {
    return this.#loading;
  }
  get halt(): Halt | undefined {
    return this.#halt;
  }
  /** Why the last read failed, until the next one. */
  get error(): ReadFailure | undefined {
    return this.#error;
  }
  get extents(): readonly PartitionSummary[] | undefined {
    return this.#extents;
  }
  /** Where the next page begins, once one was read. */
  get next(): readonly PartitionCursor[] | undefined {
    return this.#next;
  }
  /** Offsets that the live tail passed over, or that retention took before they were read. */
  get skipped(): number {
    return this.#tail.skipped;
  }

  /** Offsets that the partitions hold, read or not. */
  get total(): number {
    return (this.#extents ?? []).reduce((sum, one) => sum + one.endOffset - one.startOffset, 0);
  }

  /** Offsets after the last row: what has arrived and is not shown. */
  get behind(): number {
    return behindOf(this.#next ?? [], this.#extents ?? []);
  }

  /** Offsets that are still to be looked at: those after the last row, or before it when going back. */
  get left(): number {
    if (this.#next === undefined) return this.total;
    if (!this.#plan.latest) return this.behind;
    const starts = new Map((this.#extents ?? []).map((one) => [one.partition, one.startOffset]));
    return this.#next.reduce(
      (sum, { partition, offset }) => sum + Math.max(0, offset - (starts.get(partition) ?? offset)),
      0,
    );
  }

  /** Takes extents that arrived between reads. */
  setExtents(extents: readonly PartitionSummary[] | undefined): void {
    this.#extents = extents;
    if (this.behind > 0 && !this.#plan.latest) this.#atEnd = false;
    this.#ports.changed();
  }

  /** Forgets everything and reads from another place, or other messages. */
  start(plan: ReadPlan): void {
    this.stop();
    this.store.clear();
    this.#plan = plan;
    this.#next = undefined;
    this.#atEnd = false;
    this.#scanned = 0;
    this.#tail = { mode: plan.live ? "following" : "off", skipped: 0 };
    void this.#fill(this.#run.signal);
  }

  /** Ends what is being read; the rows stay. */
  stop(): void {
    this.#run.abort();
    this.#run = new AbortController();
    this.#restoring.clear();
    this.#loading = false;
    this.#halt = undefined;
    this.#error = undefined;
    this.#ports.changed();
  }

  /** A person has seen enough: ends what is being read, until `goOn`. */
  cancel(): void {
    if (!this.#loading) return;
    if (this.live === "on") {
      this.pause();
      return;
    }
    this.stop();
    this.#halt = "stopped";
    this.#ports.changed();
  }

  /** Reads on where it was stopped, halted or failed. */
  goOn(): void {
    this.stop();
    void this.#fill(this.#run.signal);
  }

  /** Keeps the position; `resume` and `jump` go on from it. */
  pause(): void {
    if (this.live !== "on") return;
    this.stop();
    this.#tail = { ...this.#tail, mode: "paused" };
    this.#ports.changed();
  }

  /** Follows the end from the last row on, catching up with all that was missed. */
  resume(): void {
    this.stop();
    this.#tail = { ...this.#tail, mode: "catching-up" };
    void this.#fill(this.#run.signal);
  }

  /** Follows the end from close to it on, and counts what lies between as not shown. */
  jump(): void {
    this.stop();
    this.#tail = { ...this.#tail, mode: "following" };
    if (this.#next !== undefined && this.#extents !== undefined) {
      const { tail, next } = jumped(this.#tail, this.#next, this.#extents);
      this.#tail = tail;
      this.#next = next;
    }
    void this.#fill(this.#run.signal);
  }

  /** Reads on after the last row, unless that is under way, live, halted, or nothing is there. */
  more(): void {
    const isOpen = this.#halt === undefined && this.#error === undefined && !this.#atEnd;
    if (this.#loading || this.live !== "off" || !isOpen) return;
    void this.#fill(this.#run.signal);
  }

  /** Keeps the pages around the rows in view, and reads those that were dropped again. */
  look(firstRow: number, endRow: number): void {
    this.store.trim((firstRow + endRow) >> 1);
    for (const row of [firstRow, endRow - 1]) {
      const missing = this.store.missing(row);
      if (missing === undefined || this.#restoring.has(missing.firstRow)) continue;
      this.#restoring.add(missing.firstRow);
      void this.#restore(missing, this.#run.signal);
    }
  }

  /** A search gives a page whenever its time is up, so a page that was found at once can take several now. */
  async #restore(missing: MissingPage, signal: AbortSignal): Promise<void> {
    const { filter, times, fieldBytes } = this.#plan;
    const messages: Message[] = [];
    let cursors = missing.start;
    let bytes = 0;
    try {
      for (let atEnd = false; messages.length < missing.count && !atEnd;) {
        const limit = missing.count - messages.length;
        const from = { kind: "cursors", cursors } as const;
        const result = await this.#ports.read(
          { from, limit, waitMs: 0, filter, times, fieldBytes },
          signal,
        );
        if (signal.aborted) return;
        messages.push(...result.messages);
        bytes += result.bytes;
        cursors = result.next;
        atEnd = result.atEnd;
      }
      this.store.restore(missing.firstRow, { messages, bytes });
    } catch (error) {
      if (signal.aborted) return;
      this.#error = failureOf(error);
    }
    this.#restoring.delete(missing.firstRow);
    this.#ports.changed();
  }

  /** Reads until there is something to show (or the end, or a bound), and goes on for as long as live is on. */
  async #fill(signal: AbortSignal): Promise<void> {
    this.#loading = true;
    this.#halt = undefined;
    this.#error = undefined;
    this.#ports.changed();
    let untilMs = this.#ports.nowMs() + MAX_SEARCH_MS;
    try {
      for (;;) {
        const count = await this.#readPage(signal);
        if (signal.aborted) return;
        this.#ports.changed();
        if (count > 0) untilMs = this.#ports.nowMs() + MAX_SEARCH_MS;
        if (this.live === "on") {
          await this.#ports.drawn(this.#tail.mode === "following" ? LIVE_PACE_MS : 0);
        } else if (this.#atEnd || (count > 0 && !this.#wantsMore())) {
          break;
        } else if (count === 0 && this.#ports.nowMs() >= untilMs) {
          this.#halt = "fruitless";
          break;
        }
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#error = failureOf(error);
      if (this.live === "on") this.#tail = { ...this.#tail, mode: "paused" };
    }
    this.#loading = false;
    this.#ports.changed();
  }

  /** "The last N" is read whole, since its end is what is wanted; and so is what leads to a wanted message. */
  #wantsMore(): boolean {
    const rows = this.store.endRow;
    if (rows >= MAX_KEPT_ROWS) return false;
    const { from, filter, times, wanted, latest } = this.#plan;
    if (latest) return false;
    if (from.kind === "last" && filter === undefined && times === undefined) {
      return rows < from.count * Math.max(1, this.#extents?.length ?? 1);
    }
    if (wanted === undefined) return false;
    const cursor = this.#next?.find(({ partition }) => partition === wanted.partition);
    return cursor !== undefined && cursor.offset <= wanted.offset;
  }

  get #pageRows(): number {
    if (this.live === "on") return LIVE_PAGE_ROWS;
    return this.store.endRow > 0 ? PAGE_ROWS : FIRST_PAGE_ROWS;
  }

  async #readPage(signal: AbortSignal): Promise<number> {
    const start = this.#next;
    const { filter, times, fieldBytes } = this.#plan;
    const from =
      start === undefined ? this.#plan.from : ({ kind: "cursors", cursors: start } as const);
    const waitMs = this.live === "on" && start !== undefined ? LIVE_WAIT_MS : 0;
    const request = { from, limit: this.#pageRows, waitMs, filter, times, fieldBytes };
    const result = await this.#ports.read(request, signal);
    if (signal.aborted) return 0;
    const { messages, bytes } = result;
    this.store.append({ messages, bytes }, start);
    this.store.forgetHead(this.live === "on" ? MAX_KEPT_ROWS : MAX_LISTED_ROWS);
    this.#take(start, result);
    return messages.length;
  }

  #take(start: readonly PartitionCursor[] | undefined, result: ReadPage): void {
    this.#extents = result.extents;
    this.#atEnd = result.atEnd;
    this.#scanned += result.scanned;
    const removed = removedSince(start ?? [], result.extents);
    const before = { ...this.#tail, skipped: this.#tail.skipped + removed };
    const { tail, next } = afterPage(before, result.next, result.extents);
    this.#tail = tail;
    this.#next = next;
  }
}
