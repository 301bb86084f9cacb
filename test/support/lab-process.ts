/** The lab as users get it: dist/streamside.mjs in a process of its own. Run the build first. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = path.resolve("dist/streamside.mjs");

/** The line that `streamside serve` prints when it accepts connections. */
export interface Ready {
  readonly ready: true;
  readonly bootstrap: string;
  readonly control: string;
  readonly pid: number;
  readonly data: string;
  readonly listeners: readonly { readonly protocol: string; readonly bootstrap: string }[];
  readonly brokers: readonly {
    readonly id: number;
    readonly listeners: Ready["listeners"];
  }[];
}

export interface LabProcess {
  readonly ready: Ready;
  /** From spawn to the ready line. */
  readonly startMs: number;
  readonly child: ChildProcess;
  /** All that it printed on stderr so far. */
  stderr(): string;
  /** Ends it in order and resolves with its exit code. */
  stop(): Promise<number | null>;
  /** Ends it as a crash does (`kill -9`). */
  kill(): Promise<void>;
}

export interface LabOptions {
  readonly data: string;
  /** A free port when undefined. */
  readonly port?: number;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The Node.js to run it with; this one when undefined. */
  readonly node?: string;
  /** Command line in front of it, which ends in becoming the lab. */
  readonly within?: readonly string[];
}

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (!hasEnded(child)) {
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }
  return child.exitCode;
}

/** Starts a lab and waits for its ready line. Throws with what it said when it ends before that. */
export async function startLab(options: LabOptions): Promise<LabProcess> {
  const { data, port = 0, args = [], env = {}, node = process.execPath, within = [] } = options;
  const started = performance.now();
  // Listeners say their ports themselves.
  const where = args.includes("--listener") ? [] : ["--port", String(port)];
  const serve = [PROGRAM, "serve", "--data", data, ...where, ...args];
  const [command = node, ...commandArgs] = [...within, node, ...serve];
  const child = spawn(command, commandArgs, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killAtExit = (): void => void child.kill("SIGKILL");
  process.once("exit", killAtExit);
  child.once("exit", () => process.removeListener("exit", killAtExit));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  const ready = await new Promise<Ready>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => {
      try {
        resolve(JSON.parse(line) as Ready);
      } catch {
        reject(new Error(`not a ready line: ${line}`));
      }
    });
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`the lab ended with code ${code}: ${stderr}`)));
  });
  return {
    ready,
    startMs: performance.now() - started,
    child,
    stderr: () => stderr,
    stop: () => end(child, "SIGTERM"),
    kill: async () => void (await end(child, "SIGKILL")),
  };
}

export interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the `streamside` command to its end, with `input` on stdin. */
export async function streamside(args: readonly string[], input = ""): Promise<Output> {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
  // A command that ends before it has read its input closes the pipe.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
