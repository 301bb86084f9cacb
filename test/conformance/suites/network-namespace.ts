/** A network of its own for a suite that wants certain ports: its loopback has all of them free. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { SuiteMissing } from "./suite.ts";

const SCRIPT = "ip link set lo up && echo up && exec sleep infinity";

/** Lives as long as a process that does nothing else. */
export class NetworkNamespace {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** Throws {@link SuiteMissing} where this process may not make one. */
  static async open(): Promise<NetworkNamespace> {
    const holder = spawn("unshare", ["--net", "sh", "-c", SCRIPT], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const killAtExit = (): void => void holder.kill("SIGKILL");
    process.once("exit", killAtExit);
    holder.once("exit", () => process.removeListener("exit", killAtExit));
    const isUp = await new Promise<boolean>((resolve) => {
      createInterface({ input: holder.stdout }).once("line", (line) => resolve(line === "up"));
      holder.once("error", () => resolve(false));
      holder.once("close", () => resolve(false));
    });
    if (isUp) return new NetworkNamespace(holder);
    throw new SuiteMissing("a network namespace needs Linux, iproute2 and root (unshare --net)");
  }

  /** Command line in front of that of a program that is to run inside. */
  get within(): readonly string[] {
    return ["nsenter", "--target", String(this.#holder.pid), "--net", "--"];
  }

  async dispose(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const exit = once(this.#holder, "exit");
    this.#holder.kill("SIGKILL");
    await exit;
  }
}
