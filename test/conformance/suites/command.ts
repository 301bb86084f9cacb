/** Runs programs for outside suites: each is a process group that ends with its time limit or the suite. */
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { SuiteMissing } from "./suite.ts";

const TAIL_LINES = 40;
const KILL_GRACE_MS = 3_000;

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs: number;
  readonly signal?: AbortSignal;
  /** Called with each line of stdout and stderr. */
  readonly onLine?: (line: string) => void;
  /** Takes in all lines, for people who look into a failure. */
  readonly logFile?: string;
}

export interface CommandResult {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly timedOut: boolean;
  /** The last lines it wrote. */
  readonly tail: string;
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

/** Runs a program to its end. Rejects only when it cannot be started. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const { cwd, env = {}, limitMs, signal, onLine, logFile } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const log = logFile === undefined ? undefined : createWriteStream(logFile);
    const tail: string[] = [];
    const takeIn = (line: string): void => {
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      log?.write(`${line}\n`);
      onLine?.(line);
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", takeIn);
    }
    let timedOut = false;
    const stop = (): void => {
      killGroup(child.pid, "SIGTERM");
      setTimeout(() => killGroup(child.pid, "SIGKILL"), KILL_GRACE_MS).unref();
    };
    const killNow = (): void => killGroup(child.pid, "SIGKILL");
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, limitMs);
    signal?.addEventListener("abort", stop, { once: true });
    process.once("exit", killNow);
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      process.removeListener("exit", killNow);
      // What it left running belongs to it.
      killNow();
      log?.end();
    };
    child.once("error", (error) => {
      settle();
      reject(error);
    });
    child.once("exit", killNow);
    child.once("close", (code) => {
      settle();
      resolve({ code, timedOut, tail: tail.join("\n") });
    });
  });
}

/** Runs a step of `prepare`, which is to succeed. Throws {@link SuiteMissing} with what the program said last. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<void> {
  const line = [command, ...args].join(" ");
  let result: CommandResult;
  try {
    result = await runCommand(command, args, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SuiteMissing(`${command} cannot be run (${reason}); needed for: ${line}`);
  }
  if (result.code === 0) return;
  const last = result.tail.split("\n").slice(-3).join(" | ");
  throw new SuiteMissing(`${line}: ended with code ${result.code ?? "none"}: ${last}`);
}
