import { type LineFault, parseMessageLine } from "./jsonl.ts";
import type { NewMessage } from "./model.ts";
import { type DocumentSettings, NO_SETTINGS, parseSettingsLine } from "./produce-settings.ts";
import { parseTemplateLine, type TemplateLine } from "./template.ts";

/*
 * A produce document: messages to be produced, one line of JSON each (jsonl.ts), blank lines between
 * them as wanted. Its first line may say what holds for the whole document in place of a message:
 *
 *   {"topic": "orders", "template": {"seed": 42, "count": 1000, "rate": 50, "now": "2026-01-01T00:00Z"}}
 *
 * It is told from a message by having no other member than these two. With "template", which may be
 * empty, the lines below are templates of messages (template.ts).
 */

/** Templates of messages, which take turns. */
export interface Template {
  readonly lines: readonly TemplateLine[];
}

/** A message of a produce document, and the line it stands on, counted from 0. */
export interface MessageLine {
  readonly line: number;
  readonly message: NewMessage;
}

/** A line that is no message, and the line it stands on, counted from 0. */
export interface FaultyLine {
  readonly line: number;
  readonly fault: LineFault;
}

export interface ProduceDocument {
  readonly settings: DocumentSettings;
  /** The messages; none when the document is a template. */
  readonly messages: readonly MessageLine[];
  /** What the document has in place of messages when it is a template. */
  readonly template: Template | undefined;
  readonly faults: readonly FaultyLine[];
}

/** Reads a produce document as a whole. */
export function parseProduceDocument(text: string): ProduceDocument {
  const messages: MessageLine[] = [];
  const lines: TemplateLine[] = [];
  const faults: FaultyLine[] = [];
  let settings: DocumentSettings | undefined;
  for (const [line, source] of text.split(/\r?\n/).entries()) {
    if (source.trim() === "") continue;
    if (settings === undefined) {
      const parsed = parseSettingsLine(source);
      settings = parsed?.kind === "settings" ? parsed.settings : NO_SETTINGS;
      if (parsed?.kind === "fault") faults.push({ line, fault: parsed });
      if (parsed !== undefined) continue;
    }
    const parsed =
      settings.template === undefined ? parseMessageLine(source) : parseTemplateLine(line, source);
    if ("parts" in parsed) lines.push(parsed);
    else if (parsed.kind === "fault") faults.push({ line, fault: parsed });
    else messages.push({ line, message: parsed.message });
  }
  const template = settings?.template && { lines };
  return { settings: settings ?? NO_SETTINGS, messages, template, faults };
}
