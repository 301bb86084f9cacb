import { toBase64 } from "../../api/base64.ts";
import { exactTextOf } from "../../api/bytes.ts";
import { printHeaders } from "../../api/jsonl.ts";
import type { Message } from "../../api/model.ts";

/*
 * Messages as CSV after RFC 4180: rows end with CR LF, cells with commas, quotes or line ends are quoted.
 * CSV knows neither null nor bytes, so that an encoding stands beside key and value:
 *
 *   partition        where the message was
 *   offset           and at which offset; only when it is asked for
 *   timestamp        milliseconds since 1970, -1 for none
 *   key, value       what the encoding beside says
 *   key_encoding     text (the default), base64, or null, for which the cell is empty
 *   value_encoding   the same
 *   headers          as in jsonl.ts: [["name", "text"], ...]; empty for none
 */
export const CSV_COLUMNS = [
  ...(["partition", "offset", "timestamp", "key", "key_encoding"] as const),
  ...(["value", "value_encoding", "headers"] as const),
];
export type CsvColumn = (typeof CSV_COLUMNS)[number];

const ROW_END = "\r\n";

export function printCsvHead(offsets: boolean): string {
  return CSV_COLUMNS.filter((name) => offsets || name !== "offset").join(",") + ROW_END;
}

export function printCsvRow(message: Message, offsets: boolean): string {
  const { partition, offset, timestampMs, key, value, headers } = message;
  const cells = [
    String(partition),
    ...(offsets ? [String(offset)] : []),
    String(timestampMs),
    ...field(key),
    ...field(value),
    headers.length === 0 ? "" : printHeaders(headers),
  ];
  return cells.map(quoted).join(",") + ROW_END;
}

function field(field: Message["key"]): [cell: string, encoding: string] {
  if (field === null) return ["", "null"];
  const text = exactTextOf(field.bytes);
  return text === undefined ? [toBase64(field.bytes), "base64"] : [text, "text"];
}

function quoted(cell: string): string {
  return /[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
