import { type ByteReader, type ByteWriter, MalformedBytes, textOf, utf8 } from "./bytes.ts";
import type { MessageHeader } from "./model.ts";

const LEAST_HEADER_BYTES = 8;

/** Writes headers in their order: i32 count; each a sized UTF-8 key and a sized or null value. */
export function writeHeaders(writer: ByteWriter, headers: readonly MessageHeader[]): void {
  writer.i32(headers.length);
  for (const header of headers) {
    writer.sized(utf8(header.key));
    writer.sized(header.value);
  }
}

export function readHeaders(reader: ByteReader): MessageHeader[] {
  const headers: MessageHeader[] = [];
  for (let count = reader.count(LEAST_HEADER_BYTES); count > 0; count--) {
    const key = reader.sized();
    if (key === null) throw new MalformedBytes("a header has no key");
    headers.push({ key: textOf(key), value: reader.sized() });
  }
  return headers;
}
