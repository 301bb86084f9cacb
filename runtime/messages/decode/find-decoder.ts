import { avroDecoder } from "./avro.ts";
import { DECODERS } from "./decode.ts";
import { type Decoder, SchemaFault } from "./decoder.ts";
import { protobufDecoder } from "./protobuf.ts";

/** Decoders that need a schema, which is the text of a file. */
const BY_SCHEMA: Readonly<Record<string, (schema: string) => Decoder>> = {
  avro: avroDecoder,
  protobuf: protobufDecoder,
};

/** Ids of all that can be chosen. */
export const DECODER_IDS: readonly string[] = [
  ...DECODERS.map(({ id }) => id),
  ...Object.keys(BY_SCHEMA),
];

export type FoundDecoder =
  | { readonly kind: "decoder"; readonly decoder: Decoder }
  /** There is none of this id, or it cannot use the schema: a sentence that says so. */
  | { readonly kind: "refused"; readonly message: string };

/** The decoder of an id. */
export function findDecoder(id: string, schema: string | undefined): FoundDecoder {
  const plain = DECODERS.find((each) => each.id === id);
  if (plain !== undefined) return { kind: "decoder", decoder: plain };
  const make = Object.hasOwn(BY_SCHEMA, id) ? BY_SCHEMA[id] : undefined;
  if (make === undefined) {
    return {
      kind: "refused",
      message: `There is no decoder ${id}; use ${DECODER_IDS.join(", ")}.`,
    };
  }
  if (schema === undefined) {
    return { kind: "refused", message: `The decoder ${id} needs a schema.` };
  }
  try {
    return { kind: "decoder", decoder: make(schema) };
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error;
    return { kind: "refused", message: `The schema cannot be used: ${error.message}.` };
  }
}
