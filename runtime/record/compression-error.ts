/** Compressed bytes are damaged or unfold to more than allowed, or the codec cannot be used here. */
export class CompressionError extends Error {
  override readonly name = "CompressionError";
  readonly kind: "corrupt" | "too-large" | "unsupported";

  constructor(kind: "corrupt" | "too-large" | "unsupported", message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Refuses data that claims or turns out to be larger than allowed. */
export function tooLarge(codec: string, maxBytes: number): CompressionError {
  return new CompressionError("too-large", `${codec} data unfolds to more than ${maxBytes} bytes`);
}

export function corrupt(codec: string, why: string): CompressionError {
  return new CompressionError("corrupt", `${codec} data is damaged: ${why}`);
}
