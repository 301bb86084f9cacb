/** What the bytes of a key or value say, as text for a person. */
export interface Decoded {
  readonly kind: "decoded";
  readonly text: string;
  /** How an editor is to colour the text. */
  readonly language: "json" | "xml" | "plaintext";
  /** By which schema they were read, where a registry had it. */
  readonly schema?: string;
}

/** Why bytes are not what a decoder reads: a sentence that says what it met, and where. */
export interface Undecodable {
  readonly kind: "undecodable";
  readonly reason: string;
}

/** Makes text of bytes, or says why it cannot. Never throws for bytes, whatever they are. */
export interface Decoder {
  /** Stable, for settings and for the command line: `json`. */
  readonly id: string;
  /** As a person reads it: "JSON". */
  readonly label: string;
  decode(bytes: Buffer): Decoded | Undecodable;
}

/** A schema cannot be used; the message says what is wrong with it. */
export class SchemaFault extends Error {
  override readonly name = "SchemaFault";
}

export function json(text: string): Decoded {
  return { kind: "decoded", text, language: "json" };
}

export function undecodable(reason: string): Undecodable {
  return { kind: "undecodable", reason };
}

/** What a library said of bytes that it could not read. */
export function reasonOf(error: unknown): Undecodable {
  const message = error instanceof Error ? error.message : String(error);
  return undecodable(message.split("\n")[0] ?? message);
}
