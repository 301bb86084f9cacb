/** A program in clients/ that copies in transactions, told one step at a time. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";

const PROGRAMS = "test/conformance/clients";

interface Answer {
  readonly result?: unknown;
  readonly error?: string;
}

/** The programs take the same steps. */
export class Copying {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor(python: string, program: string, bootstrap: string) {
    const file = path.join(PROGRAMS, program);
    this.#child = spawn(python, [file, bootstrap], { stdio: ["pipe", "pipe", "inherit"] });
    if (this.#child.stdout === null) throw new Error("the client has no pipes");
    this.#lines = createInterface({ input: this.#child.stdout });
  }

  /** What a step comes to, or the name of the error it failed with. */
  async ask(...step: readonly (string | number)[]): Promise<unknown> {
    const answered = once(this.#lines, "line");
    this.#child.stdin?.write(`${JSON.stringify(step)}\n`);
    const [line] = (await answered) as [string];
    const { result, error } = JSON.parse(line) as Answer;
    return error === undefined ? result : new Error(error);
  }

  async kill(): Promise<void> {
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exit;
  }
}
