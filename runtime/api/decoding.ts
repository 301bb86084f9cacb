/** What is asked about keys and values as text. */
import type { DecodedField } from "./model.ts";

/** Where schemas are that messages name by a number. */
export interface RegistryParams {
  /** `http:` or `https:`, without user and password. */
  readonly url: string;
  /** `user:password` for basic authentication. */
  readonly userInfo?: string | undefined;
}

export interface DecodeParams {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly side: "key" | "value";
  /**
   * json, text, hex, xml, msgpack, cbor, gzip, avro, protobuf, registry or kafka (Kafka's own topics); whatever
   * reads the bytes when undefined.
   */
  readonly decoder: string | undefined;
  /** What `avro` and `protobuf` need: the text of an `.avsc` or `.proto` file. */
  readonly schema: string | undefined;
  /**
   * What `registry` needs; without a decoder it is asked for what looks as if Confluent's serializers wrote it.
   * The lab connects to it for this request, and never without one.
   */
  readonly registry?: RegistryParams | undefined;
}

export interface DecodeRequests {
  /** The whole key or value of a message as text. Null where it is null. */
  "messages/decode": {
    params: DecodeParams;
    result: { readonly decoded: DecodedField | null };
  };
}
