import type { FileSystem, OpenFile } from "../../../runtime/log/fs.ts";
import { type MemoryFileSystem, SimulatedCrash } from "../../../runtime/log/memory-fs.ts";

/** The disk as one process sees it: once that is dead, nothing of it reaches the disk any more. */
export class MortalFileSystem implements FileSystem {
  readonly #disk: MemoryFileSystem;
  #isDead = false;

  constructor(disk: MemoryFileSystem) {
    this.#disk = disk;
  }

  die(): void {
    this.#isDead = true;
  }

  get #alive(): MemoryFileSystem {
    if (this.#isDead) throw new SimulatedCrash("the process is dead");
    return this.#disk;
  }

  open(file: string, create: boolean): OpenFile {
    const open = this.#alive.open(file, create);
    return {
      size: () => open.size(),
      readAt: (target, position) => open.readAt(target, position),
      writeAt: (chunks, position) => {
        if (this.#alive) open.writeAt(chunks, position);
      },
      truncate: (sizeBytes) => {
        if (this.#alive) open.truncate(sizeBytes);
      },
      close: () => open.close(),
    };
  }

  list(folder: string): string[] {
    return this.#alive.list(folder);
  }

  makeFolder(folder: string): void {
    this.#alive.makeFolder(folder);
  }

  removeFolder(folder: string): void {
    this.#alive.removeFolder(folder);
  }

  remove(file: string): void {
    this.#alive.remove(file);
  }

  rename(from: string, to: string): void {
    this.#alive.rename(from, to);
  }

  readFile(file: string): Buffer | undefined {
    return this.#alive.readFile(file);
  }

  writeFile(file: string, bytes: Buffer): void {
    this.#alive.writeFile(file, bytes);
  }

  sync(paths: readonly string[]): Promise<void> {
    return this.#alive.sync(paths);
  }

  syncNow(paths: readonly string[]): void {
    this.#alive.syncNow(paths);
  }
}
