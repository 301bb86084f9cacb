import { parseProduceDocument } from "../../api/produce-document.ts";
import { type Failure, failure } from "../outcome.ts";
import { TemplateFiller } from "./template-filler.ts";

/** A template ready to be filled, with what it says of a load. */
export interface OpenTemplate {
  readonly kind: "template";
  readonly filler: TemplateFiller;
  readonly count: number | undefined;
  readonly rate: number | undefined;
}

/** Reads a template. Fails with the place of its first fault. */
export async function openTemplate(
  text: string,
  seed: number | undefined,
): Promise<OpenTemplate | Failure> {
  const { template, settings, faults } = parseProduceDocument(text);
  const [fault] = faults;
  if (fault !== undefined) {
    const place = `${fault.line + 1}:${fault.fault.column}`;
    return failure("bad-request", `The template at ${place}: ${fault.fault.message}.`);
  }
  if (template === undefined || settings.template === undefined) {
    const what = 'This is no template: its first line has to be {"template": {}}.';
    return failure("bad-request", what);
  }
  if (template.lines.length === 0) {
    return failure("bad-request", "The template has no message: write one below its first line.");
  }
  // Its words and names are large, and most labs never make up anything.
  const { fakerMaker } = await import("./faker-values.ts");
  const { count, rate, nowMs } = settings.template;
  const make = fakerMaker(seed ?? settings.template.seed, nowMs);
  return { kind: "template", filler: new TemplateFiller(template, make), count, rate };
}
