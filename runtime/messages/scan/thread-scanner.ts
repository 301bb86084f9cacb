import type { Clock } from "../../core/clock.ts";
import { BufferPool } from "../../core/buffer-pool.ts";
import type { Disposable } from "../../core/lifetime.ts";
import type { ScanOutcome, Scanner, ScanRequest } from "./scanner.ts";

/** Threads at work at once; the broker's own thread needs a core too. */
const MAX_THREADS = 2;
/** A chunk takes milliseconds; a filter that needs longer would never come to an end. */
export const MAX_CHUNK_MS = 5_000;
/** A thread that has had nothing to do for so long ends, and its memory is given back. */
export const IDLE_MS = 30_000;
/** Smaller buffers are cut from one that Node.js shares among them, which cannot be given away; how small differs between versions. */
const leastOwnBytes = (): number => Buffer.poolSize >>> 1;

/** Kept for chunks to come while there are threads. */
const MAX_IDLE_BYTES = 16 * 1024 * 1024;

const NO_TIMER: Disposable = { dispose: () => undefined };

export interface ScanAnswer {
  readonly outcome: ScanOutcome;
  /** What was given away for the scan and can be used again. */
  readonly returned: ArrayBuffer | undefined;
}

/** A thread that answers each request with one outcome, in order. */
export interface ScanThread {
  post(request: ScanRequest, transfer: readonly ArrayBuffer[]): void;
  /** Both are called at most once for each `post`; `onEnd` also when the thread dies. */
  onOutcome(listener: (answer: ScanAnswer) => void): void;
  onEnd(listener: (reason: string) => void): void;
  end(): void;
}

interface Job {
  readonly request: ScanRequest;
  readonly resolve: (outcome: ScanOutcome) => void;
}

interface Slot {
  readonly thread: ScanThread;
  job: Job | undefined;
  timer: Disposable;
}

/** Scans on a few threads, which are started when they are needed. */
export class ThreadScanner implements Scanner {
  readonly #start: () => ScanThread;
  readonly #clock: Clock;
  readonly #slots = new Set<Slot>();
  readonly #queue: Job[] = [];
  #pool = new BufferPool(MAX_IDLE_BYTES);
  #isDisposed = false;

  constructor(start: () => ScanThread, clock: Clock) {
    this.#start = start;
    this.#clock = clock;
  }

  allocate(bytes: number): Buffer {
    return this.#pool.borrow(bytes);
  }

  scan(request: ScanRequest): Promise<ScanOutcome> {
    if (this.#isDisposed) return Promise.resolve(failed("The lab is stopping."));
    return new Promise((resolve) => {
      this.#queue.push({ request, resolve });
      this.#assign();
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const slot of this.#slots) this.#drop(slot, "The lab is stopping.");
    for (const job of this.#queue.splice(0)) job.resolve(failed("The lab is stopping."));
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      const slot = this.#idleSlot();
      const job = slot && this.#queue.shift();
      if (slot === undefined || job === undefined) return;
      this.#run(slot, job);
    }
  }

  #idleSlot(): Slot | undefined {
    for (const slot of this.#slots) if (slot.job === undefined) return slot;
    if (this.#slots.size >= MAX_THREADS) return undefined;
    const slot: Slot = { thread: this.#start(), job: undefined, timer: NO_TIMER };
    slot.thread.onOutcome(({ outcome, returned }) => {
      if (returned !== undefined) this.#pool.release(Buffer.from(returned));
      this.#settle(slot, outcome);
    });
    slot.thread.onEnd((reason) => this.#drop(slot, `The search's thread ended: ${reason}`));
    this.#slots.add(slot);
    return slot;
  }

  #run(slot: Slot, job: Job): void {
    slot.timer.dispose();
    slot.job = job;
    slot.timer = this.#clock.after(MAX_CHUNK_MS, () => {
      const message = `The filter took longer than ${MAX_CHUNK_MS / 1_000} s for a few messages. Simplify it.`;
      this.#drop(slot, message);
      this.#assign();
    });
    const { chunk } = job.request;
    const bytes = chunk.bytes.length < leastOwnBytes() ? ownCopy(chunk.bytes) : chunk.bytes;
    const { buffer } = bytes;
    const transfer = buffer instanceof ArrayBuffer ? [buffer] : [];
    slot.thread.post({ ...job.request, chunk: { ...chunk, bytes } }, transfer);
  }

  #settle(slot: Slot, outcome: ScanOutcome): void {
    const { job } = slot;
    slot.timer.dispose();
    slot.job = undefined;
    slot.timer = this.#clock.after(IDLE_MS, () => this.#drop(slot, ""));
    job?.resolve(outcome);
    this.#assign();
  }

  #drop(slot: Slot, reason: string): void {
    if (!this.#slots.delete(slot)) return;
    slot.timer.dispose();
    slot.thread.end();
    if (this.#slots.size === 0) this.#pool = new BufferPool(MAX_IDLE_BYTES);
    slot.job?.resolve(failed(reason));
    slot.job = undefined;
  }
}

function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

function failed(message: string): ScanOutcome {
  return { kind: "failed", message };
}
