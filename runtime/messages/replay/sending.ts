import type { Message } from "../../api/model.ts";
import type { ReplayMove } from "../../api/moves.ts";
import type { Clock } from "../../core/clock.ts";
import type { MoveControl } from "../moves/move-control.ts";
import { shownNew } from "../moves/report.ts";
import { MessageRuns } from "../moves/runs.ts";
import type { Failure } from "../outcome.ts";
import type { Producer } from "../produce.ts";
import type { SourceReader } from "../range/source-reader.ts";
import type { FoundMessage } from "../scan/task.ts";
import { rewrite } from "./rewrite.ts";
import { Tape, Timeline } from "./timeline.ts";

/** A message whose time is closer than this is sent now: no timer is more exact. */
const NOW_MS = 0.5;

/** What has been sent. */
export interface Sent {
  count: number;
  skipped: number;
  /** Where the replay is on its timeline. */
  lastsMs: number;
  /** How much of the source that is, 0 to 1: less than what has been read ahead. */
  part: number;
  /** As it was sent, at the place that it was at before. */
  first: Message | undefined;
  /** Time of the oldest message that keeps its time; known of a dry run. */
  oldestMs: number;
}

export const NOTHING_SENT: Sent = {
  ...{ count: 0, skipped: 0, lastsMs: 0, part: 0, first: undefined, oldestMs: Infinity },
};

export interface SendingDeps {
  readonly producer: Producer;
  readonly clock: Clock;
  readonly control: MoveControl;
}

/**
 * Sends the messages of a replay, each when its time has come. Those whose time has come together are sent
 * together; the next message is read while there is time until the one before it.
 */
export class Sending {
  readonly sent: Sent = { ...NOTHING_SENT };
  readonly #deps: SendingDeps;
  readonly #move: ReplayMove;
  readonly #timeline: Timeline;
  readonly #tape = new Tape();
  readonly #runs: MessageRuns;

  constructor(deps: SendingDeps, move: ReplayMove) {
    this.#deps = deps;
    this.#move = move;
    this.#timeline = new Timeline(move.speed, move.maxGapMs);
    this.#runs = new MessageRuns(deps.producer, move.topic);
  }

  /** Sends to the end, or until the move is stopped. */
  async run(reader: SourceReader): Promise<Failure | undefined> {
    let next = read(reader);
    for (;;) {
      const message = await next;
      if (message === undefined) break;
      if ("kind" in message) return (await this.#flush()) ?? message;
      const { part } = reader;
      next = read(reader);
      const placeMs = this.#timeline.place(message.timestampMs);
      const fault = await this.#untilDue(placeMs);
      if (fault !== undefined) return fault;
      if (this.#deps.control.isStopped) break;
      this.sent.lastsMs = placeMs;
      this.sent.part = part;
      const added = await this.#add(message);
      if (added !== undefined) return added;
    }
    return this.#flush();
  }

  /** Waits until the tape is at a place, or is moved there by a step, or the move is to end. */
  async #untilDue(placeMs: number): Promise<Failure | undefined> {
    const { clock, control } = this.#deps;
    while (!control.isStopped) {
      if (control.isPaused) {
        this.#tape.pause(clock.nowMs());
        if (control.takeStep()) {
          this.#tape.moveTo(placeMs);
          return undefined;
        }
      } else {
        this.#tape.play(clock.nowMs());
        if (this.#tape.delayTo(placeMs, clock.nowMs()) < NOW_MS) return undefined;
      }
      if (this.#runs.pending > 0) {
        // What has come due before is sent first; that takes time, in which things can change.
        const fault = await this.#flush();
        if (fault !== undefined) return fault;
      } else if (control.isPaused) {
        await control.change();
      } else {
        await control.wait(clock, this.#tape.delayTo(placeMs, clock.nowMs()));
      }
    }
    return undefined;
  }

  async #add(message: FoundMessage): Promise<Failure | undefined> {
    const replayed = rewrite(message, this.#move.rewriting);
    if (replayed === "left-out") {
      this.sent.skipped += 1;
      return undefined;
    }
    this.sent.first ??= shownNew(replayed, message);
    return this.#settle(await this.#runs.add(replayed));
  }

  async #flush(): Promise<Failure | undefined> {
    return this.#settle(await this.#runs.flush());
  }

  #settle(fault: Failure | undefined): Failure | undefined {
    this.#deps.control.count(this.#runs.placed - this.sent.count);
    this.sent.count = this.#runs.placed;
    return fault;
  }
}

/** Begins to read the next message. A reader that breaks is met by who waits for the message. */
function read(reader: SourceReader): ReturnType<SourceReader["next"]> {
  const next = reader.next();
  next.catch(() => undefined);
  return next;
}
