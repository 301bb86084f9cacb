import { gunzipSync } from "node:zlib";
import { Decoder as MsgpackDecoder } from "@msgpack/msgpack";
import { decode as decodeCborItem } from "cborg";
import {
  type Decoded,
  type Decoder,
  json,
  reasonOf,
  type Undecodable,
  undecodable,
} from "./decoder.ts";
import { jsonText } from "./json-text.ts";

/** Most bytes that compressed ones may unfold to. */
export const MAX_UNFOLDED_BYTES = 64 * 1024 * 1024;
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** A decoder over a library that throws for what it cannot read. */
function library(id: string, label: string, read: (bytes: Buffer) => unknown): Decoder {
  return {
    id,
    label,
    decode(bytes) {
      if (bytes.length === 0) return undecodable("there are no bytes");
      try {
        return json(jsonText(read(bytes)));
      } catch (error) {
        return reasonOf(error);
      }
    },
  };
}

/** Integers of 64 bits stay exact; names of maps can be numbers. */
const MSGPACK = new MsgpackDecoder({
  useBigInt64: true,
  mapKeyConverter: (key) =>
    typeof key === "string" || typeof key === "number" ? key : String(key),
});

export const MSGPACK_DECODER = library("msgpack", "MessagePack", (bytes) => MSGPACK.decode(bytes));

export const CBOR_DECODER = library("cbor", "CBOR", (bytes) =>
  decodeCborItem(bytes, { useMaps: true, allowUndefined: true }),
);

/** Bytes that were compressed before they were produced, as what `inner` makes of them. */
export function gzipDecoder(inner: (bytes: Buffer) => Decoded | Undecodable): Decoder {
  return {
    id: "gzip",
    label: "gzip",
    decode(bytes) {
      if (bytes[0] !== GZIP_MAGIC[0] || bytes[1] !== GZIP_MAGIC[1]) {
        return undecodable("it does not begin with gzip's mark 1f 8b");
      }
      let unfolded: Buffer;
      try {
        unfolded = gunzipSync(bytes, { maxOutputLength: MAX_UNFOLDED_BYTES });
      } catch (error) {
        return reasonOf(error);
      }
      return inner(unfolded);
    },
  };
}
