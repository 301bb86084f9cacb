import { ByteReader, ByteWriter, MalformedBytes } from "./bytes.ts";
import { readHeaders, writeHeaders } from "./headers.ts";
import type { NewMessage } from "./model.ts";

/*
 * Messages to be produced as one run of bytes, big-endian:
 *
 *   u8  format, 1
 *   i32 number of messages, then for each:
 *     u8  bit 0: a partition is given; bit 1: a timestamp is given
 *     i32 partition, if given
 *     f64 timestamp in ms, if given
 *     key, value: i32 length, -1 for null, and the bytes
 *     headers: see headers.ts
 */
const FORMAT = 1;
const HAS_PARTITION = 1;
const HAS_TIMESTAMP = 2;
const LEAST_MESSAGE_BYTES = 1 + 4 + 4 + 4;

export function encodeNewMessages(messages: readonly NewMessage[]): Uint8Array {
  const writer = new ByteWriter();
  writer.u8(FORMAT);
  writer.i32(messages.length);
  for (const { partition, timestampMs, key, value, headers } of messages) {
    writer.u8(
      (partition === undefined ? 0 : HAS_PARTITION) |
        (timestampMs === undefined ? 0 : HAS_TIMESTAMP),
    );
    if (partition !== undefined) writer.i32(partition);
    if (timestampMs !== undefined) writer.f64(timestampMs);
    writer.sized(key);
    writer.sized(value);
    writeHeaders(writer, headers);
  }
  return writer.finish();
}

/** The messages, whose bytes are views of `bytes`. Throws MalformedBytes when they are not in this form. */
export function decodeNewMessages(bytes: Uint8Array): NewMessage[] {
  const reader = new ByteReader(bytes);
  const format = reader.u8();
  if (format !== FORMAT) throw new MalformedBytes(`format ${format} is not known`);
  const messages: NewMessage[] = [];
  for (let count = reader.count(LEAST_MESSAGE_BYTES); count > 0; count--) {
    const flags = reader.u8();
    messages.push({
      partition: (flags & HAS_PARTITION) === 0 ? undefined : reader.i32(),
      timestampMs: (flags & HAS_TIMESTAMP) === 0 ? undefined : reader.integer(),
      key: reader.sized(),
      value: reader.sized(),
      headers: readHeaders(reader),
    });
  }
  reader.end();
  return messages;
}
