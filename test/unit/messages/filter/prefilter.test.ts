import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileFilter } from "../../../../runtime/messages/filter/filter.ts";
import { RecordCursor } from "../../../../runtime/record/record-cursor.ts";
import { begin, type Sample, wanted } from "./messages.ts";

const ROUNDS = Number(process.env["RUNS"] ?? 400);

/** Random choices, the same for the same seed. */
class Dice {
  #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  below(count: number): number {
    return (this.#seed = (this.#seed * 48_271) % 2_147_483_647) % count;
  }

  of<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    assert.ok(choice !== undefined);
    return choice;
  }

  some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const NAMES = ["a", "b", "ab", "é", 'q"', "a\\"];
const TEXTS = [
  "x",
  "xy",
  "é\u{1f600}",
  "5",
  "true",
  'say "a":5',
  "\\",
  "{}",
  '{"a":5}',
  "\ufffd",
  "",
];
/** Numbers in many ways of writing, the same value among them. */
const NUMBERS = [
  "5",
  "5.0",
  "0.5e1",
  "-5",
  "9007199254740993",
  "9007199254740992",
  "0",
  "1e400",
  "50",
];

/** A text as JSON, often written in another way than JSON.stringify does. */
function writtenText(dice: Dice, text: string): string {
  if (dice.below(3) > 0) return JSON.stringify(text);
  const units = Array.from(text, (character) =>
    Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
      .map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`)
      .join(""),
  );
  return `"${units.join("")}"`;
}

function json(dice: Dice, depth: number): string {
  const space = (): string => dice.of(["", "", "", " ", "\n"]);
  const kind = dice.below(depth > 3 ? 4 : 7);
  if (kind === 0) return dice.of(["true", "false", "null"]);
  if (kind === 1) return writtenText(dice, dice.of(TEXTS));
  if (kind <= 3) return dice.of(NUMBERS);
  if (kind === 4) return `[${space()}${dice.some(3, () => json(dice, depth + 1)).join(",")}]`;
  // Names come twice, since there are few.
  const members = dice.some(
    4,
    () => `${writtenText(dice, dice.of(NAMES))}${space()}:${space()}${json(dice, depth + 1)}`,
  );
  return `{${members.join(`${space()},${space()}`)}}`;
}

/** Mostly JSON; some of it cut short or with bytes that are no UTF-8, and some text. */
function value(dice: Dice): Uint8Array | null {
  const whole = Buffer.from(dice.below(8) === 0 ? dice.of(TEXTS) : json(dice, 0));
  switch (dice.below(12)) {
    case 0:
      return null;
    case 1:
      return whole.subarray(0, dice.below(whole.length + 1));
    case 2:
      if (whole.length > 0) whole[dice.below(whole.length)] = dice.of([0xff, 0x22, 0x5c, 0x7d]);
      return whole;
    default:
      return whole;
  }
}

const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function operand(dice: Dice): string {
  const path = (): string => dice.of(NAMES.map((name) => `['${name}']`));
  return dice.of([
    ...["key", "value", "headers['h']", "a", "b.a", "value['a'][1]"],
    ...[`value${path()}`, `value${path()}${path()}`, `key${path()}`],
  ]);
}

function condition(dice: Dice, depth = 0): string {
  const literal = (): string => dice.of([sqlText(dice.of(TEXTS)), dice.of(NUMBERS)]);
  const not = dice.of(["", "", "NOT "]);
  switch (dice.below(depth > 2 ? 4 : 6)) {
    case 0:
      return `${operand(dice)} ${not}IN (${[literal(), ...dice.some(2, literal)].join(", ")})`;
    case 1:
      return `${operand(dice)} ${not}BETWEEN ${literal()} AND ${literal()}`;
    case 2: {
      const pattern = dice.of(["%", "", "_"]) + dice.of(TEXTS) + dice.of(["%", "", "_x%"]);
      return `${operand(dice)} ${not}LIKE ${sqlText(pattern)}`;
    }
    case 3: {
      const sides = [operand(dice), literal()];
      if (dice.below(4) === 0) sides.reverse();
      return sides.join(` ${dice.of(["=", "=", "<>", "<", "<=", ">", ">="])} `);
    }
    default: {
      const both = [condition(dice, depth + 1), condition(dice, depth + 1)];
      return `${not}(${both.join(dice.of([" AND ", " OR "]))})`;
    }
  }
}

function sample(dice: Dice): Sample {
  return {
    key: dice.below(3) === 0 ? dice.of(TEXTS) : json(dice, 1),
    value: value(dice),
    headers: dice.below(2) === 0 ? {} : { h: dice.of(TEXTS) },
  };
}

describe("what is found out before a condition is", () => {
  it("never leaves out a message that is wanted, whatever its JSON looks like", () => {
    const first = Number(process.env["SEED"] ?? 1);
    let [found, skipped] = [0, 0];
    for (let seed = first; seed < first + ROUNDS; seed++) {
      const dice = new Dice(seed * 7_919);
      const expression = condition(dice);
      const samples = Array.from({ length: 30 }, () => sample(dice));
      // IS TRUE says the same, and nothing is found out before it.
      const slow = wanted({ kind: "sql", expression: `(${expression}) IS TRUE` }, samples);
      const quick = wanted({ kind: "sql", expression }, samples);
      assert.deepEqual(quick, slow, `SEED=${seed}: ${expression}`);
      for (const offset of slow) {
        const [alone] = samples.slice(offset, offset + 1);
        assert.deepEqual(wanted({ kind: "sql", expression }, alone ? [alone] : []), [0]);
      }
      found += slow.length;
      skipped += samples.filter((each) => !mayMatch(expression, each)).length;
    }
    assert.ok(found > ROUNDS, `${found} were found`);
    assert.ok(skipped > ROUNDS, `${skipped} were passed over`);
  });

  const mayMatch = (expression: string, each: Sample): boolean => {
    const cursor = new RecordCursor();
    const compiled = compileFilter({ kind: "sql", expression }, cursor);
    assert.ok(compiled.kind === "filter", expression);
    return compiled.filter.mayMatch(begin(cursor, [each]));
  };

  it("passes over batches that hold neither the text nor another way to write it", () => {
    const passesOver = (expression: string, json: string): boolean =>
      !mayMatch(expression, { value: json });
    const order = '{"customer":{"id":"c-1"},"amount":5}';
    assert.ok(passesOver("customer.id = 'c-2'", order));
    assert.ok(passesOver("customer.id = 'c-2' AND amount > 1", order));
    assert.ok(passesOver("customer.id IN ('c-2', 'c-3') OR key = 'k'", order));
    assert.ok(passesOver("missing > 1", order));
    assert.ok(passesOver("customer.id LIKE 'd-%'", order));
    assert.ok(!passesOver("customer.id = 'c-1'", order));
    assert.ok(!passesOver("customer.id = 'c-2'", String.raw`{"customer":{"id":"\u0063-2"}}`));
    assert.ok(!passesOver("amount = '5'", order));
    assert.ok(!passesOver("customer.id = 'c-2' OR amount > 1", order));
    assert.ok(!passesOver("NOT (customer.id = 'c-2')", order));
  });

  it("does not take one way of writing a value for the only one", () => {
    const holds = (expression: string, json: string | Uint8Array): void =>
      assert.deepEqual(wanted({ kind: "sql", expression }, [{ value: json }]), [0], expression);
    holds("a > 5", '{"a":1,"b":{"a":2},"a":9}');
    holds("a BETWEEN 5 AND 9", '{"b":{"a":"x"},"a" : 9}');
    holds("a LIKE '%00' AND a = '100'", '{"a":1e2}');
    holds("a LIKE '%ru%' AND a = 'TRUE'", '{"a":true}');
    holds("a = '\ufffd' AND a LIKE '%\ufffd%'", Buffer.from('{"a":"\xff"}', "latin1"));
    holds("5 < a", '{"a":"6"}');
    holds("a IN (1, -2)", '{"a":-2.0}');
  });
});
