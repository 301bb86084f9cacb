/**
 * The disk as the log sees it. Calls are synchronous, because an append or a read is a copy to or from
 * the page cache; only what waits for the device is not. Every method throws StorageError. The double
 * in memory-fs.ts fails in all the ways a disk does.
 */
export interface FileSystem {
  /** Opens a file for reading and writing; makes it when `create` is set. */
  open(path: string, create: boolean): OpenFile;
  /** Names in a folder, in no order; empty when there is no such folder. */
  list(folder: string): string[];
  /** Makes a folder and those above it. */
  makeFolder(folder: string): void;
  removeFolder(folder: string): void;
  /** Removes a file; one that is not there is no error. */
  remove(path: string): void;
  rename(from: string, to: string): void;
  /** The whole file, or undefined when there is none. For small files only. */
  readFile(path: string): Buffer | undefined;
  /**
   * Replaces a file as a whole or not at all when the process dies. After a power cut the new file may
   * be short unless it was synced: its reader has to notice.
   */
  writeFile(path: string, bytes: Buffer): void;
  /** Resolves when the contents of files, and the names in folders, are on the device. A path may be gone. */
  sync(paths: readonly string[]): Promise<void>;
  /** The same while everything waits; only for repairs at the start. */
  syncNow(paths: readonly string[]): void;
}

export interface OpenFile {
  size(): number;
  /** Reads into `target` from `position` on; returns how many bytes there were. */
  readAt(target: Buffer, position: number): number;
  /** Writes all of `chunks` from `position` on, or throws; a part may then have been written. */
  writeAt(chunks: readonly Buffer[], position: number): void;
  truncate(sizeBytes: number): void;
  close(): void;
}
