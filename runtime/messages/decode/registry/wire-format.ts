import type { MessageHeader } from "../../../api/model.ts";
import { type Undecodable, undecodable } from "../decoder.ts";

/** What stands before a payload that was written by a schema in a registry, or in a header of the message. */
export interface Framed {
  readonly kind: "framed";
  /** The number of the schema, or its GUID where it is in a header. */
  readonly schema: { readonly id: number } | { readonly guid: string };
  /** Everything behind the schema: of Protobuf, the indexes of the message stand before the payload. */
  readonly rest: Buffer;
  /** The header's own rest, where the schema is in one: the indexes are there then. */
  readonly headerRest: Buffer | undefined;
}

const MAGIC = 0;
const GUID_MAGIC = 1;
const PREFIX_BYTES = 5;
const GUID_BYTES = 16;
/** As Confluent's serializers name them when they are told to put the schema into a header. */
const HEADERS = { key: "__key_schema_id", value: "__value_schema_id" } as const;

/** Whether bytes can have been written by Confluent's serializers: magic byte 0 and a number follow. */
export function looksFramed(bytes: Buffer): boolean {
  return bytes.length >= PREFIX_BYTES && bytes[0] === MAGIC && bytes.readInt32BE(1) >= 0;
}

/** Takes the schema off a key or value, from the header if there is one and from the first five bytes else. */
export function unframe(
  bytes: Buffer,
  headers: readonly MessageHeader[],
  side: "key" | "value",
): Framed | Undecodable {
  const header = headers.findLast(({ key }) => key === HEADERS[side])?.value;
  if (header !== undefined && header !== null) return fromHeader(Buffer.from(header), bytes);
  if (bytes.length < PREFIX_BYTES) {
    return undecodable(`its ${bytes.length} bytes are too few for a magic byte and a schema id`);
  }
  if (bytes[0] !== MAGIC) {
    return undecodable(`it begins with 0x${hexOf(bytes[0])} and not with the magic byte 0x00`);
  }
  const schema = { id: bytes.readInt32BE(1) };
  if (schema.id < 0) return undecodable(`${schema.id} is no id of a schema`);
  return { kind: "framed", schema, rest: bytes.subarray(PREFIX_BYTES), headerRest: undefined };
}

function fromHeader(header: Buffer, bytes: Buffer): Framed | Undecodable {
  if (header[0] === MAGIC && header.length >= PREFIX_BYTES) {
    const schema = { id: header.readInt32BE(1) };
    return { kind: "framed", schema, rest: bytes, headerRest: header.subarray(PREFIX_BYTES) };
  }
  if (header[0] !== GUID_MAGIC || header.length < 1 + GUID_BYTES) {
    return undecodable("the header with its schema begins neither with 0x00 nor with 0x01");
  }
  const hex = header.toString("hex", 1, 1 + GUID_BYTES);
  const guid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  const headerRest = header.subarray(1 + GUID_BYTES);
  return { kind: "framed", schema: { guid }, rest: bytes, headerRest };
}

function hexOf(byte: number | undefined): string {
  return (byte ?? 0).toString(16).padStart(2, "0");
}

/** Deepest nesting of messages within messages. */
const MAX_INDEXES = 64;

/**
 * Takes the indexes off that say which message of a Protobuf schema follows: how many there are and each, as
 * zigzag varints; a single 0 is short for the first message.
 */
export function takeIndexes(
  bytes: Buffer,
):
  | { readonly kind: "indexes"; readonly indexes: readonly number[]; readonly rest: Buffer }
  | Undecodable {
  let at = 0;
  const next = (): number | undefined => {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    return undefined;
  };
  const count = next();
  if (count === undefined || count < 0 || count > MAX_INDEXES) {
    return undecodable("it does not say which message of the schema follows");
  }
  const indexes: number[] = count === 0 ? [0] : [];
  for (let left = count; left > 0; left--) {
    const index = next();
    if (index === undefined || index < 0) {
      return undecodable("it does not say which message of the schema follows");
    }
    indexes.push(index);
  }
  return { kind: "indexes", indexes, rest: bytes.subarray(at) };
}
