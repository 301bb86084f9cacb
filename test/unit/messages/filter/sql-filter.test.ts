import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { compileFilter } from "../../../../runtime/messages/filter/filter.ts";
import { RecordCursor } from "../../../../runtime/record/record-cursor.ts";
import { type Sample, wanted } from "./messages.ts";

const ORDER = JSON.stringify({
  id: "o-1",
  amount: 12.5,
  paid: true,
  note: null,
  customer: { name: "Åsa", tier: 2 },
  items: [{ sku: "a" }, { sku: "b", qty: 3 }],
});
const MESSAGE: Sample = {
  key: "k-1",
  value: ORDER,
  headers: { trace: "first", "content-type": "json", empty: "", none: null },
  timestampMs: Date.UTC(2026, 0, 31, 10),
};
const BIG: Sample = { value: `{"id":9007199254740993,"text":"9007199254740993","a":1,"a":2}` };

const holds = (expression: string, sample: Sample = MESSAGE): boolean =>
  wanted({ kind: "sql", expression }, [sample]).length === 1;

/** TRUE for MESSAGE. */
const TRUE: readonly string[] = [
  "key = 'k-1'",
  "value.amount > 12 and value.amount < 12.6",
  "amount = 12.50",
  "paid",
  "paid = 'true' and not (paid = false)",
  "note is null and missing is null and id is not null",
  "customer.name = 'Åsa'",
  "value.customer.tier between 1 and 2",
  "items[2].qty = 3 and items[1].sku = 'a'",
  "value['items'][2]['sku'] = 'b'",
  "headers['trace'] = 'first' and headers.`content-type` like 'js%'",
  "headers['empty'] = '' and headers['none'] is null and headers['other'] is null",
  "partition = 3 and offset = 0",
  "key_size = 3 and value_size > 100",
  "timestamp = '2026-01-31T10:00:00Z'",
  "timestamp >= '2026-01-31T11:00:00+01:00'",
  "timestamp > 1769000000000",
  "id in ('x', 'o-1') and id not in ('y')",
  "id like 'o-_' and id not like 'x%' and id similar to '(o|p)-[0-9]+'",
  "upper(customer.name) = 'ÅSA' and char_length(customer.name) = 3",
  "substring(id from 3 for 1) = '1' and position('-' in id) = 2",
  "case when amount > 100 then 'big' else 'small' end = 'small'",
  "cast(amount as int) = 12 and cast(customer.tier as string) || '!' = '2!'",
  "coalesce(note, missing, 'x') = 'x' and if(paid, 1, 2) = 1",
  "json_value(value, '$.items[1].qty') = 3 and json_exists(value, '$.note')",
  "not json_exists(value, '$.nothing') and json_value(value, '$.items') is null",
  "regexp(id, '^o-\\d$') and regexp_extract(id, 'o-(\\d)', 1) = 1",
  "7 / 2 = 3 and 7 % 4 = 3 and 7.5 / 2 = 3.75 and -amount = -12.5",
  "note is distinct from 1 and note is not distinct from missing",
  "items is not null and cast(items as string) like '[{%'",
  "(missing = 1) is unknown and (missing = 1 or paid) is true",
  "greatest(1, 3, 2) = 3 and least('b', 'a') = 'a' and abs(-2) = 2",
];

/** FALSE or UNKNOWN for MESSAGE. */
const NOT_TRUE: readonly string[] = [
  "missing = 1",
  "not (missing = 1)",
  "missing <> 1",
  "note = null",
  "id = 1",
  "paid and missing",
  "missing not in (1, 2)",
  "missing between 1 and 2",
  "amount / 0 > 1",
  "items[0].sku = 'a'".replace("[0]", "[3]"),
  "key.anything = 1",
  "value = ''",
  "null",
  "'text'",
];

describe("filters in SQL", () => {
  for (const expression of TRUE) it(`want ${expression}`, () => assert.ok(holds(expression)));
  for (const expression of NOT_TRUE) {
    it(`do not want ${expression}`, () => assert.ok(!holds(expression)));
  }

  it("compare integers beyond 2^53 exactly", () => {
    assert.ok(holds("id = 9007199254740993", BIG));
    assert.ok(!holds("id = 9007199254740992", BIG));
    assert.ok(holds("text = 9007199254740993 and id + 1 = 9007199254740994", BIG));
  });

  it("take the last of members of the same name, as JSON.parse does", () => {
    assert.ok(holds("a = 2", BIG));
    assert.ok(holds("a.b is null", { value: '{"a":{"b":1},"a":2}' }));
  });

  it("read names and texts that are written with escapes", () => {
    const value = String.raw`{"caf\u00e9":"A\"\u00df","x\/y":1}`;
    assert.ok(holds("`café` = 'A\"ß' and value['x/y'] = 1", { value }));
  });

  it("want nothing of values that are not JSON, except what they say of the message", () => {
    for (const value of ["{", '{"a":1', '{"a":1}x', "", "plain", '{"a" 1}', "[1,", '{"a":1,}']) {
      assert.ok(!holds("a = 1", { value }), value);
      assert.ok(holds("a is null and offset = 0", { value }), value);
    }
    assert.ok(holds("value is null and value.a is null", { value: null }));
    assert.ok(holds("value = '' and value is not null", { value: "" }));
    assert.ok(!holds("a = 1", { value: "[".repeat(100_000) }));
  });

  it("say what is wrong and where", () => {
    const fault = (expression: string): [code: string, at: string] => {
      const result = compileFilter({ kind: "sql", expression }, new RecordCursor());
      assert.ok(result.kind === "invalid", expression);
      const [first] = result.diagnostics;
      return [first?.code ?? "", expression.slice(first?.range.start, first?.range.end)];
    };
    assert.deepEqual(fault("amount >"), ["syntax", ""]);
    assert.deepEqual(fault("a = 1 and foo(2) = 3"), ["unknown-function", "foo"]);
    assert.deepEqual(fault("upper(a, b) = 'X'"), ["arguments", "upper(a, b)"]);
    assert.deepEqual(fault("timestamp > 'yesterday'"), ["timestamp", "'yesterday'"]);
    assert.deepEqual(fault("timestamp > '2026-02-31 10:00:00'"), [
      "timestamp",
      "'2026-02-31 10:00:00'",
    ]);
    assert.deepEqual(fault("a like b"), ["like", "b"]);
    assert.deepEqual(fault("cast(a as row) = 1"), ["not-in-filters", "row"]);
    assert.deepEqual(fault("items[n] = 1"), ["not-in-filters", "items[n]"]);
    assert.equal(fault(`a = '${"x".repeat(20_000)}'`)[0], "too-long");
  });
});
