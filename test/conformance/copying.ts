/** The program in clients/transactions.py, a transactional copier with librdkafka. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";

const PROGRAM = "test/conformance/clients/transactions.py";

interface Answer {
  readonly result?: unknown;
  readonly error?: string;
}

/** One step at a time. */
export class Copying {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor(python: string, bootstrap: string) {
    this.#child = spawn(python, [PROGRAM, bootstrap], { stdio: ["pipe", "pipe", "inherit"] });
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
