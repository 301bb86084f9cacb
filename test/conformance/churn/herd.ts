/** Members of a group in a few processes, of which each may be killed with all that are in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Coverage } from "./coverage.ts";

const PROGRAM = "test/conformance/clients/churn.py";

interface Line {
  readonly handled?: readonly [partition: number, first: number, last: number][];
  readonly refused?: string;
  readonly sent?: number;
}

class Pen {
  readonly child: ChildProcess;
  readonly members = new Set<string>();

  constructor(child: ChildProcess) {
    this.child = child;
  }

  tell(...order: readonly (string | number)[]): void {
    this.child.stdin?.write(`${JSON.stringify(order)}\n`);
  }
}

export interface HerdOptions {
  readonly python: string;
  readonly bootstrap: string;
  readonly topic: string;
  readonly group: string;
  readonly mode: string;
  readonly membersPerProcess: number;
}

export class Herd {
  readonly coverage = new Coverage();
  /** Commits that the coordinator refused, by error. */
  readonly refused: Record<string, number> = {};
  readonly #options: HerdOptions;
  readonly #pens: Pen[] = [];
  readonly #sender: Pen;
  #named = 0;
  #asked = 0;
  /** Messages that were acknowledged. */
  sent = 0;
  joins = 0;
  leaves = 0;
  crashes = 0;

  constructor(options: HerdOptions) {
    this.#options = options;
    this.#sender = this.#spawn();
  }

  get size(): number {
    return this.#pens.reduce((sum, { members }) => sum + members.size, 0);
  }

  #spawn(): Pen {
    const { python, bootstrap, topic, group, mode } = this.#options;
    const child = spawn(python, [PROGRAM, bootstrap, topic, group, mode], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    // Its end is noticed by what it does not say.
    child.stdin.on("error", () => undefined);
    createInterface({ input: child.stdout }).on("line", (line) => this.#hear(JSON.parse(line)));
    return new Pen(child);
  }

  #hear(line: Line): void {
    for (const range of line.handled ?? []) this.coverage.add(...range);
    if (line.refused !== undefined) {
      this.refused[line.refused] = (this.refused[line.refused] ?? 0) + 1;
    }
    this.sent += line.sent ?? 0;
  }

  /** Everything that was to be sent has been acknowledged. */
  get isSent(): boolean {
    return this.sent === this.#asked;
  }

  produce(count: number): void {
    this.#asked += count;
    this.#sender.tell("produce", count);
  }

  join(): void {
    const { membersPerProcess } = this.#options;
    let pen = this.#pens.find(({ members }) => members.size < membersPerProcess);
    if (pen === undefined) {
      pen = this.#spawn();
      this.#pens.push(pen);
    }
    const name = `m${this.#named++}`;
    pen.members.add(name);
    pen.tell("join", name);
    this.joins++;
  }

  /** One member leaves as it should; `pick` chooses a number below its limit. */
  leave(pick: (limit: number) => number): void {
    const all = this.#pens.flatMap((pen) => [...pen.members].map((name) => ({ pen, name })));
    const chosen = all[pick(all.length)];
    if (chosen === undefined) return;
    chosen.pen.members.delete(chosen.name);
    chosen.pen.tell("leave", chosen.name);
    this.leaves++;
  }

  /** A process dies with all of its members. */
  async crash(pick: (limit: number) => number): Promise<void> {
    const [pen] = this.#pens.splice(pick(this.#pens.length), 1);
    if (pen === undefined) return;
    this.crashes += pen.members.size;
    await this.#kill(pen);
  }

  async #kill({ child }: Pen): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#pens.splice(0), this.#sender].map((pen) => this.#kill(pen)));
  }
}
