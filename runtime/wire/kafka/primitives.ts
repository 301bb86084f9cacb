import { hasVersion } from "./field.ts";
import type { Codec, Field, IsDefaulted, Nullable, Options, Versions } from "./field.ts";
import { MAX_STRING_BYTES } from "./reader.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/** The uuid of no topic and no directory: sixteen zero bytes. */
export const NO_TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAA";
const noBytes = Buffer.alloc(0);

/** Reads and writes the length before a value; null is the length -1. */
export interface Length {
  readonly minBytes: number;
  read(reader: Reader): number;
  write(writer: Writer, length: number): void;
}

const compactLength: Length = {
  minBytes: 1,
  read: (reader) => reader.uvarint() - 1,
  write: (writer, length) => writer.uvarint(length + 1),
};
const int16Length: Length = {
  minBytes: 2,
  read: (reader) => reader.int16(),
  write: (writer, length) => writer.int16(length),
};
const int32Length: Length = {
  minBytes: 4,
  read: (reader) => reader.int32(),
  write: (writer, length) => writer.int32(length),
};

/** The length prefix of arrays and bytes: int32, or length + 1 as a varint in flexible versions. */
export function longLength(flexible: boolean): Length {
  return flexible ? compactLength : int32Length;
}

/** Reads a length. As in Apache Kafka any negative one is null, which is refused where the version forbids it. */
export function readLength(reader: Reader, length: Length, nullable: boolean): number {
  const value = length.read(reader);
  if (value >= 0) return value;
  if (!nullable) reader.fail("unexpected-null");
  return -1;
}

/** Writes the length of null; to send null where the version forbids it is a bug of the caller. */
export function writeNull(writer: Writer, length: Length, nullable: boolean): void {
  if (!nullable) throw new TypeError("null is not allowed in this version");
  length.write(writer, -1);
}

const boolCodec: Codec = {
  minBytes: 1,
  read: (reader) => reader.int8() !== 0,
  write(writer, value: boolean) {
    writer.int8(value ? 1 : 0);
  },
};
const int8Codec: Codec = {
  minBytes: 1,
  read: (reader) => reader.int8(),
  write(writer, value: number) {
    writer.int8(value);
  },
};
const int16Codec: Codec = {
  minBytes: 2,
  read: (reader) => reader.int16(),
  write(writer, value: number) {
    writer.int16(value);
  },
};
const uint16Codec: Codec = {
  minBytes: 2,
  read: (reader) => reader.int16() & 0xffff,
  write(writer, value: number) {
    writer.int16((value << 16) >> 16);
  },
};
const int32Codec: Codec = {
  minBytes: 4,
  read: (reader) => reader.int32(),
  write(writer, value: number) {
    writer.int32(value);
  },
};
const int64Codec: Codec = {
  minBytes: 8,
  read: (reader) => reader.int64(),
  write(writer, value: number) {
    writer.int64(value);
  },
};
const float64Codec: Codec = {
  minBytes: 8,
  read: (reader) => reader.float64(),
  write(writer, value: number) {
    writer.float64(value);
  },
};
const int64ClampedCodec: Codec = { ...int64Codec, read: (reader) => reader.int64Clamped() };
const uuidCodec: Codec = {
  minBytes: 16,
  read: (reader) => reader.uuid(),
  write(writer, value: string) {
    writer.uuid(value);
  },
};

function stringCodec(flexible: boolean, nullable: boolean): Codec {
  const length = flexible ? compactLength : int16Length;
  return {
    minBytes: length.minBytes,
    read(reader) {
      const bytes = readLength(reader, length, nullable);
      return bytes < 0 ? null : reader.utf8(bytes);
    },
    write(writer, value: string | null) {
      if (value === null) return writeNull(writer, length, nullable);
      const bytes = Buffer.byteLength(value);
      if (bytes > MAX_STRING_BYTES) throw new TypeError(`a string of ${bytes} bytes is too long`);
      length.write(writer, bytes);
      writer.utf8(value, bytes);
    },
  };
}

function bytesCodec(flexible: boolean, nullable: boolean): Codec {
  const length = longLength(flexible);
  return {
    minBytes: length.minBytes,
    read(reader) {
      const bytes = readLength(reader, length, nullable);
      return bytes < 0 ? null : reader.bytes(bytes);
    },
    write(writer, value: Buffer | null) {
      if (value === null) return writeNull(writer, length, nullable);
      length.write(writer, value.length);
      writer.bytes(value);
    },
  };
}

function recordsCodec(flexible: boolean, nullable: boolean): Codec {
  const length = longLength(flexible);
  const single = bytesCodec(flexible, nullable);
  return {
    ...single,
    write(writer, value: Buffer | readonly Buffer[] | null) {
      if (value === null || Buffer.isBuffer(value)) return single.write(writer, value);
      length.write(
        writer,
        value.reduce((sum, part) => sum + part.length, 0),
      );
      for (const part of value) writer.bytes(part);
    },
  };
}

type MakeCodec = (flexible: boolean, nullable: boolean) => Codec;

/** Makes the function that declares fields of one scalar kind. */
function scalar<T, I = T>(kind: string, empty: T, makeCodec: MakeCodec) {
  return <V extends Versions, const O extends Options<T | null> = Record<never, never>>(
    versions: V,
    options?: O,
  ): Field<Nullable<T, O>, Nullable<I, O>, V, IsDefaulted<O>> => {
    const declared: Options<T | null> = options ?? {};
    const fallback = declared.default === undefined ? empty : declared.default;
    return {
      kind,
      versions,
      options: declared,
      fallback: () => fallback,
      isFallback: (value) => value === fallback || isSameBytes(value, fallback),
      codec: (version, flexible) => makeCodec(flexible, hasVersion(declared.nullable, version)),
    };
  };
}

function isSameBytes(value: unknown, fallback: unknown): boolean {
  return Buffer.isBuffer(value) && Buffer.isBuffer(fallback) && value.equals(fallback);
}

export const bool = scalar<boolean>("bool", false, () => boolCodec);
export const int8 = scalar<number>("int8", 0, () => int8Codec);
export const int16 = scalar<number>("int16", 0, () => int16Codec);
export const uint16 = scalar<number>("uint16", 0, () => uint16Codec);
export const int32 = scalar<number>("int32", 0, () => int32Codec);
/** A JS number; a value that is not a safe integer is refused on both ways. */
export const int64 = scalar<number>("int64", 0, () => int64Codec);
/** As int64, but out-of-range input reads as the nearest safe integer: for "from the far end" values. */
export const int64Clamped = scalar<number>("int64", 0, () => int64ClampedCodec);
export const float64 = scalar<number>("float64", 0, () => float64Codec);
/** Sixteen bytes as base64url text of 22 characters, the form Kafka itself prints. */
export const uuid = scalar<string>("uuid", NO_TOPIC_ID, () => uuidCodec);
/** UTF-8 of at most 32,767 bytes. */
export const string = scalar<string>("string", "", stringCodec);
/** Decodes to a view into the frame: copy what must outlive it. */
export const bytes = scalar<Buffer>("bytes", noBytes, bytesCodec);
/** Record batches. Decodes to a view into the frame; encodes one Buffer or several, without a copy. */
export const records = scalar<Buffer, Buffer | readonly Buffer[]>("records", noBytes, recordsCodec);
