import { LabError } from "../../runtime/api/errors.ts";
import type { ReadResult } from "../../runtime/api/lab.ts";
import type { Message, PartitionCursor, PartitionSummary } from "../../runtime/api/model.ts";
import type { GridFrom, GridHost } from "../../runtime/api/view.ts";
import { MAX_KEPT_ROWS, PageStore } from "./pages.ts";

export type ReadRequest = GridHost["requests"]["grid/read"]["params"];

export interface ReaderPorts {
  read(request: ReadRequest, signal: AbortSignal): Promise<ReadResult>;
  decode(page: Uint8Array): readonly Message[];
  /** Resolves when the rows so far have been drawn, so that reading never outruns drawing. */
  drawn(): Promise<void>;
  /** Something that `Reader` shows has changed. */
  changed(): void;
}

/** Small, so that the first rows are there at once. */
const FIRST_PAGE_ROWS = 200;
const PAGE_ROWS = 1_000;
const LIVE_PAGE_ROWS = 2_000;
/** How long one read of the live tail waits for a message. */
const LIVE_WAIT_MS = 20_000;
/** Rows listed at once; beyond it the oldest are forgotten. Browsers cannot lay out a much higher list. */
const MAX_LISTED_ROWS = 500_000;

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

/** Reads pages of messages into a store: forward on demand, or following the end while live. */
export class Reader {
  readonly store = new PageStore();
  readonly #ports: ReaderPorts;
  #run = new AbortController();
  #from: GridFrom = { kind: "earliest" };
  #next: readonly PartitionCursor[] | undefined;
  #extents: readonly PartitionSummary[] | undefined;
  #atEnd = false;
  #scanned = 0;
  #loading = false;
  #restoring = new Set<number>();
  #live: Live = "off";
  #error: ReadFailure | undefined;

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
  }

  get from(): GridFrom {
    return this.#from;
  }
  get live(): Live {
    return this.#live;
  }
  get atEnd(): boolean {
    return this.#atEnd;
  }
  get scanned(): number {
    return this.#scanned;
  }
  get loading(): boolean {
    return this.#loading;
  }
  /** Why the last read failed, until the next one. */
  get error(): ReadFailure | undefined {
    return this.#error;
  }
  get extents(): readonly PartitionSummary[] | undefined {
    return this.#extents;
  }

  /** Offsets that the partitions hold, read or not. */
  get total(): number {
    return (this.#extents ?? []).reduce((sum, one) => sum + one.endOffset - one.startOffset, 0);
  }

  /** Offsets after the last row: what has arrived and is not shown. */
  get behind(): number {
    if (this.#next === undefined) return 0;
    const ends = new Map((this.#extents ?? []).map((one) => [one.partition, one]));
    return this.#next.reduce((sum, { partition, offset }) => {
      const extent = ends.get(partition);
      if (extent === undefined) return sum;
      return sum + Math.max(0, extent.endOffset - Math.max(offset, extent.startOffset));
    }, 0);
  }

  /** Takes extents that arrived between reads. */
  setExtents(extents: readonly PartitionSummary[] | undefined): void {
    this.#extents = extents;
    if (this.behind > 0) this.#atEnd = false;
    this.#ports.changed();
  }

  /** Forgets everything and reads from another place. */
  start(from: GridFrom, live: boolean): void {
    this.stop();
    this.store.clear();
    this.#from = from;
    this.#next = undefined;
    this.#atEnd = false;
    this.#scanned = 0;
    this.#live = live ? "on" : "off";
    void this.#fill(this.#run.signal, FIRST_PAGE_ROWS);
  }

  /** Ends what is being read; the rows stay. */
  stop(): void {
    this.#run.abort();
    this.#run = new AbortController();
    this.#restoring.clear();
    this.#loading = false;
    this.#error = undefined;
    this.#ports.changed();
  }

  /** Keeps the position; `resume` goes on from it. */
  pause(): void {
    if (this.#live !== "on") return;
    this.stop();
    this.#live = "paused";
    this.#ports.changed();
  }

  /** Follows the end from the last row on, catching up with what was missed. */
  resume(): void {
    this.stop();
    this.#live = "on";
    void this.#fill(this.#run.signal, PAGE_ROWS);
  }

  /** Reads on after the last row, unless that is under way, live, or nothing is there. */
  more(): void {
    if (this.#loading || this.#live !== "off" || this.#atEnd || this.#error !== undefined) return;
    void this.#fill(this.#run.signal, PAGE_ROWS);
  }

  /** Reads again what failed. */
  retry(): void {
    this.stop();
    void this.#fill(this.#run.signal, PAGE_ROWS);
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

  async #restore(
    missing: { firstRow: number; count: number; start: readonly PartitionCursor[] },
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const from = { kind: "cursors", cursors: missing.start } as const;
      const result = await this.#ports.read({ from, limit: missing.count, waitMs: 0 }, signal);
      if (signal.aborted) return;
      const messages = this.#ports.decode(result.page);
      this.store.restore(missing.firstRow, { messages, bytes: result.page.byteLength });
    } catch (error) {
      if (signal.aborted) return;
      this.#error = failureOf(error);
    }
    this.#restoring.delete(missing.firstRow);
    this.#ports.changed();
  }

  /** Reads one page that has messages (or comes to the end), and goes on for as long as live is on. */
  async #fill(signal: AbortSignal, limit: number): Promise<void> {
    this.#loading = true;
    this.#error = undefined;
    this.#ports.changed();
    try {
      for (;;) {
        const isMore = this.store.endRow > 0;
        const rows = this.#live === "on" ? LIVE_PAGE_ROWS : isMore ? PAGE_ROWS : limit;
        const count = await this.#readPage(signal, rows);
        if (signal.aborted) return;
        this.#ports.changed();
        if (this.#live === "on") await this.#ports.drawn();
        else if (this.#atEnd || (count > 0 && !this.#wantsEnd())) break;
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#error = failureOf(error);
      if (this.#live === "on") this.#live = "paused";
    }
    this.#loading = false;
    this.#ports.changed();
  }

  /** "The last N" is read whole, since its end is what is wanted. What arrives meanwhile is not waited for. */
  #wantsEnd(): boolean {
    if (this.#from.kind !== "last") return false;
    const wanted = this.#from.count * Math.max(1, this.#extents?.length ?? 1);
    return this.store.endRow < Math.min(wanted, MAX_KEPT_ROWS);
  }

  async #readPage(signal: AbortSignal, limit: number): Promise<number> {
    const start = this.#next;
    const from = start === undefined ? this.#from : ({ kind: "cursors", cursors: start } as const);
    const waitMs = this.#live === "on" && start !== undefined ? LIVE_WAIT_MS : 0;
    const result = await this.#ports.read({ from, limit, waitMs }, signal);
    if (signal.aborted) return 0;
    const messages = this.#ports.decode(result.page);
    this.store.append({ messages, bytes: result.page.byteLength }, start);
    this.store.forgetHead(this.#live === "on" ? MAX_KEPT_ROWS : MAX_LISTED_ROWS);
    this.#next = result.next;
    this.#extents = result.extents;
    this.#atEnd = result.atEnd;
    this.#scanned += result.scanned;
    return messages.length;
  }
}
