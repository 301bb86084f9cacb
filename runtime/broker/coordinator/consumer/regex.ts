import {
  type Anchor,
  isWord,
  parseRegex,
  RegexSyntaxError,
  type RegexNode,
} from "./regex-syntax.ts";

/** Longest pattern, in UTF-16 units. */
const MAX_PATTERN_LENGTH = 2_000;
/** Instructions of a compiled pattern: what one character of a name can cost. */
const MAX_PROGRAM = 2_000;

type Instruction =
  | { readonly kind: "char"; readonly matches: (code: number) => boolean }
  | { readonly kind: "assert"; readonly where: Anchor }
  | { readonly kind: "split"; to: number; or: number }
  | { readonly kind: "jump"; to: number }
  | { readonly kind: "match" };

/**
 * A regular expression that all of a topic's name has to match (KIP-848 v1, RE2 syntax). It runs as
 * a set of states that goes over the name once, so that no pattern makes matching explode.
 */
export class TopicRegex {
  readonly #program: readonly Instruction[];

  private constructor(program: readonly Instruction[]) {
    this.#program = program;
  }

  /** The compiled pattern, or why it is none. */
  static compile(pattern: string): TopicRegex | string {
    if (pattern.length > MAX_PATTERN_LENGTH) return `longer than ${MAX_PATTERN_LENGTH} characters`;
    try {
      const program: Instruction[] = [];
      compile(parseRegex(pattern), program);
      program.push({ kind: "match" });
      return new TopicRegex(program);
    } catch (error) {
      if (error instanceof RegexSyntaxError) return error.message;
      throw error;
    }
  }

  matches(name: string): boolean {
    let states = new Set<number>();
    this.#enter(states, 0, name, 0);
    for (let at = 0; at < name.length && states.size > 0; at++) {
      const next = new Set<number>();
      for (const state of states) {
        const instruction = this.#program[state];
        if (instruction?.kind === "char" && instruction.matches(name.charCodeAt(at))) {
          this.#enter(next, state + 1, name, at + 1);
        }
      }
      states = next;
    }
    return states.has(this.#program.length - 1);
  }

  /** Adds a state and all that can be reached from it without taking a character. */
  #enter(states: Set<number>, first: number, name: string, at: number): void {
    const pending = [first];
    for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
      if (states.has(state)) continue;
      states.add(state);
      const instruction = this.#program[state];
      if (instruction?.kind === "jump") pending.push(instruction.to);
      else if (instruction?.kind === "split") pending.push(instruction.to, instruction.or);
      else if (instruction?.kind === "assert" && holds(instruction.where, name, at)) {
        pending.push(state + 1);
      }
    }
  }
}

function holds(where: Anchor, name: string, at: number): boolean {
  if (where === "start") return at === 0;
  if (where === "end") return at === name.length;
  const before = at > 0 && isWord(name.charCodeAt(at - 1));
  const after = at < name.length && isWord(name.charCodeAt(at));
  return (before !== after) === (where === "wordEdge");
}

function emit(program: Instruction[], instruction: Instruction): void {
  if (program.length >= MAX_PROGRAM) throw new RegexSyntaxError("expression too large");
  program.push(instruction);
}

function compile(node: RegexNode, program: Instruction[]): void {
  switch (node.kind) {
    case "char":
    case "assert":
      return emit(program, node);
    case "sequence":
      for (const part of node.nodes) compile(part, program);
      return;
    case "either":
      return compileEither(node.nodes, program);
    case "repeat":
      return compileRepeat(node, program);
  }
}

function compileEither(nodes: readonly RegexNode[], program: Instruction[]): void {
  const ends: { kind: "jump"; to: number }[] = [];
  for (const [index, node] of nodes.entries()) {
    const last = index === nodes.length - 1;
    const split = { kind: "split" as const, to: program.length + 1, or: 0 };
    if (!last) emit(program, split);
    compile(node, program);
    if (last) break;
    const end = { kind: "jump" as const, to: 0 };
    emit(program, end);
    ends.push(end);
    split.or = program.length;
  }
  for (const end of ends) end.to = program.length;
}

function compileRepeat(
  { node, least, most }: Extract<RegexNode, { kind: "repeat" }>,
  program: Instruction[],
): void {
  for (let times = 0; times < least; times++) compileOnce(node, program);
  if (most === Infinity) {
    const loop = { kind: "split" as const, to: program.length + 1, or: 0 };
    const back = { kind: "jump" as const, to: program.length };
    emit(program, loop);
    compile(node, program);
    emit(program, back);
    loop.or = program.length;
    return;
  }
  const splits: { kind: "split"; to: number; or: number }[] = [];
  for (let times = least; times < most; times++) {
    const split = { kind: "split" as const, to: program.length + 1, or: 0 };
    emit(program, split);
    splits.push(split);
    compile(node, program);
  }
  for (const split of splits) split.or = program.length;
}

/** Nothing at all, repeated a thousand times in a thousand, would take time without taking room. */
function compileOnce(node: RegexNode, program: Instruction[]): void {
  const before = program.length;
  compile(node, program);
  if (program.length === before) emit(program, { kind: "jump", to: before + 1 });
}
