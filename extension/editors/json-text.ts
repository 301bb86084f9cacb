/** Deepest nesting that is formatted; deeper text stays as it is. */
const MAX_DEPTH = 200;
/** Longer text stays as it is: laying out tens of megabytes would hold up the extension host. */
const MAX_FORMAT_CHARACTERS = 2 * 1024 * 1024;

const WHITESPACE = /[ \t\n\r]+/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
// Control characters must be escaped within JSON strings (RFC 8259, 7).
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/**
 * JSON laid out with two spaces, or undefined when `text` is not JSON, too deep or too long. Only
 * whitespace between tokens changes: numbers beyond 2^53, escapes, duplicate and unordered keys stay
 * exactly as they were written, because nothing is ever converted to a value.
 */
export function layOutJson(text: string, indent = ""): string | undefined {
  if (text.length > MAX_FORMAT_CHARACTERS) return undefined;
  const layout = new Layout(text, indent);
  return layout.run() ? layout.text : undefined;
}

class Layout {
  text = "";
  readonly #source: string;
  readonly #indent: string;
  #at = 0;

  constructor(source: string, indent: string) {
    this.#source = source;
    this.#indent = indent;
  }

  run(): boolean {
    this.#skip();
    if (!this.#value(0)) return false;
    this.#skip();
    return this.#at === this.#source.length;
  }

  #value(depth: number): boolean {
    const next = this.#source[this.#at];
    if (next === "{") return this.#container("}", depth, () => this.#member(depth + 1));
    if (next === "[") return this.#container("]", depth, () => this.#value(depth + 1));
    return this.#token(STRING) || this.#token(NUMBER) || this.#token(WORD);
  }

  #member(depth: number): boolean {
    if (!this.#token(STRING)) return false;
    this.#skip();
    if (this.#source[this.#at] !== ":") return false;
    this.#at++;
    this.text += ": ";
    this.#skip();
    return this.#value(depth);
  }

  #container(end: string, depth: number, item: () => boolean): boolean {
    if (depth >= MAX_DEPTH) return false;
    this.text += this.#source[this.#at++];
    this.#skip();
    if (this.#source[this.#at] === end) return this.#close(end);
    for (;;) {
      this.text += this.#line(depth + 1);
      if (!item()) return false;
      this.#skip();
      if (this.#source[this.#at] !== ",") break;
      this.#at++;
      this.text += ",";
      this.#skip();
    }
    if (this.#source[this.#at] !== end) return false;
    this.text += this.#line(depth);
    return this.#close(end);
  }

  #close(end: string): boolean {
    this.#at++;
    this.text += end;
    return true;
  }

  #line(depth: number): string {
    return `\n${this.#indent}${"  ".repeat(depth)}`;
  }

  #token(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return false;
    this.#at = pattern.lastIndex;
    this.text += match[0];
    return true;
  }

  #skip(): void {
    WHITESPACE.lastIndex = this.#at;
    if (WHITESPACE.test(this.#source)) this.#at = WHITESPACE.lastIndex;
  }
}
