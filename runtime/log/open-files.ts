import type { FileSystem, OpenFile } from "./fs.ts";

/** Keeps the most recently used files open, and no more: a lab may have thousands of partitions. */
export class OpenFiles {
  readonly #fs: FileSystem;
  readonly #limit: number;
  readonly #files = new Map<string, OpenFile>();

  constructor(fs: FileSystem, limit: number) {
    this.#fs = fs;
    this.#limit = limit;
  }

  /** The open file at `path`, for use before anything else is asked for. Throws StorageError. */
  use(path: string, create = false): OpenFile {
    const open = this.#files.get(path) ?? this.#fs.open(path, create);
    // A Map keeps the order of insertion: the first entry is the one not used for the longest time.
    this.#files.delete(path);
    this.#files.set(path, open);
    for (const oldest of this.#files.keys()) {
      if (this.#files.size <= this.#limit) break;
      this.close(oldest);
    }
    return open;
  }

  close(path: string): void {
    const file = this.#files.get(path);
    this.#files.delete(path);
    file?.close();
  }

  closeAll(): void {
    for (const path of [...this.#files.keys()]) this.close(path);
  }
}
