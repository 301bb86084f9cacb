import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, open, writeFile } from "node:fs/promises";
import path from "node:path";

/** How long a spawned lab may take until its ready line. Recovery of a large log is the longest case. */
const READY_TIMEOUT_MS = 60_000;
/** A ready line longer than this is not one. */
const MAX_READY_LINE_BYTES = 16_384;
/** How much of the end of the log is read to explain a failed start. */
const LOG_TAIL_BYTES = 4_096;
/** A lab without any client ends itself after this long: the time a window needs to reload. */
const LEASE_MS = 10_000;
/** Between looks at whether a process has gone. */
const GONE_POLL_MS = 20;

export interface SpawnOptions {
  /** Path of the `streamside` command. */
  readonly program: string;
  readonly dataFolder: string;
  readonly port: number;
}

/** What stderr of every lab of this data folder is appended to. */
export function logFile(dataFolder: string): string {
  return path.join(dataFolder, "lab.log");
}

/**
 * Starts a lab that outlives this process and resolves when it accepts connections. The lab holds no
 * pipe to this process afterwards, so a window reload does not touch it. Aborting, a timeout, or any
 * failure before the ready line ends the child.
 *
 * @throws Error with the end of the lab's log when it ends or is aborted before it is ready
 */
export async function spawnLab(options: SpawnOptions, signal: AbortSignal): Promise<void> {
  await prepareFolder(options.dataFolder);
  const log = openSync(logFile(options.dataFolder), "a", 0o600);
  let child: ChildProcess;
  try {
    child = spawn(
      process.execPath,
      [
        options.program,
        "serve",
        ...["--data", options.dataFolder],
        ...["--port", String(options.port)],
        ...["--lease-ms", String(LEASE_MS)],
      ],
      {
        detached: true,
        cwd: options.dataFolder,
        env: { ...process.env, ELECTRON_RUN_AS_NODE: "1", NODE_OPTIONS: "" },
        stdio: ["ignore", "pipe", log],
        windowsHide: true,
      },
    );
  } finally {
    closeSync(log);
  }
  try {
    await readyLine(child, AbortSignal.any([signal, AbortSignal.timeout(READY_TIMEOUT_MS)]));
  } catch (error) {
    const gone = exited(child);
    child.kill();
    await gone;
    throw new Error(await explain(error, options.dataFolder), { cause: error });
  } finally {
    child.stdout?.destroy();
    child.unref();
  }
}

/** Makes the data folder and keeps it out of version control, once. */
async function prepareFolder(dataFolder: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await writeFile(path.join(dataFolder, ".gitignore"), "*\n", { flag: "wx" }).catch(ignoreExisting);
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

function readyLine(child: ChildProcess, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    const aborted = () => reject(new Error("the lab was not ready in time"));
    signal.addEventListener("abort", aborted, { once: true });
    if (signal.aborted) aborted();
    child.once("error", reject);
    child.once("exit", (code, signalName) =>
      reject(new Error(`the lab ended with ${signalName ?? `exit code ${code}`}`)),
    );
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const end = text.indexOf("\n");
      if (end < 0 && text.length <= MAX_READY_LINE_BYTES) return;
      signal.removeEventListener("abort", aborted);
      if (isReady(text.slice(0, Math.max(end, 0)))) resolve();
      else reject(new Error("the lab answered with something else than its ready line"));
    });
  });
}

function isReady(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && "ready" in value && value.ready === true;
  } catch {
    return false;
  }
}

function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return Promise.resolve();
  }
  return new Promise((resolve) => child.once("exit", () => resolve()));
}

async function explain(error: unknown, dataFolder: string): Promise<string> {
  const reason = error instanceof Error ? error.message : String(error);
  const last = (await logTail(dataFolder)).split("\n").findLast((line) => line.trim() !== "");
  return last === undefined ? reason : `${last.trim()} (${reason})`;
}

/** The last lines of the lab's log, empty when there is none. */
export async function logTail(dataFolder: string): Promise<string> {
  try {
    const file = await open(logFile(dataFolder), "r");
    try {
      const { size } = await file.stat();
      const length = Math.min(size, LOG_TAIL_BYTES);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString("utf8");
    } finally {
      await file.close();
    }
  } catch {
    return "";
  }
}

/** Whether a process with this id exists and may be signalled. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Waits until a process has gone; false when it is still there after `timeoutMs`. */
export async function processGone(pid: number, timeoutMs: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += GONE_POLL_MS) {
    if (!isAlive(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, GONE_POLL_MS));
  }
  return !isAlive(pid);
}
