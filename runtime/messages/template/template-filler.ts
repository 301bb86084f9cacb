import { parseMessageLine } from "../../api/jsonl.ts";
import type { NewMessage } from "../../api/model.ts";
import type { Template } from "../../api/produce-document.ts";
import type { TemplateLine } from "../../api/template.ts";
import type { Fill } from "../../api/template-placeholder.ts";
import type { MakeValue } from "./value-maker.ts";

/** A message of a template, and its line. */
export interface FilledLine {
  readonly kind: "filled";
  readonly text: string;
  readonly message: NewMessage;
}

/** What was made up is no message: a partition below 0, for example. */
export interface FillFault {
  readonly kind: "fault";
  /** Line and column count from 1; the column is that of the filled line. */
  readonly message: string;
}

/** Gives the messages of a template one after another, its lines in turn. */
export class TemplateFiller {
  readonly #lines: readonly TemplateLine[];
  readonly #make: MakeValue;
  #index = 0;

  /** The template must have a line. */
  constructor({ lines }: Template, make: MakeValue) {
    this.#lines = lines;
    this.#make = make;
  }

  next(): FilledLine | FillFault {
    const index = this.#index;
    this.#index += 1;
    const template = this.#lines[index % this.#lines.length];
    if (template === undefined) throw new Error("the template has no line");
    const text = template.parts.map((part) => this.#textOf(part, index)).join("");
    const parsed = parseMessageLine(text);
    if (parsed.kind === "message") return { kind: "filled", text, message: parsed.message };
    const place = `message ${index + 1}, of line ${template.line + 1}`;
    return { kind: "fault", message: `${place}: ${parsed.message}.` };
  }

  #textOf(part: string | Fill, index: number): string {
    if (typeof part === "string") return part;
    const value = part.name === "index" ? index : this.#make(part);
    // JSON of a number may be `null`, for what is not finite; nothing here makes such numbers.
    return part.isWhole ? JSON.stringify(value) : JSON.stringify(String(value)).slice(1, -1);
  }
}
