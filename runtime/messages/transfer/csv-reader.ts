import { exactTextOf } from "../../api/bytes.ts";

/** A cell and where it begins: line and column count from 1, the column in UTF-16 units. */
export interface CsvCell {
  readonly line: number;
  readonly column: number;
  /** Undefined where the bytes are not UTF-8. */
  readonly text: string | undefined;
}

export type CsvItem =
  | { readonly kind: "row"; readonly cells: readonly CsvCell[] }
  /** What breaks the form, and where. Nothing follows. */
  | {
      readonly kind: "fault";
      readonly line: number;
      readonly column: number;
      readonly message: string;
    };

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);

/** `start` of a cell, in a `plain` or `quoted` one, at a `quote` in a quoted one, behind the CR of a row's `end`. */
type State = "start" | "plain" | "quoted" | "quote" | "end" | "broken";

/**
 * Reads CSV after RFC 4180, bytes in and rows out, holding one row. Rows may end with LF alone, the last
 * one with nothing. Lines end within quoted cells too, so that a row can have several.
 */
export class CsvReader {
  readonly #maxRowBytes: number;
  #state: State = "start";
  #line = 1;
  #column = 1;
  #cells: CsvCell[] = [];
  #cell = { line: 1, column: 1 };
  #bytes = Buffer.alloc(256);
  #length = 0;
  #rowBytes = 0;
  #isFirst = true;

  constructor(maxRowBytes: number) {
    this.#maxRowBytes = maxRowBytes;
  }

  /** Takes the next bytes, which may be cut anywhere but within the byte order mark at the start. */
  *push(chunk: Buffer): Generator<CsvItem, void> {
    const hasMark = this.#isFirst && chunk.subarray(0, 3).equals(BYTE_ORDER_MARK);
    this.#isFirst = false;
    for (let at = hasMark ? 3 : 0; at < chunk.length && this.#state !== "broken"; at++) {
      const item = this.#step(chunk[at] ?? 0);
      if (item !== undefined) yield item;
    }
  }

  /** There are no more bytes. */
  *end(): Generator<CsvItem, void> {
    if (this.#state === "broken") return;
    if (this.#state === "quoted") {
      yield this.#fault("this quoted cell has no end", this.#cell);
    } else if (this.#state !== "start" || this.#cells.length > 0) {
      yield this.#endRow();
    }
  }

  #step(byte: number): CsvItem | undefined {
    this.#rowBytes += 1;
    if (this.#rowBytes > this.#maxRowBytes) {
      return this.#fault(`the row has more than ${this.#maxRowBytes} bytes`, this.#cell);
    }
    const item = this.#take(byte);
    if (byte === LINE_FEED) {
      this.#line += 1;
      this.#column = 1;
    } else if ((byte & 0xc0) !== 0x80) {
      this.#column += byte >= 0xf0 ? 2 : 1;
    }
    if (this.#state === "start") this.#cell = { line: this.#line, column: this.#column };
    return item;
  }

  #take(byte: number): CsvItem | undefined {
    switch (this.#state) {
      case "start":
        if (byte !== QUOTE) return this.#unquoted(byte);
        this.#state = "quoted";
        return undefined;
      case "plain":
        if (byte !== QUOTE) return this.#unquoted(byte);
        return this.#fault("a cell with quotes is quoted, and they are doubled");
      case "quoted":
        if (byte === QUOTE) this.#state = "quote";
        else this.#add(byte);
        return undefined;
      case "quote":
        if (isDelimiter(byte)) return this.#delimit(byte);
        if (byte !== QUOTE) return this.#fault("expected a comma or the end of the row");
        this.#add(byte);
        this.#state = "quoted";
        return undefined;
      case "end":
        return byte === LINE_FEED ? this.#endRow() : this.#fault("expected LF behind CR");
      case "broken":
        return undefined;
    }
  }

  #unquoted(byte: number): CsvItem | undefined {
    if (isDelimiter(byte)) return this.#delimit(byte);
    this.#state = "plain";
    this.#add(byte);
    return undefined;
  }

  #delimit(byte: number): CsvItem | undefined {
    if (byte === LINE_FEED) return this.#endRow();
    if (byte === COMMA) this.#endCell();
    this.#state = byte === COMMA ? "start" : "end";
    return undefined;
  }

  #endCell(): void {
    const text = exactTextOf(this.#bytes.subarray(0, this.#length));
    this.#cells.push({ ...this.#cell, text });
    this.#length = 0;
  }

  #endRow(): CsvItem {
    this.#endCell();
    const cells = this.#cells;
    this.#cells = [];
    this.#rowBytes = 0;
    this.#state = "start";
    return { kind: "row", cells };
  }

  #add(byte: number): void {
    if (this.#length === this.#bytes.length) {
      this.#bytes = Buffer.concat([this.#bytes, Buffer.alloc(this.#length)]);
    }
    this.#bytes[this.#length++] = byte;
  }

  #fault(message: string, { line, column } = { line: this.#line, column: this.#column }): CsvItem {
    this.#state = "broken";
    return { kind: "fault", line, column, message };
  }
}

function isDelimiter(byte: number): boolean {
  return byte === COMMA || byte === LINE_FEED || byte === CARRIAGE_RETURN;
}
