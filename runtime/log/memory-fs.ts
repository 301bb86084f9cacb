import path from "node:path";
import type { FileSystem, OpenFile } from "./fs.ts";
import { storageError } from "./storage-error.ts";

/** The process died in the middle of a call. Every call after it fails the same way until `restart`. */
export class SimulatedCrash extends Error {
  override readonly name = "SimulatedCrash";
}

class Inode {
  /** What the device has. */
  durable: Buffer = Buffer.alloc(0);
  /** Contents since the last sync, and at which change the disk got them. */
  readonly #versions: { readonly change: number; readonly bytes: Buffer }[] = [];

  /** What is there to be read. */
  get bytes(): Buffer {
    return this.#versions.at(-1)?.bytes ?? this.durable;
  }

  /** What was there to be read before a change. */
  bytesBefore(change: number): Buffer {
    return this.#versions.findLast((version) => version.change < change)?.bytes ?? this.durable;
  }

  replace(change: number, bytes: Buffer): void {
    this.#versions.push({ change, bytes });
  }

  /** The device has this now, and nothing else is known. */
  settle(bytes: Buffer): void {
    this.durable = bytes;
    this.#versions.length = 0;
  }
}

type Names = Map<string, Inode | "folder">;

/** What the disk says instead of doing it. */
type Refusal = "ENOSPC" | "EROFS" | "EIO";

function systemError(code: Refusal): Error {
  return Object.assign(new Error(code), { code });
}

/**
 * A disk in memory that lies the way disks do: it fills up in the middle of a write, refuses writes,
 * and keeps after a crash what a real one might. Content survives a power cut as far as it was synced,
 * plus any part of the rest; names survive as far as their folder was synced, plus any number of the
 * changes after it, in order. As on a journaling file system no content is younger than the first
 * change of a name that was lost.
 */
export class MemoryFileSystem implements FileSystem {
  /** Bytes that fit on the disk. */
  capacityBytes = Infinity;
  readOnly = false;
  /** Number of calls that change something, so far. */
  changes = 0;
  #names: Names = new Map();
  #durableNames: Names = new Map();
  /** Changes of names since the last sync of a folder, in order. */
  #journal: { readonly change: number; readonly apply: (names: Names) => void }[] = [];
  #below: (limit: number) => number;
  #crashAt = Infinity;
  #ioErrorAt = Infinity;
  #isDown = false;

  /** `below` gives a random integer from 0 up to but without its limit; a seed makes it repeatable. */
  constructor(below: (limit: number) => number = () => 0) {
    this.#below = below;
  }

  /** The process has died and was not started again. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** The process dies at the n-th change from now, which may have been done in part. */
  crashAfter(changes: number): void {
    this.#crashAt = this.changes + changes;
  }

  /** The n-th change from now fails with an I/O error, and those after it work again. */
  failAfter(changes: number): void {
    this.#ioErrorAt = this.changes + changes;
  }

  /** After a crash of the process: everything that was written is still there. */
  restart(): void {
    this.#isDown = false;
    this.#crashAt = Infinity;
  }

