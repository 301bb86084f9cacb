import { ByteReader, ByteWriter, MalformedBytes } from "./bytes.ts";
import { readHeaders, writeHeaders } from "./headers.ts";
import type { FieldBytes, Message } from "./model.ts";

/*
 * A page of messages as one run of bytes, big-endian:
 *
 *   u8  format, 1
 *   i32 number of messages, then for each:
 *     i32 partition
 *     f64 offset
 *     f64 timestamp in ms
 *     u8  1 when the broker stamped the message at its append, else 0
 *     key, value: i32 full size, -1 for null; unless null, i32 number of bytes that follow, and
 *       the bytes, which may be only the head of the full size
 *     headers: see headers.ts
 */
const FORMAT = 1;
const LEAST_MESSAGE_BYTES = 4 + 8 + 8 + 1 + 4 + 4 + 4;

/** Makes a page message by message, so that a large one need not be made at once. */
export class PageWriter {
  readonly #messages = new ByteWriter();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(message: Message): void {
    const writer = this.#messages;
    writer.i32(message.partition);
    writer.f64(message.offset);
    writer.f64(message.timestampMs);
    writer.u8(message.timestampType === "append" ? 1 : 0);
    writeField(writer, message.key);
    writeField(writer, message.value);
    writeHeaders(writer, message.headers);
    this.#count += 1;
  }

  /** The page. Nothing can be added any more. */
  finish(): Uint8Array {
    const messages = this.#messages.finish();
    const page = new Uint8Array(5 + messages.length);
    page[0] = FORMAT;
    new DataView(page.buffer).setInt32(1, this.#count);
    page.set(messages, 5);
    return page;
  }
}

export function encodePage(messages: readonly Message[]): Uint8Array {
  const writer = new PageWriter();
  for (const message of messages) writer.add(message);
  return writer.finish();
}

/**
 * The messages of a page. Keys, values and header values are views of `page`, not copies.
 * Throws MalformedBytes when the page is not one.
 */
export function decodePage(page: Uint8Array): Message[] {
  const reader = new ByteReader(page);
  const format = reader.u8();
  if (format !== FORMAT) throw new MalformedBytes(`page format ${format} is not known`);
  const messages: Message[] = [];
  for (let count = reader.count(LEAST_MESSAGE_BYTES); count > 0; count--) {
    messages.push({
      partition: reader.i32(),
      offset: reader.integer(),
      timestampMs: reader.number(),
      timestampType: reader.u8() === 1 ? "append" : "create",
      key: readField(reader),
      value: readField(reader),
      headers: readHeaders(reader),
    });
  }
  reader.end();
  return messages;
}

function writeField(writer: ByteWriter, field: FieldBytes | null): void {
  if (field === null) {
    writer.i32(-1);
    return;
  }
  writer.i32(field.sizeBytes);
  writer.sized(field.bytes);
}

function readField(reader: ByteReader): FieldBytes | null {
  const sizeBytes = reader.i32();
  if (sizeBytes === -1) return null;
  const bytes = reader.sized();
  if (bytes === null || bytes.length > sizeBytes) {
    throw new MalformedBytes(`a field of ${sizeBytes} bytes does not fit what was sent of it`);
  }
  return { bytes, sizeBytes };
}
