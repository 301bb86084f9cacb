import * as fs from "node:fs";
import path from "node:path";
import type { FileSystem, OpenFile } from "./fs.ts";
import { storageError, systemCode } from "./storage-error.ts";

/** Most buffers one writev takes on every system (IOV_MAX of Linux and macOS). */
const MAX_CHUNKS = 1024;

function attempt<T>(action: string, file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storageError(action, file, error);
  }
}

class NodeFile implements OpenFile {
  readonly #path: string;
  readonly #fd: number;

  constructor(file: string, fd: number) {
    this.#path = file;
    this.#fd = fd;
  }

  size(): number {
    return attempt("read", this.#path, () => fs.fstatSync(this.#fd).size);
  }

  readAt(target: Buffer, position: number): number {
    return attempt("read", this.#path, () => {
      let total = 0;
      while (total < target.length) {
        const read = fs.readSync(this.#fd, target, total, target.length - total, position + total);
        if (read === 0) break;
        total += read;
      }
      return total;
    });
  }

  writeAt(chunks: readonly Buffer[], position: number): void {
    attempt("write", this.#path, () => {
      let at = position;
      for (let first = 0; first < chunks.length; first += MAX_CHUNKS) {
        at = this.#writeAll(chunks.slice(first, first + MAX_CHUNKS), at);
      }
    });
  }

  /** The system may write less than asked, most of all when the disk is nearly full. */
  #writeAll(chunks: readonly Buffer[], position: number): number {
    let at = position;
    let rest = chunks;
    while (rest.length > 0) {
      let written = fs.writevSync(this.#fd, rest, at);
      at += written;
      let done = 0;
      for (const chunk of rest) {
        if (written < chunk.length) break;
        written -= chunk.length;
        done++;
      }
      const cut = rest[done];
      rest = cut === undefined ? [] : [cut.subarray(written), ...rest.slice(done + 1)];
    }
    return at;
  }

  truncate(sizeBytes: number): void {
    attempt("write", this.#path, () => fs.ftruncateSync(this.#fd, sizeBytes));
  }

  close(): void {
    attempt("close", this.#path, () => fs.closeSync(this.#fd));
  }
}

const isWindows = process.platform === "win32";

/** Windows syncs only what is open for writing, and never folders, whose names its journal keeps in order. */
const SYNC_FLAGS = isWindows ? "r+" : "r";

/** Whether there is nothing to sync: deleted in the meantime, never made, or a folder of Windows. */
function isNothingToSync(error: unknown): boolean {
  const code = systemCode(error) ?? "";
  return code === "ENOENT" || (isWindows && ["EISDIR", "EPERM", "EACCES"].includes(code));
}

async function syncOne(target: string): Promise<void> {
  let handle: fs.promises.FileHandle;
  try {
    handle = await fs.promises.open(target, SYNC_FLAGS);
  } catch (error) {
    if (isNothingToSync(error)) return;
    throw storageError("open", target, error);
  }
  try {
    await handle.sync();
  } catch (error) {
    throw storageError("write", target, error);
  } finally {
    await handle.close();
  }
}

function syncOneNow(target: string): void {
  let fd: number;
  try {
    fd = fs.openSync(target, SYNC_FLAGS);
  } catch (error) {
    if (isNothingToSync(error)) return;
    throw storageError("open", target, error);
  }
  try {
    attempt("write", target, () => fs.fsyncSync(fd));
  } finally {
    fs.closeSync(fd);
  }
}

/** The real disk. */
export const nodeFileSystem: FileSystem = {
  open(file, create) {
    const flags = fs.constants.O_RDWR | (create ? fs.constants.O_CREAT : 0);
    return attempt("open", file, () => new NodeFile(file, fs.openSync(file, flags, 0o600)));
  },
  list(folder) {
    try {
      return fs.readdirSync(folder);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return [];
      throw storageError("read", folder, error);
    }
  },
  makeFolder(folder) {
    attempt("make", folder, () => fs.mkdirSync(folder, { recursive: true, mode: 0o700 }));
  },
  removeFolder(folder) {
    attempt("remove", folder, () => fs.rmSync(folder, { recursive: true, force: true }));
  },
  remove(file) {
    attempt("remove", file, () => fs.rmSync(file, { force: true }));
  },
  rename(from, to) {
    attempt("rename", from, () => fs.renameSync(from, to));
  },
  readFile(file) {
    try {
      return fs.readFileSync(file);
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined;
      throw storageError("read", file, error);
    }
  },
  writeFile(file, bytes) {
    const temporary = path.join(path.dirname(file), `.${path.basename(file)}.tmp`);
    attempt("write", file, () => {
      try {
        fs.writeFileSync(temporary, bytes, { mode: 0o600 });
        fs.renameSync(temporary, file);
      } catch (error) {
        fs.rmSync(temporary, { force: true });
        throw error;
      }
    });
  },
  async sync(paths) {
    for (const target of paths) await syncOne(target);
  },
  syncNow(paths) {
    for (const target of paths) syncOneNow(target);
  },
};
