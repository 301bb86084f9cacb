import path from "node:path";
import type { MoveReport, RedriveMove } from "../../api/moves.ts";
import type { MoveControl } from "../moves/move-control.ts";
import { type Failure, failure, unknownTopic } from "../outcome.ts";
import { partitionRanges } from "../range/range.ts";
import { diskFailure } from "../transfer/partial-file.ts";
import { Ledger, LedgerFault } from "./ledger.ts";
import { fixedSource, Redrive, type RedriveDeps } from "./redrive.ts";

export interface RedrivesDeps extends RedriveDeps {
  /** Ledgers are in the folder `redrives` of this one. */
  readonly folder: string;
}

/** Redrives of dead letters, one at a time for each topic, since they share its ledger. */
export class Redrives {
  readonly #deps: RedrivesDeps;
  readonly #busy = new Set<string>();

  constructor(deps: RedrivesDeps) {
    this.#deps = deps;
  }

  async run(
    move: RedriveMove,
    control: MoveControl,
    dryRun: boolean,
  ): Promise<Omit<MoveReport, "elapsedMs"> | Failure> {
    const { cluster, folder } = this.#deps;
    const { source } = move;
    const topic = await cluster.topic(source.topic);
    if (topic === undefined) return unknownTopic(source.topic);
    const ranges = source.kind === "range" ? await partitionRanges(cluster, source) : undefined;
    if (ranges !== undefined && "kind" in ranges) return ranges;
    const fixed =
      source.kind === "range" ? { ...move, source: fixedSource(source, ranges ?? []) } : move;
    if (this.#busy.has(topic.id)) {
      return failure(
        "busy",
        `The dead letters of ${topic.name} are being redriven. Wait, or stop it.`,
      );
    }
    this.#busy.add(topic.id);
    const file = path.join(folder, "redrives", `${topic.id}.jsonl`);
    let ledger: Ledger | undefined;
    try {
      ledger = await Ledger.read(file, topic.name);
      return await new Redrive(this.#deps, fixed, control, ledger).run(dryRun);
    } catch (error) {
      if (error instanceof LedgerFault) {
        return failure("data-format", `${error.message}. Move it away to send all of them again.`);
      }
      return diskFailure("written", file, error);
    } finally {
      await ledger?.close();
      this.#busy.delete(topic.id);
    }
  }
}
