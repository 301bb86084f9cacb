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
import { dirname, join } from "node:path";
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

/** How often a lock file that changes underneath is looked at again; each look takes well under 1 ms. */
const MAX_ATTEMPTS = 100;

export function lockPath(dataFolder: string): string {
  return join(dataFolder, "lab.lock");
}

/** The lock of a lab that lives, starting or running; undefined when nobody holds the folder. */
export function livingLock(dataFolder: string): LabLock | undefined {
  return livingHolder(lockPath(dataFolder));
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
        const holder = livingHolder(path);
        if (holder !== undefined) throw inUse(dataFolder, holder.pid);
        if (takeOver(path, text)) return new DataLock(path, marked, text);
      }
    } catch (error) {
      throw error instanceof LabError ? error : unusable(path, error);
    }
    throw inUse(dataFolder, undefined);
  }

  /** Adds the address, so that others can find the lab. Throws a LabError `disk` when it cannot be written. */
  publish(address: LabAddress): void {
    const text = print(this.#owner, address);
    const temporary = `${this.#path}.${this.#owner.pid}.tmp`;
    try {
      writeFileSync(temporary, text, { mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw unusable(this.#path, error);
    }
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

function unusable(path: string, error: unknown): LabError {
  const reason = error instanceof Error ? error.message : String(error);
  return new LabError(
    "disk",
    `Cannot use the data folder ${dirname(path)}: ${reason}. ` +
      "Check its permissions and the space on its disk, or use --data with another folder.",
  );
}

/** Creates the file with all its text in one step; false when there is one already. */
function createWhole(path: string, text: string): boolean {
  const temporary = `${path}.${process.pid}.new`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
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

/**
 * Puts `text` in the place of a dead lab's lock. A second file lets one process at a time do so, else
 * a slow one could remove the lock that a quick one has just made. False when another one was first.
 */
function takeOver(path: string, text: string): boolean {
  const guard = `${path}.takeover`;
  if (!createWhole(guard, text)) {
    if (livingHolder(guard) === undefined) rmSync(guard, { force: true });
    return false;
  }
  try {
    if (livingHolder(path) !== undefined) return false;
    rmSync(path, { force: true });
    return createWhole(path, text);
  } finally {
    rmSync(guard, { force: true });
  }
}

function livingHolder(path: string): LabLock | undefined {
  const text = readText(path);
  const lock = text === undefined ? undefined : parseLock(text);
  return lock !== undefined && isAlive(lock.pid, lock.mark) ? lock : undefined;
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
