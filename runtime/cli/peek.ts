import { exactTextOf } from "../api/bytes.ts";
import { printMessageLine } from "../api/jsonl.ts";
import { MAX_PAGE_MESSAGES, type ReadParams, type ReadResult } from "../api/lab.ts";
import type { FieldBytes, Message, PartitionCursor } from "../api/model.ts";
import { decodePage } from "../api/page.ts";
import type { PeekCommand } from "./message-arguments.ts";
import { LabConnection } from "./client.ts";
import type { Output } from "./output.ts";

/** Longest key or value in the plain output, in characters. */
const MAX_SHOWN = 200;
/** Bytes of binary data shown as hex in the plain output. */
const MAX_HEX_BYTES = 32;

/**
 * Prints messages up to the end that the partitions had when it began, so that it ends also while
 * others produce. Writes a remark to `remark` when there is nothing to print.
 */
export async function runPeek(
  command: PeekCommand,
  output: Output,
  remark: (text: string) => void,
): Promise<void> {
  const lab = await LabConnection.open(command.dataFolder);
  try {
    const print = command.json ? (message: Message) => exact(lab, command.topic, message) : plain;
    let left = command.limit === 0 ? Infinity : command.limit;
    let from: ReadParams["from"] = command.from;
    let ends: ReadonlyMap<number, number> | undefined;
    let printed = 0;
    let scanned = 0;
    while (left > 0 && !output.closed) {
      const limit = Math.min(left, MAX_PAGE_MESSAGES);
      const { topic, partition, filter } = command;
      const page: ReadResult = await lab.ask("messages/read", {
        ...{ topic, partition, filter, from, limit, waitMs: 0 },
      });
      scanned += page.scanned;
      if (ends === undefined) {
        ends = new Map(page.extents.map((extent) => [extent.partition, extent.endOffset]));
        if (!command.json) await output.line(HEAD);
      }
      for (const message of decodePage(page.page)) {
        if (message.offset >= (ends.get(message.partition) ?? 0) || output.closed) continue;
        await output.line(await print(message));
        printed += 1;
        left -= 1;
      }
      if (page.atEnd || reached(page.next, ends)) break;
      from = { kind: "cursors", cursors: page.next };
    }
    if (command.filter !== undefined) remark(found(command, printed, scanned, left === 0));
    else if (printed === 0) remark(nothing(command));
  } finally {
    lab.close();
  }
}

function reached(next: readonly PartitionCursor[], ends: ReadonlyMap<number, number>): boolean {
  return next.every(({ partition, offset }) => offset >= (ends.get(partition) ?? 0));
}

/** What a search says of itself: how many it found, how far it looked, and whether there may be more. */
function found(
  { topic, limit }: PeekCommand,
  printed: number,
  scanned: number,
  isFull: boolean,
): string {
  const looked = `${printed} found; looked at ${scanned} messages of ${topic}`;
  return isFull ? `${looked}, and stopped at --limit ${limit}.` : `${looked}, up to the end.`;
}

function nothing({ topic, from }: PeekCommand): string {
  return from.kind === "latest"
    ? `no messages: latest is the end of ${topic}. Use --from last:N for the newest ones.`
    : `no messages in ${topic} from there on.`;
}

/** The message as a line of JSON with nothing cut: what a page carries only the head of is fetched. */
async function exact(lab: LabConnection, topic: string, message: Message): Promise<string> {
  let whole = message;
  if (isCut(message.key) || isCut(message.value)) {
    const { partition, offset } = message;
    const { page } = await lab.ask("messages/get", { topic, partition, offset });
    whole = decodePage(page)[0] ?? message;
  }
  const { key, value } = whole;
  return printMessageLine({ ...whole, key: key?.bytes ?? null, value: value?.bytes ?? null });
}

function isCut(field: FieldBytes | null): boolean {
  return field !== null && field.bytes.length < field.sizeBytes;
}

const HEAD = row("PARTITION", "OFFSET", "TIMESTAMP", "KEY", "VALUE");

function plain(message: Message): Promise<string> {
  const { partition, offset, timestampMs, key, value } = message;
  return Promise.resolve(
    row(String(partition), String(offset), time(timestampMs), shown(key), shown(value)),
  );
}

function row(partition: string, offset: string, timestamp: string, key: string, value: string) {
  return `${partition.padStart(9)}  ${offset.padStart(10)}  ${timestamp.padEnd(24)}  ${key.padEnd(16)}  ${value}`;
}

function time(timestampMs: number): string {
  const date = new Date(timestampMs);
  if (timestampMs === -1) return "(none)";
  return Number.isNaN(date.getTime()) ? String(timestampMs) : date.toISOString();
}

/** One line of text for a person: not exact, but null, empty, binary and cut are told apart. */
function shown(field: FieldBytes | null): string {
  if (field === null) return "(null)";
  if (field.sizeBytes === 0) return "(empty)";
  const text = headText(field);
  if (text === undefined) {
    const hex = Buffer.from(field.bytes.subarray(0, MAX_HEX_BYTES)).toString("hex");
    return field.sizeBytes > MAX_HEX_BYTES ? `0x${hex}... (${field.sizeBytes} bytes)` : `0x${hex}`;
  }
  const line = text.replace(/[\p{Cc}\u2028\u2029]/gu, escapeControl);
  if (line.length <= MAX_SHOWN && !isCut(field)) return line;
  return `${line.slice(0, MAX_SHOWN)}... (${field.sizeBytes} bytes)`;
}

/** The text of a field; where it was cut, a character may be cut too, which takes at most 3 bytes off. */
function headText(field: FieldBytes): string | undefined {
  const cuts = isCut(field) ? [0, 1, 2, 3] : [0];
  for (const cut of cuts) {
    const text = exactTextOf(field.bytes.subarray(0, field.bytes.length - cut));
    if (text !== undefined) return text;
  }
  return undefined;
}

function escapeControl(character: string): string {
  const known: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  return known[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
