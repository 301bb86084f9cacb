import { columnKey, type GridColumn } from "../../runtime/api/grid-columns.ts";
import type { FieldBytes, Message } from "../../runtime/api/model.ts";
import type { GridStrings } from "../../runtime/api/view.ts";
import { element } from "./dom.ts";
import { fieldCells } from "./field-cell.ts";
import {
  fieldText,
  fill,
  headersText,
  isoTime,
  localTime,
  messageBytes,
  sizeText,
} from "./text.ts";

/** What a cell shows; its class tells words of the grid from text of the message. */
export interface Cell {
  readonly text: string;
  readonly className?: string;
  readonly title?: string | undefined;
}

/** The element of one row; a row whose message is not read yet says so. */
export function drawRow(
  message: Message | undefined,
  columns: readonly GridColumn[],
  strings: GridStrings,
): HTMLElement {
  if (message === undefined) {
    const cell = element("div", { role: "gridcell", class: "value muted" }, strings.loading);
    return element("div", { role: "row", class: "row pending" }, cell);
  }
  const fields = fieldCells(message, columns, strings);
  return element(
    "div",
    { role: "row", class: "row" },
    ...columns.map((column, index) =>
      drawCell(column, index, fields.get(columnKey(column)) ?? cellOf(column, message, strings)),
    ),
  );
}

function drawCell(column: GridColumn, index: number, cell: Cell): HTMLElement {
  const made = element("div", {
    role: "gridcell",
    class: [column.kind, cell.className ?? ""].join(" ").trim(),
    title: cell.title,
    "aria-colindex": index + 1,
    "data-column": columnKey(column),
  });
  const [date, time] = column.kind === "timestamp" ? cell.text.split(" ") : [];
  // In a narrow grid the date is left to the tooltip.
  if (time !== undefined) made.append(element("span", { class: "date" }, `${date} `), time);
  else made.append(cell.text);
  return made;
}

/** What a column of its own shows of a message. */
export function cellOf({ kind }: GridColumn, message: Message, strings: GridStrings): Cell {
  const size = (bytes: number): Cell => ({
    text: sizeText(bytes),
    title: fill(strings.exactBytes, bytes.toLocaleString()),
  });
  switch (kind) {
    case "partition":
      return { text: String(message.partition) };
    case "offset":
      return { text: String(message.offset) };
    case "timestamp": {
      const text = localTime(message.timestampMs);
      const type = message.timestampType === "append" ? strings.appendTime : strings.createTime;
      return { text, title: text === "" ? undefined : fill(type, isoTime(message.timestampMs)) };
    }
    case "key":
      return bytesCell(message.key, strings.nullKey, strings);
    case "value":
      return bytesCell(message.value, strings.tombstone, strings);
    case "headers": {
      const text = headersText(message.headers, strings);
      return { text: text.replaceAll("\n", "  "), title: text === "" ? undefined : text };
    }
    case "keySize":
      return message.key === null ? { text: "" } : size(message.key.sizeBytes);
    case "valueSize":
      return message.value === null ? { text: "" } : size(message.value.sizeBytes);
    case "size":
      return size(messageBytes(message));
    case "field":
      return { text: "" };
    default:
      return kind satisfies never;
  }
}

/** Null and empty are words in another style, so that neither is taken for the other or for text. */
function bytesCell(field: FieldBytes | null, nullWord: string, strings: GridStrings): Cell {
  const shown = fieldText(field);
  switch (shown.kind) {
    case "null":
      return { text: nullWord, className: "word null" };
    case "empty":
      return { text: strings.emptyField, className: "word" };
    case "text":
    case "binary": {
      const text = shown.cut ? `${shown.text}…` : shown.text;
      return { text, className: shown.kind, title: text };
    }
    default:
      return shown satisfies never;
  }
}
