/**
 * The part of RE2's syntax that topic names can be told apart by: characters, classes, groups,
 * alternatives, repetitions, anchors and the flags i, m, s and U.
 */
export type RegexNode =
  | { readonly kind: "char"; readonly matches: (code: number) => boolean }
  | { readonly kind: "assert"; readonly where: Anchor }
  | { readonly kind: "sequence"; readonly nodes: readonly RegexNode[] }
  | { readonly kind: "either"; readonly nodes: readonly RegexNode[] }
  /** `most` may be Infinity. */
  | {
      readonly kind: "repeat";
      readonly node: RegexNode;
      readonly least: number;
      readonly most: number;
    };

export type Anchor = "start" | "end" | "wordEdge" | "noWordEdge";

export class RegexSyntaxError extends Error {
  override readonly name = "RegexSyntaxError";
}

/** RE2 repeats at most this often. */
const MAX_REPEAT = 1_000;
/** Groups within groups. */
const MAX_DEPTH = 50;

type Test = (code: number) => boolean;

const between =
  (first: number, last: number): Test =>
  (code) =>
    code >= first && code <= last;
const anyOf =
  (tests: readonly Test[]): Test =>
  (code) =>
    tests.some((test) => test(code));
const not =
  (test: Test): Test =>
  (code) =>
    !test(code);
const oneOf = (characters: string): Test => {
  const codes = new Set(Array.from(characters, (character) => character.codePointAt(0)));
  return (code) => codes.has(code);
};

const digit = between(48, 57);
const lower = between(97, 122);
const upper = between(65, 90);
const space = oneOf("\t\n\f\r ");
export const isWord: Test = anyOf([digit, lower, upper, oneOf("_")]);
const anything: Test = () => true;

