const SPACE = /[ \t\r\n]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PRINTABLE = 0x20;
/** Deepest nesting that is taken for JSON. */
const MAX_DEPTH = 1_000;

/**
 * What keeps a text from being JSON (RFC 8259), and at which character; undefined when nothing does.
 * Depth costs no stack.
 */
export function jsonFault(text: string): string | undefined {
  let at = 0;
  const open: ("{" | "[")[] = [];
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  /** A pattern for it would need memory for every character of a long one. */
  const takeString = (): boolean => {
    if (text.charCodeAt(at) !== QUOTE) return false;
    for (at += 1; ;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        if (!take(ESCAPE)) return false;
      } else if (code >= FIRST_PRINTABLE) {
        at += 1;
      } else {
        return false;
      }
    }
    at += 1;
    return true;
  };
  const next = (): string => {
    take(SPACE);
    return text.charAt(at);
  };
  const fault = (expected: string): string => {
    const found = at < text.length ? `found ${text.charAt(at)}` : "it ends";
    return `expected ${expected} at character ${at}, but ${found}`;
  };
  /** Takes the name of a member and its colon. */
  const name = (): string | undefined => {
    next();
    if (!takeString()) return fault("the name of a member");
    if (next() !== ":") return fault(":");
    at += 1;
    return undefined;
  };

  for (;;) {
    const first = next();
    if (first === "{" || first === "[") {
      at += 1;
      if (open.length === MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH}`;
      const isEmpty = next() === (first === "{" ? "}" : "]");
      if (!isEmpty) {
        open.push(first);
        const wrong = first === "{" ? name() : undefined;
        if (wrong !== undefined) return wrong;
        continue;
      }
      at += 1;
    } else if (!(first === '"' ? takeString() : take(SCALAR))) {
      return fault(first === '"' ? "a string that is well formed" : "a value");
    }
    // A value has ended; what follows depends on what it is in.
    for (let inside = open.at(-1); ; inside = open.at(-1)) {
      const mark = next();
      if (inside === undefined) return mark === "" ? undefined : fault("the end");
      if (mark === ",") {
        at += 1;
        const wrong = inside === "{" ? name() : undefined;
        if (wrong !== undefined) return wrong;
        break;
      }
      if (mark !== (inside === "{" ? "}" : "]")) return fault(`, or ${inside === "{" ? "}" : "]"}`);
      at += 1;
      open.pop();
    }
  }
}
