import type { Clock } from "../../core/clock.ts";
import type { Logger } from "../../core/logger.ts";
import type { PartitionLog } from "../partition-log.ts";
import type { SegmentDeps } from "../segment.ts";
import { batchesOf } from "./batch-stream.ts";
import { cleanLog, MAX_MAP_BYTES } from "./clean-log.ts";
import { type CleanPlan, planCleaning } from "./clean-plan.ts";
import type { CleanStep } from "./clean-step.ts";
import { readCleanerCheckpoint, writeCleanerCheckpoint } from "./cleaner-checkpoint.ts";

interface CleanerOptions {
  readonly dataFolder: string;
  readonly deps: SegmentDeps;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The open logs, by the names of their folders. */
  readonly logs: ReadonlyMap<string, PartitionLog>;
  /** Resolves once everything else that is ready has had its turn. */
  readonly giveWay: () => Promise<void>;
  /** Called with the name of a log that has been compacted. */
  readonly cleaned?: (name: string) => void;
  readonly maxMapBytes?: number;
}

type Work = Generator<CleanStep, number | undefined, void>;

interface Candidate {
  readonly name: string;
  readonly log: PartitionLog;
  readonly plan: CleanPlan;
}

/** Compacts the logs of a data folder, one after the other, the dirtiest first. */
export class Cleaner {
  readonly #options: CleanerOptions;
  readonly #firstDirty: Map<string, number>;
  /** Logs whose last pass failed, which has been said. */
  readonly #failed = new Set<string>();
  #isStale = false;
  #closed = false;
  #current: { readonly name: string; readonly work: Work } | undefined;
  #running: Promise<void> | undefined;

  constructor(options: CleanerOptions) {
    const { dataFolder, deps, logger } = options;
    this.#options = options;
    this.#firstDirty = readCleanerCheckpoint(deps.fs, dataFolder, logger);
  }

  /** Compacts every log that asks for it. Failures are logged. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** The log is being compacted: its segments must stay. */
  isCleaning(name: string): boolean {
    return this.#current?.name === name;
  }

  /** Takes note of a log that has been opened; what was known of an earlier one of its name is gone. */
  opened(name: string, log: PartitionLog): void {
    if ((this.#firstDirty.get(name) ?? 0) > log.endOffset) this.forget(name);
    this.tidy();
  }

  /** Replaces the checkpoint file when it names logs that are gone. */
  tidy(): void {
    if (this.#isStale) this.#writeCheckpoint();
  }

  /** Ends the compaction of a log at once, and forgets what is known of it. */
  forget(name: string): void {
    if (this.isCleaning(name)) this.#cancel();
    this.#failed.delete(name);
    if (this.#firstDirty.delete(name)) this.#isStale = true;
  }

  /** Forgets logs without a folder. */
  keepOnly(folders: ReadonlySet<string>): void {
    for (const name of [...this.#firstDirty.keys()]) if (!folders.has(name)) this.forget(name);
  }

  /** Ends what is going on, and resolves when nothing touches the disk any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#running;
  }

  #cancel(): void {
    try {
      this.#current?.work.return(undefined);
    } catch (error) {
      this.#options.logger.warn(messageOf(error));
    }
    this.#current = undefined;
  }

  async #run(): Promise<void> {
    const tried = new Set<string>();
    for (;;) {
      const next = this.#closed ? undefined : this.#dirtiest(tried);
      if (next === undefined) return;
      try {
        await this.#clean(next);
        this.#failed.delete(next.name);
      } catch (error) {
        this.#giveUp(next.name, error, tried);
      }
    }
  }

  /** Leaves a log alone for this time, and says why once. */
  #giveUp(name: string, error: unknown, tried: Set<string>): void {
    tried.add(name);
    if (!this.#failed.has(name)) this.#options.logger.error(messageOf(error));
    this.#failed.add(name);
  }

  #dirtiest(tried: Set<string>): Candidate | undefined {
    let found: Candidate | undefined;
    for (const [name, log] of this.#options.logs) {
      if (tried.has(name)) continue;
      try {
        const plan = this.#planFor(name, log);
        if (plan && plan.ratio > (found?.plan.ratio ?? 0)) found = { name, log, plan };
      } catch (error) {
        // To look at a log is to read its files, which a disk may refuse.
        this.#giveUp(name, error, tried);
      }
    }
    return found;
  }

  #planFor(name: string, log: PartitionLog): CleanPlan | undefined {
    const { compaction } = log.config;
    if (compaction === undefined) return undefined;
    const nowMs = this.#options.clock.nowMs();
    const checkpoint = this.#firstDirty.get(name) ?? log.startOffset;
    const plan = planCleaning(log.stable, checkpoint, compaction, nowMs);
    if (plan === undefined || plan.ratio > compaction.minCleanableDirtyRatio) return plan;
    const oldestMs = nowMs - compaction.maxCompactionLagMs;
    return oldestMs >= 0 && this.#hasOlder(log, plan, oldestMs) ? plan : undefined;
  }

  /** Whether a segment that is not compacted begins with a record from before `timeMs`. */
  #hasOlder(log: PartitionLog, { firstDirty, end }: CleanPlan, timeMs: number): boolean {
    return log.stable.some((segment) => {
      if (segment.nextOffset <= firstDirty || segment.baseOffset >= end) return false;
      const first = batchesOf(this.#options.deps.files, segment).next();
      if (first.done === true) return false;
      const { maxTimestampMs } = first.value.header;
      return maxTimestampMs > 0 && maxTimestampMs < timeMs;
    });
  }

  async #clean({ name, log, plan }: Candidate): Promise<void> {
    const { deps, clock, logger, cleaned, maxMapBytes = MAX_MAP_BYTES } = this.#options;
    const deleteRetentionMs = log.config.compaction?.deleteRetentionMs ?? 0;
    const nowMs = clock.nowMs();
    const before = log.sizeBytes;
    const work: Work = cleanLog(log, plan, { deps, deleteRetentionMs, nowMs, maxMapBytes });
    this.#current = { name, work };
    let upTo: number | undefined;
    try {
      upTo = await this.#drive(work);
    } finally {
      if (this.#current?.work === work) this.#cancel();
    }
    if (upTo === undefined) return;
    this.#firstDirty.set(name, upTo);
    this.#writeCheckpoint();
    cleaned?.(name);
    logger.debug(
      `${name}: compacted up to offset ${upTo}, ${before} bytes before and ${log.sizeBytes} now`,
    );
  }

  async #drive(work: Work): Promise<number | undefined> {
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      if (step.value.length > 0) await this.#options.deps.fs.sync(step.value);
      else await this.#options.giveWay();
    }
  }

  #writeCheckpoint(): void {
    writeCleanerCheckpoint(this.#options.deps.fs, this.#options.dataFolder, this.#firstDirty);
    this.#isStale = false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
