import { MAX_PREVIEW_BYTES } from "../../api/load.ts";
import { type Failure, failure } from "../outcome.ts";
import { openTemplate } from "./open-template.ts";

/** The first messages of a template as lines; fewer when they are large. */
export async function previewTemplate(
  text: string,
  seed: number | undefined,
  count: number,
): Promise<{ readonly kind: "preview"; readonly lines: readonly string[] } | Failure> {
  const template = await openTemplate(text, seed);
  if (template.kind === "failed") return template;
  const lines: string[] = [];
  let length = 0;
  while (lines.length < count && length < MAX_PREVIEW_BYTES) {
    const filled = template.filler.next();
    if (filled.kind === "fault") return failure("bad-request", `The template: ${filled.message}`);
    lines.push(filled.text);
    length += filled.text.length;
  }
  return { kind: "preview", lines };
}
