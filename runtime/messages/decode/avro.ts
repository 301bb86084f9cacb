import avro from "avsc";
import { type Decoder, json, reasonOf, SchemaFault, undecodable } from "./decoder.ts";
import { jsonText } from "./json-text.ts";

/** `long` as a bigint where a number would round it. */
const EXACT_LONG = avro.types.LongType["__with"]({
  fromBuffer: (bytes: Buffer) => {
    const value = bytes.readBigInt64LE();
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  },
  toBuffer: (value: bigint | number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: (value: number) => value,
  toJSON: (value: bigint | number) => Number(value),
  isValid: (value: unknown) => typeof value === "bigint" || Number.isSafeInteger(value),
  compare: (a: bigint | number, b: bigint | number) => (a < b ? -1 : a > b ? 1 : 0),
});

/**
 * Reads bytes that Avro wrote by this schema, the text of an `.avsc` file. It may name types of `others`,
 * each of which comes after those that it names itself. Throws {@link SchemaFault}.
 */
export function avroDecoder(schema: string, others: readonly string[] = []): Decoder {
  const registry: Record<string, avro.Type> = { long: EXACT_LONG };
  for (const other of others) parseSchema(other, registry);
  const type = parseSchema(schema, registry);
  return {
    id: "avro",
    label: "Avro",
    decode(bytes) {
      try {
        const value: unknown = type.fromBuffer(bytes);
        return json(jsonText(value));
      } catch (error) {
        // The library names a state of its own for bytes that end too early.
        const { reason } = reasonOf(error);
        return undecodable(
          reason === "truncated buffer" ? "it ends before the schema does" : reason,
        );
      }
    },
  };
}

/** Adds the types that the schema names to the registry. */
function parseSchema(schema: string, registry: Record<string, avro.Type>): avro.Type {
  try {
    const parsed: unknown = JSON.parse(schema);
    if (typeof parsed !== "object" && typeof parsed !== "string") {
      throw new SchemaFault("a schema of Avro is an object, a list or the name of a type");
    }
    return avro.Type.forSchema(parsed as avro.Schema, { registry });
  } catch (error) {
    if (error instanceof SchemaFault) throw error;
    throw new SchemaFault(error instanceof Error ? error.message : String(error));
  }
}