  /** After a power cut: what the device happens to have. */
  cutPower(): void {
    this.restart();
    for (let left = this.#below(this.#journal.length + 1); left > 0; left--) {
      this.#journal.shift()?.apply(this.#durableNames);
    }
    const firstLost = this.#journal[0]?.change ?? Infinity;
    this.#journal = [];
    this.#names = new Map(this.#durableNames);
    for (const inode of this.#names.values()) {
      if (inode === "folder") continue;
      inode.settle(this.#survivor(inode.bytesBefore(firstLost), inode.durable));
    }
  }

  /** What was synced, and some of the rest: cut anywhere, with a hole that the device never got, or zeros at its end. */
  #survivor(bytes: Buffer, durable: Buffer): Buffer {
    if (bytes.equals(durable) || this.#below(4) === 0) return durable;
    let same = 0;
    while (same < Math.min(bytes.length, durable.length) && bytes[same] === durable[same]) same++;
    const rest = Buffer.from(bytes.subarray(same, same + this.#below(bytes.length - same + 1)));
    if (rest.length > 0 && this.#below(3) === 0) {
      const from = this.#below(rest.length);
      rest.fill(0, from, from + this.#below(rest.length - from + 1));
    }
    const zeros = Buffer.alloc(this.#below(3) === 0 ? this.#below(100) : 0);
    return Buffer.concat([bytes.subarray(0, same), rest, zeros]);
  }

  /** Whole contents of a file for a test to look at, or to damage. */
  peek(file: string): Buffer | undefined {
    const inode = this.#names.get(file);
    return inode instanceof Inode ? inode.bytes : undefined;
  }

  /** Replaces a file's contents as if somebody else had done it. */
  poke(file: string, bytes: Buffer): void {
    const inode = this.#names.get(file);
    if (!(inode instanceof Inode)) throw new Error(`there is no ${file}`);
    inode.replace(this.changes, Buffer.from(bytes));
  }

  /** Every file there is. */
  files(): string[] {
    return [...this.#names].flatMap(([name, inode]) => (inode === "folder" ? [] : [name])).sort();
  }

  open(file: string, create: boolean): OpenFile {
    this.#alive();
    const found = this.#names.get(file);
    if (found instanceof Inode) return this.#handle(file, found);
    if (!create || found === "folder" || this.#names.get(path.dirname(file)) !== "folder") {
      throw storageError("open", file, new Error("ENOENT"));
    }
    const inode = new Inode();
    this.#change("open", file, () => undefined);
    this.#rename((names) => names.set(file, inode));
    return this.#handle(file, inode);
  }

  list(folder: string): string[] {
    this.#alive();
    const names = [...this.#names.keys()].filter((name) => path.dirname(name) === folder);
    return names.map((name) => path.basename(name));
  }

  makeFolder(folder: string): void {
    if (this.#names.get(folder) === "folder") return this.#alive();
    this.#change("make", folder, () => undefined);
    const missing: string[] = [];
    for (let at = folder; !this.#names.has(at) && at !== path.dirname(at); at = path.dirname(at)) {
      missing.unshift(at);
    }
    for (const one of missing) this.#rename((names) => names.set(one, "folder"));
  }

  /** One change per file, so that a crash can leave any number of them. */
  removeFolder(folder: string): void {
    this.#alive();
    for (const name of [...this.#names.keys()].reverse()) {
      if (name === folder || name.startsWith(folder + path.sep)) this.remove(name);
    }
  }

  remove(file: string): void {
    this.#alive();
    if (!this.#names.has(file)) return;
    this.#change("remove", file, () => undefined);
    this.#rename((names) => names.delete(file));
  }

  rename(from: string, to: string): void {
    this.#change("rename", from, () => undefined);
    this.#rename((names) => {
      for (const [name, inode] of [...names]) {
        if (name !== from && !name.startsWith(from + path.sep)) continue;
        names.delete(name);
        names.set(to + name.slice(from.length), inode);
      }
    });
  }

  readFile(file: string): Buffer | undefined {
    this.#alive();
    const inode = this.#names.get(file);
    return inode instanceof Inode ? Buffer.from(inode.bytes) : undefined;
  }

  writeFile(file: string, bytes: Buffer): void {
    const temporary = path.join(path.dirname(file), `.${path.basename(file)}.tmp`);
    // Emptying what an earlier one left would come before the rename in the journal: a new file is the same.
    this.remove(temporary);
    const handle = this.open(temporary, true);
    try {
      handle.writeAt([bytes], 0);
      this.rename(temporary, file);
    } catch (error) {
      if (!this.#isDown) this.remove(temporary);
      throw error;
    }
  }

  async sync(paths: readonly string[]): Promise<void> {
    this.#alive();
    await Promise.resolve();
    this.syncNow(paths);
  }

  syncNow(paths: readonly string[]): void {
    for (const one of paths) {
      this.#change("sync", one, () => undefined);
      const found = this.#names.get(one);
      if (found instanceof Inode) found.settle(found.bytes);
      if (found !== "folder") continue;
      for (const { apply } of this.#journal.splice(0)) apply(this.#durableNames);
    }
  }

  #handle(file: string, inode: Inode): OpenFile {
    return {
      size: () => {
        this.#alive();
        return inode.bytes.length;
      },
      readAt: (target, position) => {
        this.#alive();
        return inode.bytes.copy(target, 0, Math.min(position, inode.bytes.length));
      },
      writeAt: (chunks, position) => this.#write(file, inode, Buffer.concat(chunks), position),
      truncate: (sizeBytes) => {
        this.#change("write", file, () => undefined);
        inode.replace(this.changes, Buffer.concat([inode.bytes], sizeBytes));
      },
      close: () => undefined,
    };
  }

  #write(file: string, inode: Inode, bytes: Buffer, position: number): void {
    const put = (length: number): void => {
      const end = Math.max(inode.bytes.length, position + length);
      const after = Buffer.concat([inode.bytes], end);
      bytes.copy(after, position, 0, length);
      inode.replace(this.changes, after);
    };
    const grows = Math.max(0, position + bytes.length - inode.bytes.length);
    const room = this.capacityBytes - this.#usedBytes();
    this.#change("write", file, () => put(this.#below(bytes.length + 1)));
    if (grows > room) {
      put(Math.max(0, bytes.length - (grows - room)));
      throw storageError("write", file, systemError("ENOSPC"));
    }
    put(bytes.length);
  }

  #usedBytes(): number {
    let used = 0;
    for (const inode of this.#names.values()) used += inode === "folder" ? 0 : inode.bytes.length;
    return used;
  }

  #alive(): void {
    if (this.#isDown) throw new SimulatedCrash("the process is dead");
  }

  /** Counts a change, and fails it when it is its turn, after `inPart` did what of it still got done. */
  #change(action: string, file: string, inPart: () => void): void {
    this.#alive();
    this.changes++;
    if (this.changes >= this.#crashAt) {
      inPart();
      this.#isDown = true;
      throw new SimulatedCrash(`the process died at change ${this.changes}`);
    }
    if (this.changes === this.#ioErrorAt) {
      inPart();
      throw storageError(action, file, systemError("EIO"));
    }
    if (this.readOnly) throw storageError(action, file, systemError("EROFS"));
  }

  #rename(apply: (names: Names) => void): void {
    apply(this.#names);
    this.#journal.push({ change: this.changes, apply });
  }
}
