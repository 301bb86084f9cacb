import type { TopicConfigChange, TopicConfigEntry } from "../../../runtime/api/topic-admin.ts";

/** One line of a configuration document that is neither blank nor a comment. */
export interface ConfigLine {
  /** From 0. */
  readonly line: number;
  readonly name: string;
  readonly value: string;
  /** Columns in UTF-16 units. */
  readonly nameStart: number;
  readonly valueStart: number;
  readonly end: number;
}

/** What is wrong with a line before anyone is asked. */
export interface ConfigTextFault {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly kind: "no-value" | "doubled" | "read-only" | "sensitive";
  readonly name: string;
}

export interface ConfigText {
  readonly lines: readonly ConfigLine[];
  readonly faults: readonly ConfigTextFault[];
}

const LINE = /^(\s*)([^=\s#][^=]*?)\s*=[^\S\n]*(.*?)\s*$/;

/** Reads a document: `name=value` in each line, comments after `#` at the beginning of a line. */
export function parseConfigText(text: string, configs: readonly TopicConfigEntry[]): ConfigText {
  const known = new Map(configs.map((config) => [config.name, config]));
  const lines: ConfigLine[] = [];
  const faults: ConfigTextFault[] = [];
  const seen = new Set<string>();
  for (const [line, content] of text.split(/\r?\n/).entries()) {
    const start = content.length - content.trimStart().length;
    if (start === content.length || content[start] === "#") continue;
    const end = content.trimEnd().length;
    const match = LINE.exec(content);
    if (match === null) {
      faults.push({ ...{ line, start, end, kind: "no-value" }, name: content.trim() });
      continue;
    }
    const [, , name = "", value = ""] = match;
    const parsed = { line, name, value, nameStart: start, valueStart: end - value.length, end };
    const kind = seen.has(name) ? "doubled" : faultOf(known.get(name), value);
    if (kind !== undefined) faults.push({ ...{ line, start, end, kind }, name });
    else lines.push(parsed);
    seen.add(name);
  }
  return { lines, faults };
}

function faultOf(config: TopicConfigEntry | undefined, value: string) {
  if (config?.sensitive === true) return "sensitive";
  return config?.readOnly === true && config.value !== value ? "read-only" : undefined;
}

/** What has to be changed so that the topic sets what the document says, and nothing else. */
export function changesOf(
  { lines }: ConfigText,
  configs: readonly TopicConfigEntry[],
): readonly TopicConfigChange[] {
  const wanted = new Map(lines.map(({ name, value }) => [name, value]));
  const own = new Map(configs.filter(isOwn).map(({ name, value }) => [name, value]));
  const set = [...wanted].filter(([name, value]) => own.get(name) !== value);
  const unset = [...own.keys()].filter((name) => !wanted.has(name));
  return [
    ...set.map(([name, value]) => ({ name, value })),
    ...unset.map((name) => ({ name, value: null })),
  ];
}

/** The topic itself sets it, and it can be shown and changed. */
function isOwn({ source, readOnly, sensitive }: TopicConfigEntry): boolean {
  return source === "topic" && !readOnly && !sensitive;
}

/** The sentences of a document, in the language of the window. */
export interface ConfigWords {
  /** At the top; what the document is and how it is used. */
  readonly head: string;
  /** Above the values that are not the topic's own. */
  readonly defaults: string;
}

/** The document of a topic: what it sets itself, and as comments everything else. */
export function configText(configs: readonly TopicConfigEntry[], words: ConfigWords): string {
  const line = ({ name, value }: TopicConfigEntry) => `${name}=${value ?? ""}`;
  const comments = (text: string) => text.split("\n").map((one) => `# ${one}`);
  const own = configs.filter(isOwn);
  const rest = configs.filter((config) => !isOwn(config));
  return [
    ...comments(words.head),
    "",
    ...own.map(line),
    ...(own.length === 0 ? [] : [""]),
    ...comments(words.defaults),
    "",
    ...rest.map((config) => `#${line(config)}`),
    "",
  ].join("\n");
}

/** The configuration that a line is about, a commented one too. */
export function nameInLine(content: string): string | undefined {
  return /^\s*#?\s*([\w.-]+)\s*(?:=|$)/.exec(content)?.[1];
}

/** Where a line with a value for `name` is in a document. */
export function lineOf({ lines }: ConfigText, name: string | undefined): ConfigLine | undefined {
  return lines.find((line) => line.name === name);
}
