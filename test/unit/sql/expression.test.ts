import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseWholeExpression } from "../../../runtime/sql/parse.ts";
import { print } from "./print.ts";

function parsed(source: string): string {
  const result = parseWholeExpression(source);
  assert.ok(result.kind === "expression", JSON.stringify(result));
  return print(result.expression);
}

function fault(source: string): [code: string, at: string, message: string] {
  const result = parseWholeExpression(source);
  assert.ok(result.kind === "invalid", `${source} is read as if nothing were wrong`);
  const [first] = result.diagnostics;
  assert.ok(first !== undefined);
  return [first.code, source.slice(first.range.start, first.range.end), first.message];
}

/** What binds to what, as Calcite has it. */
const BINDING: Readonly<Record<string, string>> = {
  "a or b and not c = 1": "(a OR (b AND (NOT (c = 1))))",
  "a - b - c * d / e % 2": "((a - b) - (((c * d) / e) % 2))",
  "-a + +b": "((- a) + (+ b))",
  "a || b = c || 'x'": "((a || b) = (c || 'x'))",
  "a = b is null": "((a = b) IS NULL)",
  "not a is not null": "(NOT (a IS NOT NULL))",
  "a between 1 and 2 + 3 and b": "((a BETWEEN 1 AND (2 + 3)) AND b)",
  "a not between symmetric 3 and 1": "(a NOT BETWEEN SYMMETRIC 3 AND 1)",
  "a in (1, 2) = true": "((a IN (1, 2)) = TRUE)",
  "a not in ('x') or b": "((a NOT IN ('x')) OR b)",
  "a like 'x%' escape '!' and b similar to 'y'":
    "((a LIKE 'x%' ESCAPE '!') AND (b SIMILAR TO 'y'))",
  "a is not distinct from b = c": "((a IS NOT DISTINCT FROM b) = c)",
  "a <> 1 or a != 2": "((a <> 1) OR (a <> 2))",
  "(a or b) and c": "((a OR b) AND c)",
};

const OPERANDS: Readonly<Record<string, string>> = {
  "value.items[1].`unit price` > 9.50": "(value.items[1].unit price > 9.50)",
  "headers['trace-id'] = 'it''s'": "(headers['trace-id'] = 'it's')",
  "case when a > 1 then 'x' else null end": "CASE WHEN (a > 1) THEN 'x' ELSE NULL END",
  "case a when 1 then 2 when 3 then 4 end": "CASE a WHEN 1 THEN 2 WHEN 3 THEN 4 END",
  "cast(a as decimal(10, 2)) + try_cast(b as timestamp(3) without time zone)":
    "(CAST(a AS DECIMAL(10, 2)) + TRY_CAST(b AS TIMESTAMP WITHOUT TIME ZONE(3)))",
  "position('a' in b) + char_length(c)": "(position('a', b) + char_length(c))",
  "substring(a from 2 for 3) = substring(a, 2, 3)": "(substring(a, 2, 3) = substring(a, 2, 3))",
  "trim(leading 'x' from a) || trim(b)": "(trim(a, 'x', 'LEADING') || trim(b, ' ', 'BOTH'))",
  "timestamp > timestamp '2026-01-01 10:00:00'": "(timestamp > TIMESTAMP '2026-01-01 10:00:00')",
  "interval '1 2' day to hour": "INTERVAL '1 2' DAY TO HOUR",
  "x'0aFF' = u&'\\0041\\\\'": "(X'0aFF' = 'A\\')",
  "now() > .5e3 -- what follows is a comment": "(now() > .5e3)",
  "ARRAY[1, 2][1] /* one */ = 1": "(ARRAY[1, 2][1] = 1)",
  "'a' 'b'": "'ab'",
};

describe("expressions of SQL", () => {
  for (const [source, expected] of Object.entries(BINDING)) {
    it(`binds ${source}`, () => assert.equal(parsed(source), expected));
  }
  for (const [source, expected] of Object.entries(OPERANDS)) {
    it(`reads ${source}`, () => assert.equal(parsed(source), expected));
  }

  it("knows where every part stands", () => {
    const source = "  a.b  > (1 + 2)";
    const result = parseWholeExpression(source);
    assert.ok(result.kind === "expression" && result.expression.kind === "binary");
    const { range, left, right } = result.expression;
    const text = ({ start, end }: { start: number; end: number }) => source.slice(start, end);
    assert.deepEqual([range, left.range, right.range].map(text), [
      "a.b  > (1 + 2)",
      "a.b",
      "(1 + 2)",
    ]);
  });

  it("says what is wrong and where", () => {
    assert.deepEqual(fault("a = "), ["syntax", "", "Expected an expression, but found the end."]);
    assert.deepEqual(fault("a = 1 b").slice(0, 2), ["syntax", "b"]);
    assert.deepEqual(fault("a in (1, 2").slice(0, 2), ["syntax", ""]);
    assert.deepEqual(fault("a between 1 or 2").slice(0, 2), ["syntax", "or"]);
    assert.deepEqual(fault("a like"), ["syntax", "", "Expected an expression, but found the end."]);
    assert.deepEqual(fault("case end").slice(0, 2), ["syntax", "end"]);
    assert.deepEqual(fault("from > 1").slice(0, 2), ["syntax", "from"]);
    assert.deepEqual(fault('a = "x"').slice(0, 2), ["double-quote", '"']);
    assert.deepEqual(fault("a = 'x").slice(0, 2), ["unclosed", "'x"]);
    assert.deepEqual(fault("a = `x").slice(0, 2), ["unclosed", "`x"]);
    assert.deepEqual(fault("a = X'0'").slice(0, 2), ["syntax", "X'0'"]);
    assert.deepEqual(fault("a in (select 1)").slice(0, 2), ["subquery", "select"]);
    assert.deepEqual(fault("preis_in_€ = 1").slice(0, 2), ["syntax", "€"]);
  });

  it("refuses what is nested so deep that it would use up the stack", () => {
    assert.equal(fault("(".repeat(100_000))[0], "too-deep");
    assert.equal(fault("not ".repeat(100_000))[0], "too-deep");
    assert.equal(fault(`a = ${"-".repeat(2)}1`)[0], "syntax");
    assert.equal(parsed(`${"(".repeat(50)}1${")".repeat(50)}`), "1");
  });

  it("reads a long chain of operators", () => {
    const source = Array.from({ length: 10_000 }, (_, i) => `a = ${i}`).join(" or ");
    const result = parseWholeExpression(source);
    assert.equal(result.kind, "expression");
  });
});
