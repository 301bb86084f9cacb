import type { DecodedField, Message } from "../../api/model.ts";
import { isInternalTopic, readInternalRecord } from "../../cluster/internal-records.ts";
import { type Failure, failure } from "../outcome.ts";
import { decodeField } from "./decode.ts";
import { type Decoder, json, undecodable } from "./decoder.ts";
import { findDecoder } from "./find-decoder.ts";
import { jsonText } from "./json-text.ts";
import type { RegistryAddress } from "./registry/registry-client.ts";
import { type Registries, REGISTRY_ID } from "./registry/registry-decoder.ts";
import { looksFramed } from "./registry/wire-format.ts";

/** How a key or value is to be read. */
export interface DecodeChoice {
  /** Whatever reads the bytes when undefined. */
  readonly decoder: string | undefined;
  /** The text of an `.avsc` or `.proto` file. */
  readonly schema: string | undefined;
  /** Where schemas are that messages name by a number; nobody is asked when undefined. */
  readonly registry: RegistryAddress | undefined;
}

const KAFKA_ID = "kafka";

/** The key or value of a whole message as text; null where it is null. */
export async function decodeMessage(
  topic: string,
  message: Message,
  side: "key" | "value",
  { decoder: id, schema, registry }: DecodeChoice,
  registries: Registries,
): Promise<{ readonly kind: "decoded"; readonly decoded: DecodedField | null } | Failure> {
  const field = message[side];
  if (field === null) return { kind: "decoded", decoded: null };
  const bytes = Buffer.from(field.bytes);
  const named = (): Promise<Decoder> | undefined =>
    registry && registries.decoderFor(registry, { bytes, headers: message.headers }, side);
  const done = (chosen: Decoder | undefined, first: readonly Decoder[] = []) =>
    ({ kind: "decoded", decoded: decodeField(bytes, chosen, first) }) as const;

  if (id === KAFKA_ID) return done(internalDecoder(topic, message, side));
  if (id === REGISTRY_ID) {
    const decoder = await named();
    if (decoder !== undefined) return done(decoder);
    const message = "The decoder registry needs the address of a schema registry.";
    return failure("bad-request", message);
  }
  if (id !== undefined) {
    const found = findDecoder(id, schema);
    return found.kind === "refused" ? failure("bad-request", found.message) : done(found.decoder);
  }
  if (isInternalTopic(topic)) return done(undefined, [internalDecoder(topic, message, side)]);
  const decoder = looksFramed(bytes) || hasSchemaHeader(message, side) ? await named() : undefined;
  return done(undefined, decoder === undefined ? [] : [decoder]);
}

function hasSchemaHeader({ headers }: Message, side: "key" | "value"): boolean {
  return headers.some(({ key }) => key === `__${side}_schema_id`);
}

/** Reads what Kafka writes into its own topics, of which the key says what the value is. */
function internalDecoder(topic: string, message: Message, side: "key" | "value"): Decoder {
  return {
    id: KAFKA_ID,
    label: "Kafka",
    decode() {
      if (!isInternalTopic(topic)) return undecodable(`${topic} is no topic of Kafka's own`);
      if (message.key === null) return undecodable("the key that says what it is is null");
      const value = message.value && Buffer.from(message.value.bytes);
      const record = readInternalRecord(topic, Buffer.from(message.key.bytes), value);
      if (record === undefined) return undecodable(`${topic} is no topic of Kafka's own`);
      return record.kind === "unreadable"
        ? undecodable(record.reason)
        : json(jsonText(record[side]));
    },
  };
}
