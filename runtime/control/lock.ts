import {
  linkSync,
  mkdirSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { LabError } from "../api/errors.ts";
import { isAlive, processMark } from "./process-mark.ts";

/** What the lock file says once the lab accepts connections. */
export interface LabAddress {
  readonly bootstrap: string;
  readonly control: string;
  readonly token: string;
}

export interface LockOwner {
  readonly pid: number;
  readonly version: string;
  readonly startedAtMs: number;
  /** Tells this process from a later one with the same id; absent where the system does not say. */
  readonly mark?: string | undefined;
}

/** A lock file's contents. A lab that is still starting has no address. */
export interface LabLock extends LockOwner {
  readonly address: LabAddress | undefined;
}

/** How often a lock file that changes underneath is looked at again. */
const MAX_ATTEMPTS = 5;

export function lockPath(dataFolder: string): string {
  return join(dataFolder, "lab.lock");
}

/** The lock of a lab that lives, starting or running; undefined when nobody holds the folder. */
export function livingLock(dataFolder: string): LabLock | undefined {
  const text = readText(lockPath(dataFolder));
  const lock = text === undefined ? undefined : parseLock(text);
  return lock !== undefined && isAlive(lock.pid, lock.mark) ? lock : undefined;
}

/**
 * Sole use of a data folder, shown by the file `lab.lock` (mode 0600) in it. The file appears whole
 * or not at all, so of two labs that start at once one wins. A lock whose process is dead is taken over.
 */
export class DataLock {
  readonly #path: string;
  readonly #owner: LockOwner;
  #text: string;

  private constructor(path: string, owner: LockOwner, text: string) {
    this.#path = path;
    this.#owner = owner;
    this.#text = text;
  }

  /**
   * Makes the folder (mode 0700) if need be and takes its lock, before anything in it is opened.
   * Throws a LabError: `data-in-use` when a living lab holds it, `disk` when the folder cannot be written.
   */
  static acquire(dataFolder: string, owner: Omit<LockOwner, "mark">): DataLock {
    const path = lockPath(dataFolder);
    const marked = { ...owner, mark: processMark(owner.pid) };
    const text = print(marked, undefined);
    try {
      mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        if (createWhole(path, text)) return new DataLock(path, marked, text);
        const held = readText(path);
        const lock = held === undefined ? undefined : parseLock(held);
        if (lock !== undefined && isAlive(lock.pid, lock.mark)) throw inUse(dataFolder, lock.pid);
        if (held !== undefined) removeStale(path, held);
      }
    } catch (error) {
      if (error instanceof LabError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new LabError(
        "disk",
        `Cannot use the data folder ${dataFolder}: ${reason}. Check its permissions and the space on its disk, or use --data with another folder.`,
      );
    }
    throw inUse(dataFolder, undefined);
  }

  /** Adds the address, so that others can find the lab. */
  publish(address: LabAddress): void {
    const text = print(this.#owner, address);
    const temporary = `${this.#path}.${this.#owner.pid}.tmp`;
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, this.#path);
    this.#text = text;
  }

  /** Removes the lock, unless it is not this one any more. */
  release(): void {
    if (readText(this.#path) === this.#text) rmSync(this.#path, { force: true });
  }
}

function inUse(dataFolder: string, pid: number | undefined): LabError {
  const holder = pid === undefined ? "another process" : `process ${pid}`;
  return new LabError(
    "data-in-use",
    `The data folder ${dataFolder} is in use by ${holder}. Stop it, or use --data with another folder.`,
  );
}

/** Creates the file with all its text in one step; false when there is one already. */
function createWhole(path: string, text: string): boolean {
  const temporary = `${path}.${process.pid}.new`;
  writeFileSync(temporary, text, { mode: 0o600 });
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    // A file system without hard links: exclusive creation is next best, whole or empty.
    return createExclusive(path, text);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function createExclusive(path: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(path, "wx", 0o600);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
  return true;
}

/** Moves a stale lock away, and back when it turns out that another lab took the folder meanwhile. */
function removeStale(path: string, staleText: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (readText(aside) === staleText) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function print(owner: LockOwner, address: LabAddress | undefined): string {
  return JSON.stringify({ ...owner, ...address }) + "\n";
}

function parseLock(text: string): LabLock | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(json)) return undefined;
  const { pid, version, startedAtMs, mark, bootstrap, control, token } = json;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const hasAddress =
    typeof bootstrap === "string" && typeof control === "string" && typeof token === "string";
  return {
    pid,
    version: typeof version === "string" ? version : "",
    startedAtMs: typeof startedAtMs === "number" ? startedAtMs : 0,
    mark: typeof mark === "string" ? mark : undefined,
    address: hasAddress ? { bootstrap, control, token } : undefined,
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
