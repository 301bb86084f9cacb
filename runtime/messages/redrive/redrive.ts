import type { Message, NewMessage } from "../../api/model.ts";
import type { MoveReport, MoveSource, RedriveMove } from "../../api/moves.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import type { MoveControl } from "../moves/move-control.ts";
import { NOTHING_MOVED, shown } from "../moves/report.ts";
import type { Failure } from "../outcome.ts";
import type { Producer } from "../produce.ts";
import { SourceReader, type SourceReaderDeps } from "../range/source-reader.ts";
import type { Address, Ends, Ledger } from "./ledger.ts";
import { addressOf, RedrivePlan } from "./plan.ts";

type Report = Omit<MoveReport, "elapsedMs">;

/** Dead letters that are sent before the ledger is written, and bytes of their keys and values. */
const RUN_LETTERS = 500;
const RUN_BYTES = 1024 * 1024;

export interface RedriveDeps extends SourceReaderDeps {
  readonly cluster: Cluster;
  readonly producer: Producer;
}

/** Dead letters to be sent together. */
interface Run {
  readonly topic: string;
  readonly letters: Address[];
  readonly messages: NewMessage[];
}

/** One redrive, with the ledger of its topic. The source does not change while it runs. */
export class Redrive {
  readonly #deps: RedriveDeps;
  readonly #move: RedriveMove;
  readonly #control: MoveControl;
  readonly #ledger: Ledger;
  #sentBefore = 0;

  constructor(deps: RedriveDeps, move: RedriveMove, control: MoveControl, ledger: Ledger) {
    this.#deps = deps;
    this.#move = move;
    this.#control = control;
    this.#ledger = ledger;
  }

  async run(dryRun: boolean): Promise<Report | Failure> {
    const { unfinished } = this.#ledger;
    const fault = unfinished && (await this.#findSent(unfinished));
    if (fault !== undefined) return fault;
    const plan = new RedrivePlan(this.#deps.cluster, this.#move);
    const first = await this.#plan(plan);
    if (first !== undefined && "kind" in first) return first;
    if (this.#control.isStopped) return { ...NOTHING_MOVED, outcome: "stopped" };
    const moved = sendable(plan);
    const report = { ...NOTHING_MOVED, moved, skipped: this.#sentBefore, first };
    if (dryRun || (moved === 0 && unfinished === undefined)) {
      return { ...report, targets: plan.targets };
    }
    await this.#ledger.begin(endsOf(plan));
    const sent = await this.#send(new RedrivePlan(this.#deps.cluster, this.#move));
    if (typeof sent !== "number") return sent;
    await this.#ledger.end();
    const outcome = this.#control.isStopped ? "stopped" : "done";
    return { ...report, outcome, moved: sent, targets: plan.targets };
  }

  /** Finds what a run that was cut off has sent without having told the ledger. */
  async #findSent(ends: Ends): Promise<Failure | undefined> {
    const { topic } = this.#move.source;
    for (const [target, offsets] of ends) {
      const found = await this.#deps.cluster.topic(target);
      if (found === undefined) continue;
      const cursors = found.partitions.map(({ partition, startOffset, endOffset }) => {
        const offset = offsets[partition] ?? startOffset;
        // A topic that ends before was made anew.
        return { partition, offset: offset > endOffset ? startOffset : offset };
      });
      const reader = await SourceReader.open(this.#deps, {
        ...{ kind: "range", topic: target, from: { kind: "cursors", cursors } },
        filter: { kind: "text", text: `${topic}/`, part: "headers", matchCase: true },
      });
      if ("kind" in reader) return reader;
      this.#control.begin("check", () => reader.part);
      while (await this.#control.turn()) {
        const message = await reader.next();
        if (message === undefined) break;
        if ("kind" in message) return message;
        const address = addressOf(topic, message);
        if (address !== undefined) this.#ledger.note(address);
      }
    }
    return undefined;
  }

  /** Counts what would go where; gives the first dead letter that would be sent. */
  async #plan(plan: RedrivePlan): Promise<Message | Failure | undefined> {
    const reader = await SourceReader.open(this.#deps, this.#move.source);
    if ("kind" in reader) return reader;
    this.#control.begin("check", () => reader.part);
    let first: Message | undefined;
    while (await this.#control.turn()) {
      const letter = await reader.next();
      if (letter === undefined) break;
      if ("kind" in letter) return letter;
      this.#control.count(1);
      if (this.#ledger.has(letter)) {
        this.#sentBefore += 1;
        continue;
      }
      const placed = await plan.place(letter);
      if (placed.kind === "sent") first ??= shown(letter);
    }
    return first;
  }

  /** Sends in runs; the ledger is written after each. Gives how many were sent. */
  async #send(plan: RedrivePlan): Promise<number | Failure> {
    const reader = await SourceReader.open(this.#deps, this.#move.source);
    if ("kind" in reader) return reader;
    this.#control.begin("move", () => reader.part);
    let sent = 0;
    const runs = new Map<string, Run>();
    let letters = 0;
    let sizeBytes = 0;
    const flush = async (): Promise<Failure | undefined> => {
      for (const run of runs.values()) {
        const fault = await this.#sendRun(run);
        if (fault !== undefined) return fault;
        sent += run.letters.length;
        this.#control.count(run.letters.length);
      }
      runs.clear();
      letters = 0;
      sizeBytes = 0;
      return undefined;
    };
    while (await this.#control.turn()) {
      const letter = await reader.next();
      if (letter === undefined) break;
      if ("kind" in letter) return (await flush()) ?? letter;
      if (this.#ledger.has(letter)) continue;
      const placed = await plan.place(letter);
      if (placed.kind === "left-out") continue;
      const { topic, message } = placed;
      const run = runs.get(topic) ?? { topic, letters: [], messages: [] };
      runs.set(topic, run);
      run.letters.push({ partition: letter.partition, offset: letter.offset });
      run.messages.push(message);
      letters += 1;
      sizeBytes += (message.key?.length ?? 0) + (message.value?.length ?? 0);
      const fault = letters >= RUN_LETTERS || sizeBytes >= RUN_BYTES ? await flush() : undefined;
      if (fault !== undefined) return fault;
    }
    return (await flush()) ?? sent;
  }

  async #sendRun({ topic, letters, messages }: Run): Promise<Failure | undefined> {
    const outcome = await this.#deps.producer.produce(topic, messages);
    if (outcome.kind === "failed") return outcome;
    await this.#ledger.add(letters);
    return undefined;
  }
}

function sendable({ targets }: RedrivePlan): number {
  return targets.reduce((sum, { count, problem }) => sum + (problem === undefined ? count : 0), 0);
}

function endsOf({ receivers }: RedrivePlan): Ends {
  return new Map(
    receivers.map(({ name, partitions }) => [name, partitions.map(({ endOffset }) => endOffset)]),
  );
}

/** The source as it is now: what fails meanwhile is for the next redrive. */
export function fixedSource(
  source: Extract<MoveSource, { kind: "range" }>,
  ranges: readonly { partition: number; startOffset: number; endOffset: number }[],
): MoveSource {
  const cursors = (of: "startOffset" | "endOffset") => ({
    kind: "cursors" as const,
    cursors: ranges.map((range) => ({ partition: range.partition, offset: range[of] })),
  });
  return { ...source, from: cursors("startOffset"), to: cursors("endOffset") };
}
