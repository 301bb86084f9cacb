/** JSON that is not well formed: where (a UTF-16 index into the text) and what was expected there. */
export class JsonFault extends Error {
  override readonly name = "JsonFault";
  readonly index: number;

  constructor(index: number, message: string) {
    super(message);
    this.index = index;
  }
}

/** Deepest nesting that is scanned. */
const MAX_DEPTH = 256;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;
const HEX = /[0-9a-fA-F]{4}/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Walks over JSON text (RFC 8259) and tells where each value begins and ends, so that a value can be
 * kept as it was written: JSON.parse would round 2^53+1 and drop duplicate keys.
 */
export class JsonScanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Index of what comes next. */
  get at(): number {
    return this.#at;
  }

  /** The next character that is not space, without taking it; "" at the end. */
  peek(): string {
    this.#match(SPACE);
    return this.#text.charAt(this.#at);
  }

  /** Takes `character` when it comes next. */
  accept(character: string): boolean {
    if (this.peek() !== character) return false;
    this.#at += 1;
    return true;
  }

  expect(character: string): void {
    if (!this.accept(character)) this.#fail(`expected ${character}`);
  }

  /** Takes one value of any kind and returns its exact source text. */
  value(): string {
    this.peek();
    const start = this.#at;
    this.#skip(0);
    return this.#text.slice(start, this.#at);
  }

  /** Takes one string and returns what it means. */
  string(): string {
    if (this.peek() !== '"') this.#fail("expected a string");
    const start = this.#at;
    this.#skipString();
    const text: unknown = JSON.parse(this.#text.slice(start, this.#at));
    return String(text);
  }

  /** Takes an object or a list, calling `member` or `item` at the start of each value to take it. */
  object(member: (name: string, nameAt: number) => void): void {
    this.expect("{");
    if (this.accept("}")) return;
    do {
      this.peek();
      const nameAt = this.#at;
      const name = this.string();
      this.expect(":");
      member(name, nameAt);
    } while (this.accept(","));
    if (!this.accept("}")) this.#fail("expected , or }");
  }

  list(item: () => void): void {
    this.expect("[");
    if (this.accept("]")) return;
    do item();
    while (this.accept(","));
    if (!this.accept("]")) this.#fail("expected , or ]");
  }

  /** Fails unless only space is left. */
  end(): void {
    if (this.peek() !== "") this.#fail("expected the end of the line");
  }

  #skip(depth: number): void {
    if (depth > MAX_DEPTH) this.#fail(`nested deeper than ${MAX_DEPTH}`);
    const next = this.peek();
    const inner = () => this.#skip(depth + 1);
    if (next === "{") this.object(inner);
    else if (next === "[") this.list(inner);
    else if (next === '"') this.#skipString();
    else if (!this.#match(NUMBER) && !this.#match(WORD)) this.#fail("expected a JSON value");
  }

  #skipString(): void {
    for (this.#at += 1; ; this.#at += 1) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) break;
      if (Number.isNaN(code)) this.#fail('the string has no closing "');
      if (code < 0x20) this.#fail("a control character in a string must be escaped, such as \\n");
      if (code === BACKSLASH) this.#skipEscape();
    }
    this.#at += 1;
  }

  #skipEscape(): void {
    const escape = this.#text.charAt(this.#at + 1);
    HEX.lastIndex = this.#at + 2;
    if (escape === "u" && HEX.test(this.#text)) this.#at += 5;
    else if (escape !== "" && '"\\/bfnrt'.includes(escape)) this.#at += 1;
    else this.#fail("\\ begins an escape that JSON does not have");
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #fail(message: string): never {
    throw new JsonFault(this.#at, message);
  }
}
