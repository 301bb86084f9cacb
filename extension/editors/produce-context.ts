/** Where in a line of a produce document the cursor is, as far as the text before it tells. */
export interface LineContext {
  /** Names and indexes that lead to the place: `["headers", "trace"]` is the value of that header. */
  readonly path: readonly (string | number)[];
  /** Whether the name of a member stands there, or a value; `none` where nothing can be written but `,` or `:`. */
  readonly role: "name" | "value" | "none";
  /** The word that is being written there, its quotes included; empty where none has been begun. */
  readonly word: Span;
  /** Names that the object around the place has elsewhere. */
  readonly siblings: readonly string[];
}

/** UTF-16 units of a line, the end excluded. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

interface Container {
  readonly isObject: boolean;
  readonly id: number;
  /** In an object: what is expected next. A list has values only. */
  state: "name" | "colon" | "value" | "comma";
  name: string;
  index: number;
}

interface Token extends Span {
  readonly kind: "string" | "word" | "mark";
  readonly text: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*(?:"|$)|[{}[\],:]|[^\s{}[\],:"]+/g;

/** Looks at a line that may be half written, so it takes whatever comes. `column` counts from 0. */
export function lineContext(line: string, column: number): LineContext {
  const names = new Map<number, Token[]>();
  const stack: Container[] = [];
  let opened = 0;
  let found: (Omit<LineContext, "siblings"> & { readonly container: number }) | undefined;
  const look = (word: Span): void => {
    found = { ...place(stack), word, container: stack.at(-1)?.id ?? -1 };
  };
  for (const token of tokens(line)) {
    const isWord = token.kind !== "mark";
    if (found === undefined && touches(token, column, isWord)) look(token);
    else if (found === undefined && token.from >= column) look({ from: column, to: column });
    if (isWord) takeWord(stack.at(-1), token, names);
    else opened = takeMark(stack, token.text, opened);
  }
  if (found === undefined) look({ from: column, to: column });
  const { container, ...context } = found ?? { ...place([]), word: EMPTY, container: -1 };
  const siblings = (names.get(container) ?? [])
    .filter(({ from, to }) => from !== context.word.from || to !== context.word.to)
    .map((name) => unquoted(name.text));
  return { ...context, siblings };
}

const EMPTY: Span = { from: 0, to: 0 };

function* tokens(line: string): Generator<Token, void> {
  for (const match of line.matchAll(TOKEN)) {
    const [text] = match;
    const kind = text.startsWith('"') ? "string" : /^[{}[\],:]$/.test(text) ? "mark" : "word";
    yield { kind, text, from: match.index, to: match.index + text.length };
  }
}

/** A word is being written when the cursor is in it or at its end, but not behind a closing quote. */
function touches({ from, to, kind, text }: Token, column: number, isWord: boolean): boolean {
  if (!isWord || column <= from) return false;
  const isClosed = kind === "string" && text.length > 1 && /[^\\](?:\\\\)*"$/.test(text);
  return isClosed ? column < to : column <= to;
}

function place(stack: readonly Container[]): Pick<LineContext, "path" | "role"> {
  const inner = stack.at(-1);
  const path = stack.flatMap((one, depth): readonly (string | number)[] => {
    const isInnermost = depth === stack.length - 1;
    if (!one.isObject) return [one.index];
    return isInnermost && one.state === "name" ? [] : [one.name];
  });
  if (inner === undefined) return { path: [], role: "value" };
  if (inner.state === "name") return { path, role: "name" };
  return { path, role: inner.state === "value" ? "value" : "none" };
}

function takeWord(inner: Container | undefined, token: Token, names: Map<number, Token[]>): void {
  if (inner === undefined) return;
  if (inner.state === "name") {
    inner.name = unquoted(token.text);
    inner.state = "colon";
    names.set(inner.id, [...(names.get(inner.id) ?? []), token]);
  } else if (inner.state === "value") {
    inner.state = "comma";
  }
}

/** Returns how many containers have been opened. */
function takeMark(stack: Container[], mark: string, opened: number): number {
  const inner = stack.at(-1);
  if (mark === "{" || mark === "[") {
    const isObject = mark === "{";
    const state = isObject ? "name" : "value";
    stack.push({ isObject, id: opened, state, name: "", index: 0 });
    return opened + 1;
  }
  if (mark === "}" || mark === "]") {
    stack.pop();
    const outer = stack.at(-1);
    if (outer !== undefined) outer.state = "comma";
  } else if (inner !== undefined && mark === ":") {
    inner.state = "value";
  } else if (inner !== undefined) {
    inner.state = inner.isObject ? "name" : "value";
    inner.index += 1;
  }
  return opened;
}

/** What a string means, as far as it can be told while it is being written. */
function unquoted(text: string): string {
  return text.replace(/^"|"$/g, "");
}

/** A placeholder of a template around a column, its braces included, if the column is within one. */
export function placeholderAt(line: string, column: number): Span | undefined {
  const from = line.lastIndexOf("{{", column - 1);
  if (from < 0) return undefined;
  const end = line.indexOf("}}", from);
  const quote = line.indexOf('"', from);
  if (end >= 0 && (quote < 0 || end < quote)) {
    return column <= end + 1 ? { from, to: end + 2 } : undefined;
  }
  const to = quote < 0 ? line.length : quote;
  return column <= to ? { from, to } : undefined;
}