const CLASS_ESCAPES: Readonly<Record<string, Test>> = {
  d: digit,
  D: not(digit),
  s: space,
  S: not(space),
  w: isWord,
  W: not(isWord),
};
const ANCHOR_ESCAPES: Readonly<Record<string, Anchor>> = {
  A: "start",
  z: "end",
  b: "wordEdge",
  B: "noWordEdge",
};
const CHARACTER_ESCAPES: Readonly<Record<string, string>> = {
  a: "\u0007",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const POSIX_CLASSES: Readonly<Record<string, Test>> = {
  alnum: anyOf([digit, lower, upper]),
  alpha: anyOf([lower, upper]),
  digit,
  lower,
  upper,
  space,
  word: isWord,
  xdigit: anyOf([digit, between(65, 70), between(97, 102)]),
  punct: anyOf([between(33, 47), between(58, 64), between(91, 96), between(123, 126)]),
};

/** Reads a pattern. Throws {@link RegexSyntaxError} when it is not one. */
export function parseRegex(pattern: string): RegexNode {
  return new Parser(Array.from(pattern)).parse();
}

class Parser {
  readonly #characters: readonly string[];
  #at = 0;
  #depth = 0;
  #ignoreCase = false;

  constructor(characters: readonly string[]) {
    this.#characters = characters;
  }

  parse(): RegexNode {
    const node = this.#alternatives();
    if (this.#at < this.#characters.length) this.#fail("unexpected )");
    return node;
  }

  #alternatives(): RegexNode {
    const nodes = [this.#sequence()];
    while (this.#accept("|")) nodes.push(this.#sequence());
    const [only] = nodes;
    return nodes.length === 1 && only !== undefined ? only : { kind: "either", nodes };
  }

  #sequence(): RegexNode {
    const nodes: RegexNode[] = [];
    for (;;) {
      const next = this.#characters[this.#at];
      if (next === undefined || next === "|" || next === ")") return { kind: "sequence", nodes };
      nodes.push(this.#repeated(this.#atom()));
    }
  }

  #repeated(node: RegexNode): RegexNode {
    const range = this.#repetition();
    if (range === undefined) return node;
    this.#accept("?"); // Lazy or not makes no difference to whether all of a name matches.
    if (this.#repetition() !== undefined) this.#fail("invalid nested repetition operator");
    return { kind: "repeat", node, least: range[0], most: range[1] };
  }

  #repetition(): readonly [number, number] | undefined {
    if (this.#accept("*")) return [0, Infinity];
    if (this.#accept("+")) return [1, Infinity];
    if (this.#accept("?")) return [0, 1];
    if (this.#characters[this.#at] !== "{") return undefined;
    const rest = this.#characters.slice(this.#at, this.#at + 12).join("");
    const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(rest);
    if (found === null) return undefined; // RE2 takes it literally then.
    const least = Number(found[1]);
    const most = found[2] === undefined ? least : found[3] === "" ? Infinity : Number(found[3]);
    if (least > most || least > MAX_REPEAT || (most > MAX_REPEAT && most !== Infinity)) {
      this.#fail("invalid repeat count");
    }
    this.#at += found[0].length;
    return [least, most];
  }

  #atom(): RegexNode {
    const character = this.#take();
    switch (character) {
      case "(":
        return this.#group();
      case "[":
        return { kind: "char", matches: this.#cased(this.#set()) };
      case ".":
        return { kind: "char", matches: anything };
      case "^":
        return { kind: "assert", where: "start" };
      case "$":
        return { kind: "assert", where: "end" };
      case "*":
      case "+":
      case "?":
        return this.#fail("missing argument to repetition operator");
      case "\\":
        return this.#escape();
      default:
        return this.#literal(character);
    }
  }

  #literal(character: string): RegexNode {
    return { kind: "char", matches: this.#cased(oneOf(character)) };
  }

  /** Under the flag i a character matches in either case. */
  #cased(test: Test): Test {
    if (!this.#ignoreCase) return test;
    return (code) =>
      test(code) || (lower(code) && test(code - 32)) || (upper(code) && test(code + 32));
  }

  #group(): RegexNode {
    if (++this.#depth > MAX_DEPTH) this.#fail("expression nests too deeply");
    const outerCase = this.#ignoreCase;
    if (this.#accept("?")) {
      const head = /^(?:P?<(\w+)>|([imsU]*)(?:-([imsU]+))?([:)]))/.exec(
        this.#characters.slice(this.#at).join(""),
      );
      if (head === null) this.#fail("invalid or unsupported Perl syntax");
      this.#at += head[0].length;
      if (head[2]?.includes("i") === true) this.#ignoreCase = true;
      if (head[3]?.includes("i") === true) this.#ignoreCase = false;
      // Flags alone hold until the end of the group around them.
      if (head[4] === ")") {
        this.#depth--;
        return { kind: "sequence", nodes: [] };
      }
    }
    const node = this.#alternatives();
    if (!this.#accept(")")) this.#fail("missing closing )");
    this.#ignoreCase = outerCase;
    this.#depth--;
    return node;
  }

  #escape(): RegexNode {
    const where = ANCHOR_ESCAPES[this.#characters[this.#at] ?? ""];
    if (where !== undefined) {
      this.#at++;
      return { kind: "assert", where };
    }
    if (this.#accept("Q")) return this.#quoted();
    const test = this.#escapedTest();
    return { kind: "char", matches: this.#cased(test) };
  }

  #quoted(): RegexNode {
    const nodes: RegexNode[] = [];
    while (this.#at < this.#characters.length) {
      if (this.#characters[this.#at] === "\\" && this.#characters[this.#at + 1] === "E") {
        this.#at += 2;
        break;
      }
      nodes.push(this.#literal(this.#take()));
    }
    return { kind: "sequence", nodes };
  }

  #escapedTest(): Test {
    const character = this.#take();
    const known = CLASS_ESCAPES[character];
    if (known !== undefined) return known;
    const control = CHARACTER_ESCAPES[character];
    if (control !== undefined) return oneOf(control);
    if (character === "x") return this.#hexadecimal();
    // What is left of letters and digits are back references and classes of Unicode.
    if (/[A-Za-z0-9]/.test(character)) this.#fail("invalid escape sequence");
    return oneOf(character);
  }

  #hexadecimal(): Test {
    const rest = this.#characters.slice(this.#at, this.#at + 10).join("");
    const found = /^(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(rest);
    if (found === null) return this.#fail("invalid escape sequence");
    this.#at += found[0].length;
    const wanted = parseInt(found[1] ?? found[2] ?? "", 16);
    return (code) => code === wanted;
  }

  #set(): Test {
    const negated = this.#accept("^");
    const tests: Test[] = [];
    for (let first = true; first || this.#characters[this.#at] !== "]"; first = false) {
      tests.push(this.#setElement());
    }
    this.#at++;
    return negated ? not(anyOf(tests)) : anyOf(tests);
  }

  #setElement(): Test {
    if (this.#characters[this.#at] === "[" && this.#characters[this.#at + 1] === ":") {
      const rest = this.#characters.slice(this.#at, this.#at + 14).join("");
      const found = /^\[:(\^?)(\w+):\]/.exec(rest);
      const test = POSIX_CLASSES[found?.[2] ?? ""];
      if (found === null || test === undefined) return this.#fail("invalid character class");
      this.#at += found[0].length;
      return found[1] === "^" ? not(test) : test;
    }
    const first = this.#take();
    if (first === "\\") return this.#escapedTest();
    const last = this.#characters[this.#at + 1];
    if (this.#characters[this.#at] !== "-" || last === undefined || last === "]") {
      return oneOf(first);
    }
    if (last === "\\") return this.#fail("invalid character class range");
    this.#at += 2;
    const [from = 0, to = 0] = [first.codePointAt(0), last.codePointAt(0)];
    if (from > to) this.#fail("invalid character class range");
    return between(from, to);
  }

  #take(): string {
    const character = this.#characters[this.#at++];
    return character ?? this.#fail("ends early");
  }

  #accept(character: string): boolean {
    if (this.#characters[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #fail(why: string): never {
    throw new RegexSyntaxError(`${why} at ${this.#at}`);
  }
}
