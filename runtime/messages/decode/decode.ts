import type { DecodedField } from "../../api/model.ts";
import { CBOR_DECODER, gzipDecoder, MSGPACK_DECODER } from "./binary-decoders.ts";
import type { Decoded, Decoder, Undecodable } from "./decoder.ts";
import { HEX_DECODER, JSON_DECODER, TEXT_DECODER, XML_DECODER } from "./text-decoders.ts";

/**
 * What is tried when nobody chose, surest first. MessagePack and CBOR are not among them: nearly any
 * bytes are one of the two, and a text that only looks like it would be shown as a number.
 */
const GUESSED: readonly Decoder[] = [JSON_DECODER, XML_DECODER, TEXT_DECODER];

const GZIP_DECODER = gzipDecoder((bytes) => guess(bytes) ?? hexOf(bytes));

/** Those that a person can choose from, beside schemas. */
export const DECODERS: readonly Decoder[] = [
  ...[JSON_DECODER, TEXT_DECODER, HEX_DECODER, XML_DECODER],
  ...[MSGPACK_DECODER, CBOR_DECODER, GZIP_DECODER],
];

function guess(bytes: Buffer): Decoded | undefined {
  for (const decoder of GUESSED) {
    const result = decoder.decode(bytes);
    if (result.kind === "decoded") return result;
  }
  return undefined;
}

function hexOf(bytes: Buffer): Decoded | Undecodable {
  return HEX_DECODER.decode(bytes);
}

/**
 * Decodes with the decoder that was chosen, or with whatever reads the bytes, `first` before the others. What cannot be read comes as
 * hex, with the reasons of all that were tried.
 */
export function decodeField(
  bytes: Buffer,
  chosen: Decoder | undefined,
  first: readonly Decoder[] = [],
): DecodedField {
  const candidates = chosen === undefined ? [...first, GZIP_DECODER, ...GUESSED] : [chosen];
  const tried: { decoder: string; reason: string }[] = [];
  for (const decoder of [...candidates, HEX_DECODER]) {
    const result = decoder.decode(bytes);
    if (result.kind === "decoded") {
      const { text, language, schema } = result;
      return { text, language, decoder: decoder.id, schema, tried };
    }
    tried.push({ decoder: decoder.id, reason: result.reason });
  }
  throw new Error("hex reads everything");
}
