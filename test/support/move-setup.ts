import type { Move, MoveReport } from "../../runtime/api/moves.ts";
import { FakeClock } from "../../runtime/core/clock.ts";
import { Moves } from "../../runtime/messages/moves/moves.ts";
import type { Failure } from "../../runtime/messages/outcome.ts";
import { Producer } from "../../runtime/messages/produce.ts";
import { inlineScanner } from "./inline-scanner.ts";
import { noTopicAdmin } from "./no-topic-admin.ts";
import { MemoryCluster } from "./memory-cluster.ts";

/** Moves over a cluster in memory. */
export class MoveSetup {
  readonly clock: FakeClock;
  readonly cluster: MemoryCluster;
  readonly moves: Moves;
  readonly stop = new AbortController();
  #runs = 0;

  /** `folder` is where ledgers are kept; nothing but redrives needs one. */
  constructor(
    folder = "/nowhere",
    clock = new FakeClock(),
    cluster = new MemoryCluster(clock),
    topicAdmin = noTopicAdmin,
  ) {
    this.clock = clock;
    this.cluster = cluster;
    this.moves = new Moves({
      ...{ cluster, topicAdmin, clock, folder, scanner: inlineScanner() },
      producer: new Producer(cluster, clock),
      giveWay: () => new Promise((resolve) => setImmediate(resolve)),
    });
  }

  run(move: Move, dryRun = false): Promise<MoveReport | Failure> {
    this.#runs += 1;
    return this.moves.run(`move ${this.#runs}`, move, dryRun, this.stop.signal);
  }

  /** Runs a move that is to end well. */
  async done(move: Move, dryRun = false): Promise<MoveReport> {
    const report = await this.run(move, dryRun);
    if ("kind" in report) throw new Error(`${report.code}: ${report.message}`);
    return report;
  }

  /** Runs a move that is to fail. */
  async fails(move: Move): Promise<Failure> {
    const report = await this.run(move);
    if ("kind" in report) return report;
    throw new Error(`it did not fail: ${JSON.stringify(report)}`);
  }
}
