import {
  MAX_MOVES,
  type Move,
  type MoveAction,
  type MoveProgress,
  type MoveReport,
  type RunningMove,
} from "../../api/moves.ts";
import type { Clock } from "../../core/clock.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { CommittedCluster } from "../../cluster/committed.ts";
import type { TopicAdmin } from "../../cluster/topic-admin.ts";
import { type Failure, failure } from "../outcome.ts";
import type { Producer } from "../produce.ts";
import type { Scanner } from "../scan/scanner.ts";
import { copyTopic } from "../copy/copy-topic.ts";
import { Redrives } from "../redrive/redrives.ts";
import { replayMessages } from "../replay/replay.ts";
import { exportMessages } from "../transfer/export.ts";
import { importMessages } from "../transfer/import.ts";
import { MoveControl } from "./move-control.ts";

export interface MovesDeps {
  readonly cluster: Cluster;
  readonly topicAdmin: TopicAdmin;
  readonly producer: Producer;
  readonly scanner: Scanner;
  readonly clock: Clock;
  readonly giveWay: () => Promise<void>;
  /** Where is kept what has to outlive the process; made when it is needed. */
  readonly folder: string;
}

/** The moves that run now, by the ids that their askers gave them. */
export class Moves {
  readonly #deps: MovesDeps;
  readonly #redrives: Redrives;
  readonly #ends = new Set<Promise<unknown>>();
  readonly #running = new Map<
    string,
    { readonly kind: Move["kind"]; readonly control: MoveControl }
  >();

  constructor(deps: MovesDeps) {
    // What is moved is what a transaction has committed: nothing comes back that was aborted.
    this.#deps = { ...deps, cluster: new CommittedCluster(deps.cluster) };
    this.#redrives = new Redrives(this.#deps);
  }

  /** Stops all moves, and resolves when they have ended in order. */
  async close(): Promise<void> {
    for (const { control } of this.#running.values()) control.act("stop");
    await Promise.allSettled(this.#ends);
  }

  get list(): readonly RunningMove[] {
    return Array.from(this.#running, ([id, { kind, control }]) => ({
      id,
      kind,
      ...control.progress,
    }));
  }

  /** Runs a move to its end; `signal` stops it, as its asker does who is gone. */
  async run(
    id: string,
    move: Move,
    dryRun: boolean,
    signal: AbortSignal,
  ): Promise<MoveReport | Failure> {
    if (this.#running.has(id)) return failure("bad-request", `A move ${id} runs already.`);
    if (this.#running.size >= MAX_MOVES) {
      return failure("busy", `${MAX_MOVES} moves run already. Wait for one of them, or stop it.`);
    }
    if (move.kind !== "export" && this.#deps.cluster.readOnly) {
      return failure("read-only", `The connection is read-only: it takes no ${move.kind}.`);
    }
    const startedMs = this.#deps.clock.nowMs();
    const control = new MoveControl();
    const stop = () => control.act("stop");
    signal.addEventListener("abort", stop, { once: true });
    this.#running.set(id, { kind: move.kind, control });
    if (signal.aborted) stop();
    const running = this.#start(move, control, dryRun);
    this.#ends.add(running);
    try {
      const report = await running;
      if ("kind" in report) return report;
      return { ...report, elapsedMs: this.#deps.clock.nowMs() - startedMs };
    } finally {
      this.#ends.delete(running);
      this.#running.delete(id);
      signal.removeEventListener("abort", stop);
    }
  }

  progress(id: string): MoveProgress | Failure {
    return this.#running.get(id)?.control.progress ?? unknownMove(id);
  }

  control(id: string, action: MoveAction): MoveProgress | Failure {
    const running = this.#running.get(id)?.control;
    running?.act(action);
    return running?.progress ?? unknownMove(id);
  }

  #start(
    move: Move,
    control: MoveControl,
    dryRun: boolean,
  ): Promise<Omit<MoveReport, "elapsedMs"> | Failure> {
    switch (move.kind) {
      case "export":
        return exportMessages(this.#deps, move, control, dryRun);
      case "import":
        return importMessages(this.#deps, move, control, dryRun);
      case "replay":
        return replayMessages(this.#deps, move, control, dryRun);
      case "copy":
        return copyTopic(this.#deps, move, control, dryRun);
      case "redrive":
        return this.#redrives.run(move, control, dryRun);
    }
  }
}

function unknownMove(id: string): Failure {
  return failure("unknown-move", `No move ${id} runs: it has ended, or never began.`);
}
