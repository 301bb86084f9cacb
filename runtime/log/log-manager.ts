import path from "node:path";
import type { Clock } from "../core/clock.ts";
import { type Disposable, Lifetime } from "../core/lifetime.ts";
import type { Logger } from "../core/logger.ts";
import { Cleaner } from "./cleaner/cleaner.ts";
import type { FileSystem } from "./fs.ts";
import { IndexCache } from "./index-cache.ts";
import type { LogConfig } from "./log-config.ts";
import { OpenFiles } from "./open-files.ts";
import { type LogDeps, PartitionLog } from "./partition-log.ts";
import type { RecoveryPoint } from "./recovery.ts";
import { checkpointPath, readCheckpoint, writeCheckpoint } from "./recovery-checkpoint.ts";
import { StorageError } from "./storage-error.ts";

/** How often what was written is brought to the device, and how much a power cut can cost. */
export const SYNC_INTERVAL_MS = 30_000;
/** How often expired segments are looked for. */
export const RETENTION_INTERVAL_MS = 60_000;
/** How often logs to compact are looked for; Kafka's log.cleaner.backoff.ms. */
export const CLEANING_INTERVAL_MS = 15_000;

const MAX_OPEN_FILES = 256;
const MAX_LOADED_INDEXES = 16;
const DELETED_SUFFIX = ".deleted";

export interface LogManagerOptions {
  readonly dataFolder: string;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves once everything else that is ready has had its turn; after a turn of the event loop by default. */
  readonly giveWay?: () => Promise<void>;
  /** Memory for compaction. */
  readonly maxMapBytes?: number;
}

const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Owns the logs of a data folder: opens and deletes them, syncs and compacts them, and applies their retention. */
export class LogManager {
  readonly #options: LogManagerOptions;
  readonly #deps: LogDeps;
  readonly #logs = new Map<string, PartitionLog>();
  readonly #synced: Map<string, RecoveryPoint>;
  /** Partitions that are gone and still have a point in the checkpoint file. */
  readonly #stale = new Set<string>();
  readonly #timers = new Lifetime();
  readonly #cleaner: Cleaner;
  readonly #shrinkListeners = new Set<(topic: string) => void>();
  #syncing: Promise<void> | undefined;
  #syncFailed = false;

