import { exactTextOf } from "../../runtime/api/bytes.ts";
import type { GridColumn } from "../../runtime/api/grid-columns.ts";
import type { FieldBytes, Message } from "../../runtime/api/model.ts";
import { hexText } from "./hex-text.ts";
import { textAt } from "./message-fields.ts";
import { headersSource } from "./message-text.ts";

/**
 * What is copied of one cell: key and value byte for byte when they are text and else as a hexadecimal
 * listing, headers as in a produce file, numbers as numbers. Null is copied as nothing.
 */
export function cellText(column: GridColumn, message: Message): string {
  switch (column.kind) {
    case "key":
    case "value":
      return bytesText(message[column.kind]);
    case "field":
      return textAt(message, column.path);
    case "headers":
      return headersSource(message);
    case "partition":
    case "offset":
      return String(message[column.kind]);
    case "timestamp":
      return String(message.timestampMs);
    case "keySize":
      return String(message.key?.sizeBytes ?? 0);
    case "valueSize":
      return String(message.value?.sizeBytes ?? 0);
    case "size":
      return String((message.key?.sizeBytes ?? 0) + (message.value?.sizeBytes ?? 0));
    default:
      return column satisfies never;
  }
}

function bytesText(field: FieldBytes | null): string {
  const bytes = field?.bytes ?? new Uint8Array(0);
  return exactTextOf(bytes) ?? hexText(bytes);
}
