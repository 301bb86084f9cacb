import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { offsetInName, SEGMENT_SUFFIX } from "../../../runtime/log/segment.ts";
import {
  ListTransactionsRequest,
  ListTransactionsResponse,
} from "../../../runtime/wire/kafka/messages/66-list-transactions.ts";
import type { Message } from "../../../runtime/wire/kafka/schema.ts";
import { RawClient } from "../../support/kafka-gateway.ts";
import { type LabProcess, startLab } from "../../support/lab-process.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";
import { waitFor } from "../../support/wait-for.ts";
import type { Random } from "../wire/random.ts";
import { type Ending, LabDied, type ModelledLab } from "./lab.ts";

const ENDING_STATES = ["PrepareCommit", "PrepareAbort"];
const SETTLE_LIMIT_MS = 30_000;
/** The lab looks for logs to compact every 15 s. */
const COMPACTION_LIMIT_MS = 40_000;

/** The lab as users get it, in a process of its own that is killed with SIGKILL. */
export class ProcessLab implements ModelledLab {
  readonly transactionTimeoutMs = 900_000;
  readonly mayExpire = false;
  readonly isFaulty = false;
  readonly #random: Random;
  readonly #folder: TempFolder;
  #process: LabProcess;
  #idle: RawClient[] = [];
  #asksLeft = Infinity;
  #isDead = false;

  private constructor(random: Random, folder: TempFolder, process: LabProcess) {
    this.#random = random;
    this.#folder = folder;
    this.#process = process;
  }

  static async start(random: Random): Promise<ProcessLab> {
    const folder = tempFolder();
    return new ProcessLab(random, folder, await startLab({ data: folder.path }));
  }

  get #data(): string {
    return this.#folder.path;
  }

  /** What the lab said on stderr. */
  get lines(): string[] {
    return this.#process.stderr().split("\n");
  }

  nowMs(): number {
    return Date.now();
  }

  /** Kills it while it serves the n-th request from now. */
  killAfter(requests: number): void {
    this.#asksLeft = requests;
  }

  async ask<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, never>,
    version: number,
    value: In,
  ): Promise<Out> {
    const client = this.#idle.pop() ?? (await this.#connect());
    const answer = client.ask(request, response, version, value);
    if (--this.#asksLeft === 0) void this.#killSoon();
    try {
      const answered = await answer;
      this.#idle.push(client);
      return answered;
    } catch (error) {
      client.close();
      throw this.#isDead ? new LabDied("the lab was killed", { cause: error }) : error;
    }
  }

  async #connect(): Promise<RawClient> {
    try {
      return await RawClient.connect(Number(this.#process.ready.bootstrap.split(":")[1]));
    } catch (error) {
      throw this.#isDead ? new LabDied("the lab was killed", { cause: error }) : error;
    }
  }

  /** At once or a little later: before, while and after the lab does what it was asked for. */
  async #killSoon(): Promise<void> {
    for (let turns = this.#random.below(40); turns > 0; turns--) await nextTurn();
    this.#isDead = true;
    await this.#process.kill();
  }

  segments(topic: string, partition: number): number[] {
    const names = readdirSync(path.join(this.#data, `${topic}-${partition}`));
    return names.flatMap((name) => offsetInName(name, SEGMENT_SUFFIX) ?? []).sort((a, b) => a - b);
  }

  /** Markers that were due when the last process died are written soon after a start. */
  async settle(): Promise<void> {
    await waitFor(
      "every transaction to end that is about to",
      async () => {
        const value = { stateFilters: [], producerIdFilters: [] };
        const all = await this.ask(ListTransactionsRequest, ListTransactionsResponse, 0, value);
        return all.transactionStates.every(
          ({ transactionState }) => !ENDING_STATES.includes(transactionState),
        );
      },
      SETTLE_LIMIT_MS,
    );
  }

  /** Resolves once the lab has compacted something, or has had the time for it. */
  async compaction(): Promise<boolean> {
    const writtenMs = () =>
      statSync(path.join(this.#data, "cleaner.json"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    const before = writtenMs();
    return waitFor("a compaction", () => writtenMs() !== before, COMPACTION_LIMIT_MS).then(
      () => true,
      () => false,
    );
  }

  async restart(ending: Ending): Promise<void> {
    for (const client of this.#idle.splice(0)) client.close();
    this.#asksLeft = Infinity;
    if (ending === "stop") await this.#process.stop();
    else await this.#process.kill();
    this.#process = await startLab({ data: this.#data });
    this.#isDead = false;
  }

  async dispose(): Promise<void> {
    for (const client of this.#idle.splice(0)) client.close();
    await this.#process.kill();
    this.#folder.dispose();
  }
}
