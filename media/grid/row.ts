import type { FieldBytes, Message } from "../../runtime/api/model.ts";
import type { GridStringKey, GridStrings } from "../../runtime/api/view.ts";
import { element } from "./dom.ts";
import { fieldText, fill, isoTime, localTime, messageBytes, sizeText } from "./text.ts";

/** The columns in their order; `name` is also the class that grid.css lays them out by. */
export const COLUMNS: readonly { readonly name: string; readonly title: GridStringKey }[] = [
  { name: "partition", title: "columnPartition" },
  { name: "offset", title: "columnOffset" },
  { name: "timestamp", title: "columnTimestamp" },
  { name: "key", title: "columnKey" },
  { name: "value", title: "columnValue" },
  { name: "headers", title: "columnHeaders" },
  { name: "size", title: "columnSize" },
];

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
    cell("timestamp", localTime(message.timestampMs), isoTime(message.timestampMs)),
    fieldCell("key", message.key, strings.nullKey, strings),
    fieldCell("value", message.value, strings.tombstone, strings),
    cell("headers", message.headers.length === 0 ? "" : String(message.headers.length), headers),
    cell("size", sizeText(messageBytes(message)), fill(strings.bytes, messageBytes(message))),
  );
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
      return element("div", { role: "gridcell", class: `${name} ${shown.kind}` }, text);
    }
    default:
      return shown satisfies never;
  }
}
