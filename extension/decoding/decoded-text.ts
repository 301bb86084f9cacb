import type { DecodedField } from "../../runtime/api/model.ts";

/** Words of a decoded document in the language of the window. */
export interface DecodedWords {
  readonly nothing: string;
  notBecause(decoder: string, reason: string): string;
}

/**
 * The text of a decoded key or value. Where a decoder that was chosen or tried could not read it and hex is
 * shown in its place, the reasons come first.
 */
export function decodedText(decoded: DecodedField | null, words: DecodedWords): string {
  if (decoded === null) return words.nothing;
  const { text, decoder, tried } = decoded;
  if (decoder !== "hex" || tried.length === 0) return text;
  const reasons = tried.map((attempt) => words.notBecause(attempt.decoder, attempt.reason));
  return `${reasons.join("\n")}\n\n${text}\n`;
}
