import type { DecodedField } from "../../runtime/api/model.ts";
import type { Wording } from "../views/topic-text.ts";

/**
 * A decoded key or value as the text of a document. When something was tried that could not read it, the
 * first lines say what and why.
 */
export function decodedText(decoded: DecodedField | null, wording: Wording): string {
  if (decoded === null) return wording.t("It is null: there is nothing to decode.");
  const { text, decoder, tried } = decoded;
  if (tried.length === 0) return text;
  const lines = tried.map((one) => wording.t("# Not {0}: {1}", one.decoder, one.reason));
  const shown = wording.t("# Shown as {0}. These were tried before:", decoder);
  return [shown, ...lines, "", text].join("\n");
}
