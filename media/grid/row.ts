import type { FieldBytes, Message } from "../../runtime/api/model.ts";
import type { GridStringKey, GridStrings } from "../../runtime/api/view.ts";
import { element } from "./dom.ts";
import { fieldText, fill, isoTime, localTime, messageBytes, sizeText } from "./text.ts";

export interface Column {
  /** Also the class by which grid.css lays it out. */
  readonly name: string;
  readonly title: GridStringKey;
  /** What stands in the head when the title is too long for the column. */
  readonly short?: GridStringKey;
}

export const COLUMNS: readonly Column[] = [
  { name: "partition", title: "columnPartition", short: "columnPartitionShort" },
  { name: "offset", title: "columnOffset" },
  { name: "timestamp", title: "columnTimestamp" },
  { name: "key", title: "columnKey" },
  { name: "value", title: "columnValue" },
  { name: "headers", title: "columnHeaders", short: "columnHeadersShort" },
  { name: "size", title: "columnSize" },
];

/** The head of a column. */
export function drawHead({ name, title, short }: Column, strings: GridStrings): HTMLElement {
  const full = strings[title];
  const attributes = { role: "columnheader", class: name, title: full, "aria-label": full };
  return element("div", attributes, strings[short ?? title]);
}

/** The element of one row; a row whose message is not read yet says so. */
export function drawRow(message: Message | undefined, strings: GridStrings): HTMLElement {
  if (message === undefined) {
    const cell = element("div", { role: "gridcell", class: "value muted" }, strings.loading);
    return element("div", { role: "row", class: "row pending" }, cell);
  }
  const headers = message.headers.map((header) => header.key).join("\n");
  return element(
    "div",
    { role: "row", class: "row" },
    cell("partition", String(message.partition)),
    cell("offset", String(message.offset)),
    timeCell(message),
    fieldCell("key", message.key, strings.nullKey, strings),
    fieldCell("value", message.value, strings.tombstone, strings),
    cell("headers", message.headers.length === 0 ? "" : String(message.headers.length), headers),
    cell("size", sizeText(messageBytes(message)), fill(strings.bytes, messageBytes(message))),
  );
}

/** Local time; the tooltip has the exact moment in UTC. In a narrow grid the date is left to the tooltip. */
function timeCell({ timestampMs }: Message): HTMLElement {
  const text = localTime(timestampMs);
  const title = text === "" ? undefined : isoTime(timestampMs);
  const [date, time] = text.split(" ");
  const parts =
    time === undefined ? [text] : [element("span", { class: "date" }, `${date} `), time];
  return element("div", { role: "gridcell", class: "timestamp", title }, ...parts);
}

function cell(name: string, text: string, title?: string): HTMLElement {
  return element("div", { role: "gridcell", class: name, title }, text);
}

/** Null and empty are words in another style, so that neither is taken for the other or for text. */
function fieldCell(
  name: string,
  field: FieldBytes | null,
  nullWord: string,
  strings: GridStrings,
): HTMLElement {
  const shown = fieldText(field);
  switch (shown.kind) {
    case "null":
      return element("div", { role: "gridcell", class: `${name} word null` }, nullWord);
    case "empty":
      return element("div", { role: "gridcell", class: `${name} word` }, strings.emptyField);
    case "text":
    case "binary": {
      const text = shown.cut ? `${shown.text}…` : shown.text;
      return element(
        "div",
        { role: "gridcell", class: `${name} ${shown.kind}`, title: text },
        text,
      );
    }
    default:
      return shown satisfies never;
  }
}
