import assert from "node:assert/strict";
import type { BatchHeader } from "../../../runtime/record/batch.ts";
import type { TransactionResult } from "../../../runtime/record/control.ts";
import type { Place } from "./calls.ts";
import type { Sent, SentRecord } from "./sent.ts";

export interface Entry {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly bytes: Buffer;
  readonly header: BatchHeader;
  /** Undefined for a marker. */
  readonly sent: Sent | undefined;
  /** Of a marker. */
  readonly result: TransactionResult | undefined;
  /** When the model saw it. */
  readonly seenMs: number;
}

export interface Visible extends SentRecord {
  readonly offset: number;
  readonly entry: Entry;
}

/** An ended transaction as far as it lies in the partition. */
interface Ended {
  readonly producerId: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
  readonly result: TransactionResult;
}

export interface HistoryRules {
  readonly compacted: boolean;
  readonly deletes: boolean;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly deleteRetentionMs: number;
}

/** All that one partition has ever held, in order, whether it is still there or not. */
export class PartitionHistory implements Place {
  readonly topic: string;
  readonly partition: number;
  readonly rules: HistoryRules;
  readonly entries: Entry[] = [];
  /** Batches whose place in the log has not been seen. */
  readonly pending = new Set<Sent>();
  /** The first offset when it was last looked at, or where DeleteRecords put it since. */
  startOffset = 0;
  /** Batches before it may have been compacted although they lie behind the last stable offset. */
  exactFrom = 0;
  /** Where DeleteRecords may have put the start without an answer. */
  mayStart: number[] = [];

  constructor({ topic, partition }: Place, rules: HistoryRules) {
    this.topic = topic;
    this.partition = partition;
    this.rules = rules;
  }

  get name(): string {
    return `${this.topic}-${this.partition}`;
  }

  get endOffset(): number {
    return (this.entries.at(-1)?.lastOffset ?? -1) + 1;
  }

  add(entry: Entry): void {
    assert.equal(entry.baseOffset, this.endOffset, `${this.name}: offsets have a gap`);
    this.entries.push(entry);
    if (entry.sent === undefined) return;
    entry.sent.fate = "stored";
    entry.sent.baseOffset = entry.baseOffset;
    this.pending.delete(entry.sent);
  }

  /** Transactions that have begun here, by producer: the first data entry of each that no marker ended. */
  open(): Map<number, Entry> {
    return this.#transactions().open;
  }

  #transactions(): { readonly open: Map<number, Entry>; readonly ended: Ended[] } {
    const open = new Map<number, Entry>();
    const ended: Ended[] = [];
    for (const entry of this.entries) {
      const { producerId, isTransactional, isControl } = entry.header;
      if (!isTransactional) continue;
      const first = open.get(producerId);
      if (!isControl) {
        if (first === undefined) open.set(producerId, entry);
      } else if (first !== undefined && entry.result !== undefined) {
        open.delete(producerId);
        const { result, lastOffset } = entry;
        ended.push({ producerId, firstOffset: first.baseOffset, lastOffset, result });
      }
    }
    return { open, ended };
  }

  /** Where readers of committed records end. */
  lastStableOffset(): number {
    const firsts = Array.from(this.open().values(), ({ baseOffset }) => baseOffset);
    return Math.max(this.startOffset, Math.min(this.endOffset, ...firsts));
  }

  /** Aborted transactions with records from `from` up to `to`, in the order of their first offsets. */
  abortedWithin(from: number, to: number) {
    return this.#transactions()
      .ended.filter(({ result }) => result === "abort")
      .filter(({ firstOffset, lastOffset }) => lastOffset >= from && firstOffset < to)
      .sort((a, b) => a.firstOffset - b.firstOffset)
      .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
  }

  /** What readers of committed records see of everything before `to`, had nothing been deleted. */
  committed(to: number): Visible[] {
    const { open, ended } = this.#transactions();
    const isHidden = ({ header, baseOffset }: Entry): boolean => {
      if (!header.isTransactional) return false;
      const first = open.get(header.producerId);
      if (first !== undefined && first.baseOffset <= baseOffset) return true;
      return ended.some(
        (one) =>
          one.result === "abort" &&
          one.producerId === header.producerId &&
          one.firstOffset <= baseOffset &&
          baseOffset < one.lastOffset,
      );
    };
    return this.entries
      .filter((entry) => entry.baseOffset < to && entry.sent !== undefined && !isHidden(entry))
      .flatMap((entry) => recordsOf(entry))
      .filter(({ offset }) => offset < to);
  }

  /** Goes back to the first `count` entries: a power cut took the others. */
  truncate(count: number): void {
    for (const { sent } of this.entries.splice(count)) if (sent) sent.fate = "gone";
  }
}

/** The records of a data entry with their offsets; none of a marker. */
export function recordsOf(entry: Entry): Visible[] {
  const { sent, baseOffset } = entry;
  return (sent?.records ?? []).map((record, i) => ({ ...record, offset: baseOffset + i, entry }));
}