  private constructor(options: LogManagerOptions) {
    const { fs, dataFolder, logger } = options;
    this.#options = options;
    this.#deps = {
      fs,
      files: new OpenFiles(fs, MAX_OPEN_FILES),
      indexes: new IndexCache(MAX_LOADED_INDEXES),
      logger,
      onSealed: () => void this.#syncQuietly(),
    };
    const { clock, giveWay = nextTurn, maxMapBytes } = options;
    this.#cleaner = new Cleaner({
      dataFolder,
      deps: this.#deps,
      clock,
      logger,
      logs: this.#logs,
      giveWay,
      cleaned: (name) => this.#shrunk(name),
      ...(maxMapBytes !== undefined && { maxMapBytes }),
    });
    const folders = new Set(fs.list(dataFolder));
    this.#cleaner.keepOnly(folders);
    this.#synced = readCheckpoint(fs, dataFolder, logger);
    for (const name of folders) {
      if (name.endsWith(DELETED_SUFFIX)) fs.removeFolder(path.join(dataFolder, name));
    }
    for (const name of [...this.#synced.keys()]) {
      if (!folders.has(name)) this.#forgetPoint(name);
    }
  }

  /** Opens a data folder that is of a known format and belongs to this process. Throws StorageError. */
  static open(options: LogManagerOptions): LogManager {
    const manager = new LogManager(options);
    manager.#every(SYNC_INTERVAL_MS, () => void manager.#syncQuietly());
    manager.#every(RETENTION_INTERVAL_MS, () => manager.applyRetention());
    manager.#every(CLEANING_INTERVAL_MS, () => void manager.clean());
    return manager;
  }

  get dataFolder(): string {
    return this.#options.dataFolder;
  }

  /** Opens, and recovers if need be, the log of one partition. Throws StorageError. */
  partition(topic: string, index: number, config: LogConfig): PartitionLog {
    const name = `${topic}-${index}`;
    const known = this.#synced.get(name);
    const log = PartitionLog.open(this.#pathOf(name), this.#deps, config, known);
    if (known !== undefined && isBefore(log.recoveryPoint, known)) this.#forgetPoint(name);
    if (this.#stale.has(name)) this.#writeCheckpoint();
    this.#cleaner.opened(name, log);
    this.#logs.set(name, log);
    return log;
  }

  #forgetPoint(name: string): void {
    if (this.#synced.delete(name)) this.#stale.add(name);
  }

  #writeCheckpoint(): void {
    writeCheckpoint(this.#options.fs, this.#options.dataFolder, this.#synced);
    this.#stale.clear();
  }

  /**
   * Deletes a partition's records. A crash in the middle leaves nothing that looks like a log; what the
   * disk refuses to delete is in nobody's way until a partition of that name is made again.
   */
  destroy(topic: string, index: number): void {
    this.#unlessRefused(() => this.#destroy(topic, index));
  }

  /**
   * Deletes whatever lies where new partitions of a topic are going to be, and what is remembered of it:
   * a deletion may have been cut short, and none of it may come back as their records. Opening them
   * writes nothing then. Returns why the disk refuses, if it does.
   */
  makeWay(topic: string, from: number, to: number): string | undefined {
    return this.#unlessRefused(() => {
      for (let index = from; index < to; index++) this.#destroy(topic, index);
      if (this.#stale.size > 0) this.#writeCheckpoint();
      this.#cleaner.tidy();
    });
  }

  #unlessRefused(work: () => void): string | undefined {
    try {
      work();
      return undefined;
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      this.#options.logger.error(error.message);
      return error.message;
    }
  }

  #destroy(topic: string, index: number): void {
    const name = `${topic}-${index}`;
    this.#cleaner.forget(name);
    this.#logs.get(name)?.close();
    this.#logs.delete(name);
    this.#forgetPoint(name);
    const folder = this.#pathOf(name);
    if (this.#deps.fs.list(folder).length === 0) return;
    this.#deps.fs.removeFolder(folder + DELETED_SUFFIX);
    this.#deps.fs.rename(folder, folder + DELETED_SUFFIX);
    this.#deps.fs.removeFolder(folder + DELETED_SUFFIX);
  }

  /** Deletes segments that their topics do not want to keep any longer. */
  applyRetention(): void {
    const nowMs = this.#options.clock.nowMs();
    for (const [name, log] of this.#logs) {
      if (this.#cleaner.isCleaning(name)) continue;
      try {
        const deleted = log.applyRetention(nowMs);
        if (deleted > 0) {
          this.#options.logger.info(`${name}: retention deleted ${deleted} segment(s)`);
          this.#shrunk(name);
        }
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        this.#options.logger.error(error.message);
      }
    }
  }

  /** Calls `listener` with the topic of a partition that retention or compaction has made smaller. */
  onShrink(listener: (topic: string) => void): Disposable {
    this.#shrinkListeners.add(listener);
    return { dispose: () => void this.#shrinkListeners.delete(listener) };
  }

  #shrunk(name: string): void {
    const topic = name.slice(0, name.lastIndexOf("-"));
    for (const listener of this.#shrinkListeners) listener(topic);
  }

  /** Compacts the logs that ask for it, in the background of whatever else is done. Failures are logged. */
  clean(): Promise<void> {
    return this.#cleaner.run();
  }

  /** Brings everything written so far to the device and takes note of it. Throws StorageError. */
  async sync(): Promise<void> {
    // One that is under way does not reach what was written after it began.
    while (this.#syncing !== undefined) await this.#syncing.catch(() => undefined);
    this.#syncing = this.#sync().finally(() => {
      this.#syncing = undefined;
    });
    await this.#syncing;
  }

  /** Syncs, and closes every log. The last thing that is done to a data folder. */
  async close(): Promise<void> {
    this.#timers.dispose();
    try {
      await this.#cleaner.close();
      await this.sync();
    } finally {
      for (const log of this.#logs.values()) log.close();
      this.#logs.clear();
      this.#deps.files.closeAll();
    }
  }

  async #sync(): Promise<void> {
    const { fs, dataFolder } = this.#options;
    let changed = false;
    for (const [name, log] of [...this.#logs]) {
      const before = this.#synced.get(name);
      const now = log.recoveryPoint;
      const isSame =
        before?.segmentOffset === now.segmentOffset && before.position === now.position;
      if (isSame || (before === undefined && now.position === 0 && now.segmentOffset === 0))
        continue;
      await fs.sync([...log.filesSince(before), log.folder]);
      if (this.#logs.get(name) !== log) continue;
      this.#synced.set(name, now);
      changed = true;
    }
    if (!changed) return;
    await fs.sync([dataFolder]);
    this.#writeCheckpoint();
    await fs.sync([checkpointPath(dataFolder), dataFolder]);
  }

  async #syncQuietly(): Promise<void> {
    if (this.#syncing !== undefined) return;
    try {
      await this.sync();
      this.#syncFailed = false;
    } catch (error) {
      if (!this.#syncFailed) {
        this.#options.logger.error(error instanceof Error ? error.message : String(error));
      }
      this.#syncFailed = true;
    }
  }

  #every(intervalMs: number, action: () => void): void {
    const again = () => {
      action();
      timer = this.#options.clock.after(intervalMs, again);
    };
    let timer = this.#options.clock.after(intervalMs, again);
    this.#timers.onDispose(() => timer.dispose());
  }

  #pathOf(name: string): string {
    return path.join(this.#options.dataFolder, name);
  }
}

function isBefore(a: RecoveryPoint, b: RecoveryPoint): boolean {
  return a.segmentOffset === b.segmentOffset
    ? a.position < b.position
    : a.segmentOffset < b.segmentOffset;
}
