const SPACE = /[ \t\r\n]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
/** Deepest nesting that is taken for JSON. */
const MAX_DEPTH = 1_000;

const CLOSES = { "{": "}", "[": "]" } as const;

/** What keeps a text from being JSON (RFC 8259), and at which character; undefined when nothing does. */
export function jsonFault(text: string): string | undefined {
  return new JsonWalk(text).fault();
}

/** Walks over JSON once. Depth is kept in a list, so that it costs no stack. */
class JsonWalk {
  readonly #text: string;
  readonly #open: (keyof typeof CLOSES)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  fault(): string | undefined {
    for (;;) {
      const wrong = this.#value() ?? this.#afterValue();
      if (wrong !== undefined) return wrong;
      if (this.#open.length === 0) return undefined;
    }
  }

  /** Takes a value that is no object or list, or is an empty one, or goes into one up to its first value. */
  #value(): string | undefined {
    for (;;) {
      const first = this.#next();
      if (first !== "{" && first !== "[") {
        if (first === '"')
          return this.#takeString() ? undefined : this.#fault("a string that is well formed");
        return this.#take(SCALAR) ? undefined : this.#fault("a value");
      }
      this.#at += 1;
      if (this.#next() === CLOSES[first]) {
        this.#at += 1;
        return undefined;
      }
      if (this.#open.length === MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH}`;
      this.#open.push(first);
      const wrong = first === "{" ? this.#name() : undefined;
      if (wrong !== undefined) return wrong;
    }
  }

  /** Takes what ends behind a value, up to where the next value begins, or the end. */
  #afterValue(): string | undefined {
    for (;;) {
      const inside = this.#open.at(-1);
      const mark = this.#next();
      if (inside === undefined) return mark === "" ? undefined : this.#fault("the end");
      const close = CLOSES[inside];
      if (mark !== "," && mark !== close) return this.#fault(`, or ${close}`);
      this.#at += 1;
      if (mark === ",") return inside === "{" ? this.#name() : undefined;
      this.#open.pop();
    }
  }

  /** Takes the name of a member and its colon. */
  #name(): string | undefined {
    this.#next();
    if (!this.#takeString()) return this.#fault("the name of a member");
    if (this.#next() !== ":") return this.#fault(":");
    this.#at += 1;
    return undefined;
  }

  /** The next character that is not space; "" at the end. */
  #next(): string {
    this.#take(SPACE);
    return this.#text.charAt(this.#at);
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  /** A pattern for it would need memory for every character of a long one. */
  #takeString(): boolean {
    const text = this.#text;
    if (text.charCodeAt(this.#at) !== QUOTE) return false;
    for (this.#at += 1; ;) {
      const code = text.charCodeAt(this.#at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        if (!this.#take(ESCAPE)) return false;
      } else if (code >= FIRST_PRINTABLE) {
        this.#at += 1;
      } else {
        return false;
      }
    }
    this.#at += 1;
    return true;
  }

  #fault(expected: string): string {
    const at = this.#at;
    const found = at < this.#text.length ? `found ${this.#text.charAt(at)}` : "it ends";
    return `expected ${expected} at character ${at}, but ${found}`;
  }
}
