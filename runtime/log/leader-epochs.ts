import path from "node:path";
import type { Logger } from "../core/logger.ts";
import type { FileSystem } from "./fs.ts";

/** Remembers where leader epochs began, in the form of Kafka's file of that name; see FORMAT.md. */
const FILE = "leader-epoch-checkpoint";
const VERSION = "0";
/** Leader epochs that are remembered; of older ones it is only known that they are over. */
export const MAX_LEADER_EPOCHS = 1_000;
const MAX_INT32 = 2 ** 31 - 1;

/** A leader epoch and the offset of its first record, or the one that its first record will get. */
export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

/** Up to where an epoch went; -1 and -1 when nothing is known of it. */
export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

const UNKNOWN: EpochEnd = { epoch: -1, endOffset: -1 };
/** A log that nobody but one leader ever wrote to. */
const ONLY_EPOCH: readonly EpochStart[] = [{ epoch: 0, startOffset: 0 }];

/** The leader epochs of one log, as Kafka's LeaderEpochFileCache keeps them: rising in epoch and offset. */
export class LeaderEpochs {
  readonly #entries: EpochStart[];
  #saved: boolean;

  constructor(entries: readonly EpochStart[] = ONLY_EPOCH, saved = true) {
    this.#entries = entries.slice();
    this.#saved = saved;
  }

  /** To be learned from the headers of batches, in place of a file that cannot be read. */
  static unknown(): LeaderEpochs {
    return new LeaderEpochs(ONLY_EPOCH, false);
  }

  get entries(): readonly EpochStart[] {
    return this.#entries;
  }

  /** What is known here is in the file too, or needs none. */
  get saved(): boolean {
    return this.#saved;
  }

  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? -1;
  }

  /** An epoch begins. One without records gives way to it; an older one changes nothing. */
  assign(epoch: number, startOffset: number): void {
    if (epoch <= this.latest) return;
    while ((this.#entries.at(-1)?.startOffset ?? -1) >= startOffset) this.#entries.pop();
    this.#entries.push({ epoch, startOffset });
    if (this.#entries.length > MAX_LEADER_EPOCHS) this.#entries.shift();
    this.#saved = false;
  }

  /** The log ends at `endOffset`: what began after it never was. */
  truncate(endOffset: number): void {
    const [first] = this.#entries;
    while ((this.#entries.at(-1)?.startOffset ?? -1) > endOffset) {
      this.#entries.pop();
      this.#saved = false;
    }
    if (this.#entries.length === 0 && first !== undefined) {
      this.#entries.push({ epoch: first.epoch, startOffset: endOffset });
    }
  }

  /**
   * The largest epoch at or below the one asked for, and where it ended: where the next one begins, or
   * at the log's end. Of epochs whose records are all gone only their end is known (KIP-320).
   */
  endOf(
    epoch: number,
    log: { readonly startOffset: number; readonly endOffset: number },
  ): EpochEnd {
    if (epoch < 0) return UNKNOWN;
    if (epoch === this.latest) return { epoch, endOffset: log.endOffset };
    const next = this.#entries.findIndex((entry) => entry.epoch > epoch);
    const higher = this.#entries[next];
    if (higher === undefined) return UNKNOWN;
    const endOffset = Math.max(higher.startOffset, log.startOffset);
    const floor = this.#entries[next - 1];
    const isThere = floor !== undefined && higher.startOffset > log.startOffset;
    return { epoch: isThere ? floor.epoch : epoch, endOffset };
  }

  /** The epoch in which the record at `offset` was written, or the next one will be. */
  at(offset: number): number {
    const { length } = this.#entries;
    if (length === 1) return this.latest;
    const next = this.#entries.findIndex(({ startOffset }) => startOffset > offset);
    return this.#entries[(next < 0 ? length : next) - 1]?.epoch ?? -1;
  }

  /** Replaces the file. Throws StorageError. */
  save(fs: FileSystem, folder: string): void {
    const rows = this.#entries.map(({ epoch, startOffset }) => `${epoch} ${startOffset}\n`);
    const text = `${VERSION}\n${rows.length}\n${rows.join("")}`;
    fs.writeFile(leaderEpochsFile(folder), Buffer.from(text));
    this.#saved = true;
  }
}

export function leaderEpochsFile(folder: string): string {
  return path.join(folder, FILE);
}

/**
 * What the file says, if it is among the `names` in the folder; undefined, with a line in the log, when
 * it is damaged.
 */
export function readLeaderEpochs(
  fs: FileSystem,
  folder: string,
  names: readonly string[],
  logger: Logger,
): LeaderEpochs | undefined {
  const bytes = names.includes(FILE) ? fs.readFile(leaderEpochsFile(folder)) : undefined;
  if (bytes === undefined) return new LeaderEpochs();
  const entries = decode(bytes.toString("latin1"));
  if (entries !== undefined) return new LeaderEpochs(entries);
  logger.warn(`${leaderEpochsFile(folder)} is damaged: epochs are learned from the segments`);
  return undefined;
}

function decode(text: string): EpochStart[] | undefined {
  const [version, count, ...rows] = text.split("\n");
  if (version !== VERSION || rows.pop() !== "" || count !== String(rows.length)) return undefined;
  const entries: EpochStart[] = [];
  for (const row of rows) {
    const [, epoch, startOffset] = /^(\d{1,10}) (\d{1,16})$/.exec(row) ?? [];
    const entry = { epoch: Number(epoch), startOffset: Number(startOffset) };
    const before = entries.at(-1) ?? { epoch: -1, startOffset: -1 };
    const rises = entry.epoch > before.epoch && entry.startOffset > before.startOffset;
    if (!rises || entry.epoch > MAX_INT32 || !Number.isSafeInteger(entry.startOffset)) {
      return undefined;
    }
    entries.push(entry);
  }
  return entries.length === 0 ? undefined : entries.slice(-MAX_LEADER_EPOCHS);
}
