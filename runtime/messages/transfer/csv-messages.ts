import { fromBase64 } from "../../api/base64.ts";
import { utf8 } from "../../api/bytes.ts";
import { parseHeaders } from "../../api/jsonl.ts";
import type { NewMessage } from "../../api/model.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "../../api/timestamp.ts";
import { CSV_COLUMNS, type CsvColumn } from "./csv-print.ts";
import type { CsvCell, CsvItem } from "./csv-reader.ts";
import type { FileFault, FileItem } from "./file-item.ts";

/** Largest partition number of the protocol. */
const MAX_PARTITION = 2 ** 31 - 1;

/** A cell that is not what its column wants. */
class CellFault extends Error {
  readonly cell: CsvCell;

  constructor(cell: CsvCell, message: string) {
    super(message);
    this.cell = cell;
  }
}

/**
 * Makes messages of the rows of a CSV file, whose first row names columns of csv-print.ts in any order.
 * `value` has to be among them; `offset` is read and not used.
 */
export class CsvMessages {
  #columns: readonly CsvColumn[] | undefined;

  /** The message of a row, or what is wrong with it; undefined for the head and for empty rows. */
  read(item: CsvItem): FileItem | undefined {
    if (item.kind === "fault") return faultAt(item, item.message);
    const { cells } = item;
    const [first] = cells;
    if (first === undefined) return undefined;
    try {
      if (this.#columns === undefined) {
        this.#columns = readHead(cells);
        return undefined;
      }
      if (cells.length === 1 && first.text === "" && this.#columns.length > 1) return undefined;
      const message = readRow(this.#columns, cells);
      return { kind: "message", place: `line ${first.line}`, message };
    } catch (error) {
      if (error instanceof CellFault) return faultAt(error.cell, error.message);
      throw error;
    }
  }

  /** What is missing at the end of the file. */
  end(): FileFault | undefined {
    if (this.#columns !== undefined) return undefined;
    return faultAt({ line: 1, column: 1 }, "expected a row with the names of the columns");
  }
}

function faultAt({ line, column }: { line: number; column: number }, message: string): FileFault {
  return { kind: "fault", place: `line ${line}, column ${column}`, message };
}

function readHead(cells: readonly CsvCell[]): readonly CsvColumn[] {
  const columns: CsvColumn[] = [];
  for (const cell of cells) {
    const name = CSV_COLUMNS.find((each) => each === cell.text);
    if (name === undefined) {
      const known = CSV_COLUMNS.join(", ");
      throw new CellFault(cell, `there is no column "${cell.text ?? ""}"; there are ${known}`);
    }
    if (columns.includes(name)) throw new CellFault(cell, `column "${name}" is there twice`);
    columns.push(name);
  }
  const [first] = cells;
  if (first !== undefined && !columns.includes("value")) {
    throw new CellFault(first, 'the column "value" is missing');
  }
  return columns;
}

function readRow(columns: readonly CsvColumn[], cells: readonly CsvCell[]): NewMessage {
  const extra = cells[columns.length];
  if (extra !== undefined) {
    throw new CellFault(extra, `the row has more than ${columns.length} cells`);
  }
  const last = cells.at(-1);
  if (last !== undefined && cells.length < columns.length) {
    const message = `the row has ${cells.length} cells, and the head ${columns.length}`;
    throw new CellFault(last, message);
  }
  const cellOf = (column: CsvColumn): CsvCell | undefined => cells[columns.indexOf(column)];
  return {
    key: readBytes(cellOf("key"), cellOf("key_encoding")),
    value: readBytes(cellOf("value"), cellOf("value_encoding")),
    headers: readHeaders(cellOf("headers")),
    partition: readPartition(cellOf("partition")),
    timestampMs: readTimestamp(cellOf("timestamp")),
  };
}

function textOf(cell: CsvCell): string {
  if (cell.text === undefined) throw new CellFault(cell, "the cell is not UTF-8");
  return cell.text;
}

/** Null only where the encoding says so, or where there is no such column: an empty cell is an empty text. */
function readBytes(cell: CsvCell | undefined, encoding: CsvCell | undefined): Uint8Array | null {
  if (cell === undefined) return null;
  const text = textOf(cell);
  const name = encoding === undefined ? "text" : textOf(encoding);
  if (name === "text" || name === "") return utf8(text);
  if (name === "null" && text === "") return null;
  if (name === "null") throw new CellFault(cell, "the cell is not empty, and its encoding is null");
  if (name !== "base64") {
    throw new CellFault(encoding ?? cell, "expected an encoding: text, base64 or null");
  }
  const bytes = fromBase64(text);
  if (bytes === undefined) throw new CellFault(cell, "expected base64 with its padding");
  return bytes;
}

function readHeaders(cell: CsvCell | undefined): NewMessage["headers"] {
  if (cell === undefined || textOf(cell) === "") return [];
  const parsed = parseHeaders(textOf(cell));
  if (parsed.kind === "headers") return parsed.headers;
  throw new CellFault(cell, `at character ${parsed.column} of the cell, ${parsed.message}`);
}

function readPartition(cell: CsvCell | undefined): number | undefined {
  if (cell === undefined || textOf(cell) === "") return undefined;
  const partition = /^\d{1,10}$/.test(textOf(cell)) ? Number(cell.text) : Infinity;
  if (partition <= MAX_PARTITION) return partition;
  throw new CellFault(cell, "expected a partition number, 0 or greater");
}

function readTimestamp(cell: CsvCell | undefined): number | undefined {
  if (cell === undefined || textOf(cell) === "") return undefined;
  const timestampMs = cell.text === "-1" ? -1 : parseTimestamp(textOf(cell));
  if (timestampMs !== undefined) return timestampMs;
  throw new CellFault(cell, `expected ${TIMESTAMP_FORMS}`);
}
