import { type FileHandle, mkdir, open, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { isMissing } from "../transfer/partial-file.ts";
import { type OffsetRange, OffsetSet } from "./offset-set.ts";

/*
 * Which dead letters of a topic have been sent, as lines of JSON:
 *
 *   {"format":1,"topic":"orders-dlt"}
 *   {"sent":{"0":[[5,9],[11,11]]}}        by partition, ranges of offsets with both ends
 *   {"begin":{"orders":[12,3]}}           a run begins: the end offsets of its targets, by partition
 *   {"sent":{"0":[[12,500]]}}             what it has sent since the line before
 *   {"end":true}                          the run has ended, and all that it sent is told above
 *
 * Lines are added after messages were taken by their topics, and are on the disk before more are sent. After
 * a begin without an end there can be sent ones that no line tells of; they lie behind the offsets named, and
 * have a header with the address of their dead letter. A last line that is cut short was never written.
 */
const FORMAT = 1;

/** The end offset of each partition of a topic. */
export type Ends = ReadonlyMap<string, readonly number[]>;

export interface Address {
  readonly partition: number;
  readonly offset: number;
}

/** A ledger is there and cannot be read. */
export class LedgerFault extends Error {
  override readonly name = "LedgerFault";
}

export class Ledger {
  readonly #file: string;
  readonly #topic: string;
  readonly #sent = new Map<number, OffsetSet>();
  #unfinished: Ends | undefined;
  #handle: FileHandle | undefined;

  private constructor(file: string, topic: string) {
    this.#file = file;
    this.#topic = topic;
  }

  /** Reads the ledger of a topic; it is empty when there is none. Throws LedgerFault, or what the system says. */
  static async read(file: string, topic: string): Promise<Ledger> {
    const ledger = new Ledger(file, topic);
    let text = "";
    try {
      text = await readFile(file, "utf8");
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    const lines = text.split("\n");
    lines.pop();
    lines.forEach((line, index) => {
      if (!ledger.#apply(line))
        throw new LedgerFault(`${file}: line ${index + 1} is not understood`);
    });
    return ledger;
  }

  /** Where the targets ended when a run began that was cut off; undefined when the last one ended. */
  get unfinished(): Ends | undefined {
    return this.#unfinished;
  }

  has({ partition, offset }: Address): boolean {
    return this.#sent.get(partition)?.has(offset) ?? false;
  }

  /** Takes note of what was found to have been sent; it is written with the next `begin`. */
  note({ partition, offset }: Address): void {
    let sent = this.#sent.get(partition);
    if (sent === undefined) {
      sent = new OffsetSet();
      this.#sent.set(partition, sent);
    }
    sent.add(offset);
  }

  /** A run begins. Everything known is written anew, in place of the old file. */
  async begin(ends: Ends): Promise<void> {
    await mkdir(path.dirname(this.#file), { recursive: true });
    const fresh = `${this.#file}.new`;
    this.#handle = await open(fresh, "w");
    await this.#write({ format: FORMAT, topic: this.#topic });
    await this.#write({ sent: this.#ranges(this.#sent) });
    await this.#write({ begin: Object.fromEntries(ends) });
    await this.#handle.sync();
    await rename(fresh, this.#file);
  }

  /** Writes what the run has sent. */
  async add(addresses: readonly Address[]): Promise<void> {
    const added = new Map<number, OffsetSet>();
    for (const address of addresses) {
      this.note(address);
      const of = added.get(address.partition) ?? new OffsetSet();
      added.set(address.partition, of);
      of.add(address.offset);
    }
    await this.#write({ sent: this.#ranges(added) });
    await this.#handle?.datasync();
  }

  /** The run has ended in order. */
  async end(): Promise<void> {
    await this.#write({ end: true });
    await this.#handle?.datasync();
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #write(line: object): Promise<void> {
    await this.#handle?.appendFile(`${JSON.stringify(line)}\n`);
  }

  #ranges(sets: ReadonlyMap<number, OffsetSet>): Record<string, readonly OffsetRange[]> {
    return Object.fromEntries(Array.from(sets, ([partition, { ranges }]) => [partition, ranges]));
  }

  /** False for a line that makes no sense. */
  #apply(line: string): boolean {
    const entry = parseObject(line);
    if (entry === undefined) return false;
    if ("format" in entry) return entry.format === FORMAT;
    if ("end" in entry) {
      this.#unfinished = undefined;
      return true;
    }
    if ("begin" in entry) {
      this.#unfinished = readEnds(entry.begin);
      return this.#unfinished !== undefined;
    }
    return "sent" in entry && this.#applySent(entry.sent);
  }

  #applySent(sent: unknown): boolean {
    if (typeof sent !== "object" || sent === null) return false;
    for (const [partition, ranges] of Object.entries(sent)) {
      if (!Array.isArray(ranges)) return false;
      const of = this.#sent.get(Number(partition)) ?? new OffsetSet();
      this.#sent.set(Number(partition), of);
      for (const range of ranges as readonly unknown[]) {
        if (!isNumbers(range) || range.length !== 2) return false;
        const [first = 0, last = 0] = range;
        of.addRange([first, last]);
      }
    }
    return true;
  }
}

function readEnds(value: unknown): Ends | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const ends = new Map<string, readonly number[]>();
  for (const [topic, offsets] of Object.entries(value)) {
    if (!isNumbers(offsets)) return undefined;
    ends.set(topic, offsets);
  }
  return ends;
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => Number.isSafeInteger(each));
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
