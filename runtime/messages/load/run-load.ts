import type { Load, LoadProgress, LoadReport } from "../../api/load.ts";
import type { NewMessage, Placement } from "../../api/model.ts";
import type { Clock } from "../../core/clock.ts";
import type { Failure } from "../outcome.ts";
import type { Producer } from "../produce.ts";
import type { OpenTemplate } from "../template/open-template.ts";
import { Pace } from "./pace.ts";
import { RateMeter } from "./rate-meter.ts";

/** Messages, and about how many bytes of them, that are made before they are sent and others have their turn. */
const MAX_RUN_MESSAGES = 100;
const MAX_RUN_BYTES = 256 * 1024;
/** A message that is due at the very end of the time is one too many. */
const JUST_BEFORE_MS = 1e-3;
/** A load ends when so many messages in a row were not taken: more will not be either. */
const MAX_ERRORS_IN_A_ROW = 1_000;

export interface LoadDeps {
  readonly producer: Producer;
  readonly clock: Clock;
  readonly giveWay: () => Promise<void>;
}

/** How much there is to send; at least one of the two. */
export interface LoadExtent {
  readonly count: number | undefined;
  readonly durationMs: number | undefined;
}

/** One load: makes messages when they are due and waits until they have been taken before it makes more. */
export class LoadRun {
  readonly #deps: LoadDeps;
  readonly #load: Load;
  readonly #template: OpenTemplate;
  readonly #extent: LoadExtent;
  readonly #signal: AbortSignal;
  readonly #startMs: number;
  readonly #pace: Pace;
  readonly #meter: RateMeter;
  /** Messages made, which are those sent and those not taken. */
  #made = 0;
  #errors = 0;
  #errorsInARow = 0;
  #lastError: string | undefined;
  #first: Placement | undefined;
  #last: Placement | undefined;

  /** Aborting `signal` stops it. */
  constructor(
    deps: LoadDeps,
    load: Load,
    template: OpenTemplate,
    extent: LoadExtent,
    signal: AbortSignal,
  ) {
    this.#deps = deps;
    this.#load = load;
    this.#template = template;
    this.#extent = extent;
    this.#signal = signal;
    this.#startMs = deps.clock.nowMs();
    this.#pace = new Pace(load.rate ?? template.rate, this.#startMs);
    this.#meter = new RateMeter(this.#startMs);
  }

  get progress(): LoadProgress {
    const nowMs = this.#deps.clock.nowMs();
    return {
      state: this.#signal.aborted ? "stopping" : "running",
      sent: this.#sent,
      count: this.#extent.count,
      errors: this.#errors,
      lastError: this.#lastError,
      rate: this.#meter.rate(nowMs, this.#sent),
      elapsedMs: nowMs - this.#startMs,
      behindMs: this.#pace.behindMs,
    };
  }

  /** Runs to the end. Fails when not even the first message is taken, or one cannot be made. */
  async run(): Promise<LoadReport | Failure> {
    while (!this.#signal.aborted && !this.#isOver()) {
      const nowMs = this.#deps.clock.nowMs();
      const due = this.#due(nowMs);
      if (due === 0) {
        await this.#wait(this.#pace.waitMs(nowMs, this.#made));
        continue;
      }
      const failed = await this.#sendSome(due);
      if (failed !== undefined) return failed;
      if (this.#errorsInARow >= MAX_ERRORS_IN_A_ROW) return this.#report("failed");
      await this.#deps.giveWay();
    }
    return this.#report(this.#isOver() ? "done" : "stopped");
  }

  get #sent(): number {
    return this.#made - this.#errors;
  }

  #due(nowMs: number): number {
    // What became due before the end is still sent after it.
    const untilMs = Math.min(nowMs, this.#endMs() - JUST_BEFORE_MS);
    return Math.min(this.#pace.due(untilMs, this.#made), this.#left());
  }

  #left(): number {
    return (this.#extent.count ?? Infinity) - this.#made;
  }

  #endMs(): number {
    return this.#startMs + (this.#extent.durationMs ?? Infinity);
  }

  #isOver(): boolean {
    if (this.#left() <= 0) return true;
    const nowMs = this.#deps.clock.nowMs();
    return nowMs >= this.#endMs() && (!this.#pace.isPaced || this.#due(nowMs) === 0);
  }

  async #sendSome(due: number): Promise<Failure | undefined> {
    const messages: NewMessage[] = [];
    let sizeBytes = 0;
    while (messages.length < Math.min(due, MAX_RUN_MESSAGES) && sizeBytes < MAX_RUN_BYTES) {
      const filled = this.#template.filler.next();
      if (filled.kind === "fault") {
        return { kind: "failed", code: "bad-request", message: this.#soFar(filled.message) };
      }
      messages.push(filled.message);
      sizeBytes += filled.text.length;
    }
    const outcome = await this.#deps.producer.produce(this.#load.topic, messages);
    if (outcome.kind === "failed" && this.#made === 0) return outcome;
    this.#made += messages.length;
    if (outcome.kind === "failed") {
      this.#errors += messages.length;
      this.#errorsInARow += messages.length;
      this.#lastError = outcome.message;
    } else {
      this.#errorsInARow = 0;
      this.#first ??= outcome.placements[0];
      this.#last = outcome.placements.at(-1);
    }
    this.#meter.mark(this.#deps.clock.nowMs(), this.#sent);
    return undefined;
  }

  #soFar(message: string): string {
    return this.#sent === 0
      ? message
      : `${message} ${this.#sent} messages were produced before it.`;
  }

  /** Until then, or until it is stopped. */
  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const alarm = this.#deps.clock.after(delayMs, () => end());
      const end = (): void => {
        alarm.dispose();
        this.#signal.removeEventListener("abort", end);
        resolve();
      };
      this.#signal.addEventListener("abort", end, { once: true });
    });
  }

  #report(outcome: LoadReport["outcome"]): LoadReport {
    const elapsedMs = this.#deps.clock.nowMs() - this.#startMs;
    return {
      ...{ outcome, elapsedMs, sent: this.#sent, errors: this.#errors },
      lastError: this.#lastError,
      rate: elapsedMs === 0 ? 0 : (this.#sent * 1_000) / elapsedMs,
      behindMs: this.#pace.behindMs,
      first: this.#first,
      last: this.#last,
    };
  }
}
