/** Why a peer's bytes were refused. The set is closed: a gateway may count or log by code. */
export type WireErrorCode =
  | "truncated"
  | "bad-length"
  | "bad-varint"
  | "unexpected-null"
  | "too-many-elements"
  | "too-many-tags"
  | "int64-range";

/**
 * The bytes of a peer do not form the message they claim to be. This is the only thing a decoder
 * throws on hostile input; Apache Kafka answers it by closing the connection.
 */
export class WireError extends Error {
  readonly code: WireErrorCode;
  /** Byte position in the frame at which the decoder gave up. */
  readonly at: number;

  constructor(code: WireErrorCode, at: number) {
    super(`malformed Kafka message: ${code} at byte ${at}`);
    this.name = "WireError";
    this.code = code;
    this.at = at;
  }
}
