import type { MessageHeader } from "../../../api/model.ts";
import { avroDecoder } from "../avro.ts";
import {
  type Decoded,
  type Decoder,
  SchemaFault,
  type Undecodable,
  undecodable,
} from "../decoder.ts";
import { protobufDecoder } from "../protobuf.ts";
import { JSON_DECODER } from "../text-decoders.ts";
import { type RegistryAddress, RegistryClient, RegistryFault } from "./registry-client.ts";
import { type ResolvedSchema, resolveReferences } from "./resolve.ts";
import { type Framed, takeIndexes, unframe } from "./wire-format.ts";

/** Registries and schemas that are remembered. */
const MAX_REGISTRIES = 8;
const MAX_SCHEMAS = 500;
export const REGISTRY_ID = "registry";
const LABEL = "Schema Registry";

/** Schemas of registries, each asked for once. What a number stands for never changes; what failed is asked for again. */
export class Registries {
  readonly #registries = new Map<string, SchemaCache>();

  /**
   * A decoder for just this key or value: the schema that it names has been fetched, or the decoder says why
   * it could not be.
   */
  async decoderFor(
    address: RegistryAddress,
    message: { readonly bytes: Buffer; readonly headers: readonly MessageHeader[] },
    side: "key" | "value",
  ): Promise<Decoder> {
    const framed = unframe(message.bytes, message.headers, side);
    if (framed.kind === "undecodable") return always(framed);
    try {
      const schema = await this.#cacheOf(address).get(framed.schema);
      return { id: REGISTRY_ID, label: LABEL, decode: () => schema.decode(framed) };
    } catch (error) {
      if (error instanceof RegistryFault || error instanceof SchemaFault) {
        return always(undecodable(error.message));
      }
      throw error;
    }
  }

  #cacheOf(address: RegistryAddress): SchemaCache {
    const key = JSON.stringify([address.url, address.userInfo]);
    const known = this.#registries.get(key);
    if (known !== undefined) return known;
    dropOldest(this.#registries, MAX_REGISTRIES);
    const cache = new SchemaCache(new RegistryClient(address));
    this.#registries.set(key, cache);
    return cache;
  }
}

function always(outcome: Undecodable): Decoder {
  return { id: REGISTRY_ID, label: LABEL, decode: () => outcome };
}

class SchemaCache {
  readonly #client: RegistryClient;
  readonly #schemas = new Map<number | string, Promise<UsableSchema>>();

  constructor(client: RegistryClient) {
    this.#client = client;
  }

  get(schema: Framed["schema"]): Promise<UsableSchema> {
    const key = "id" in schema ? schema.id : schema.guid;
    const known = this.#schemas.get(key);
    if (known !== undefined) return known;
    dropOldest(this.#schemas, MAX_SCHEMAS);
    const loading = this.#load(schema);
    this.#schemas.set(key, loading);
    loading.catch(() => this.#schemas.delete(key));
    return loading;
  }

  async #load(schema: Framed["schema"]): Promise<UsableSchema> {
    const client = this.#client;
    const found = await ("id" in schema ? client.byId(schema.id) : client.byGuid(schema.guid));
    const name = "id" in schema ? `schema ${schema.id}` : `schema ${schema.guid}`;
    return new UsableSchema(name, await resolveReferences(client, found));
  }
}

/** A map keeps the order in which things came. */
function dropOldest<Key>(map: Map<Key, unknown>, most: number): void {
  const [oldest] = map.keys();
  if (map.size >= most && oldest !== undefined) map.delete(oldest);
}

const TYPE_NAMES = { AVRO: "Avro", PROTOBUF: "Protobuf", JSON: "JSON Schema" } as const;

/** A schema made ready. Of a Protobuf schema each message when it is first met. */
class UsableSchema {
  readonly #name: string;
  readonly #schema: ResolvedSchema;
  readonly #decoders = new Map<string, Decoder>();

  constructor(name: string, schema: ResolvedSchema) {
    this.#name = name;
    this.#schema = schema;
  }

  decode(framed: Framed): Decoded | Undecodable {
    const schema = `${TYPE_NAMES[this.#schema.type]}, ${this.#name}`;
    try {
      const result = this.#decode(framed);
      return result.kind === "decoded"
        ? { ...result, schema }
        : undecodable(`${schema}: ${result.reason}`);
    } catch (error) {
      if (error instanceof SchemaFault) return undecodable(`${schema}: ${error.message}`);
      throw error;
    }
  }

  /** Throws SchemaFault. */
  #decode({ rest, headerRest }: Framed): Decoded | Undecodable {
    if (this.#schema.type !== "PROTOBUF") return this.#decoder([]).decode(rest);
    const taken = takeIndexes(headerRest ?? rest);
    if (taken.kind === "undecodable") return taken;
    return this.#decoder(taken.indexes).decode(headerRest === undefined ? taken.rest : rest);
  }

  /** Throws SchemaFault. */
  #decoder(indexes: readonly number[]): Decoder {
    const key = indexes.join(".");
    const known = this.#decoders.get(key);
    if (known !== undefined) return known;
    const decoder = this.#make(indexes);
    this.#decoders.set(key, decoder);
    return decoder;
  }

  #make(indexes: readonly number[]): Decoder {
    const { type, text, references } = this.#schema;
    switch (type) {
      case "AVRO":
        return avroDecoder(
          text,
          references.map((each) => each.text),
        );
      case "PROTOBUF":
        return protobufDecoder(text, { indexes, imports: references });
      case "JSON":
        return JSON_DECODER;
    }
  }
}
