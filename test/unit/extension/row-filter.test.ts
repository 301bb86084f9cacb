import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { sameField, samePart } from "../../../extension/editors/row-filter.ts";
import { utf8 } from "../../../runtime/api/bytes.ts";
import type { FieldBytes, Message, MessageFilter } from "../../../runtime/api/model.ts";
import { checkFilter } from "../../../runtime/messages/filter/filter.ts";

const field = (text: string): FieldBytes => ({ bytes: utf8(text), sizeBytes: utf8(text).length });
const message = (key: FieldBytes | null, value: FieldBytes | null): Message => ({
  ...{ partition: 0, offset: 0, timestampMs: 0, timestampType: "create", headers: [] },
  key,
  value,
});

function expression(filter: MessageFilter | undefined): string | undefined {
  if (filter === undefined) return undefined;
  assert.equal(filter.kind, "sql");
  assert.deepEqual(checkFilter(filter), []);
  return filter.kind === "sql" ? filter.expression : undefined;
}

describe("a condition made by a click", () => {
  it("wants the same key or value, and tells null from empty", () => {
    const one = message(field("it's"), field('{"a": 1}'));
    assert.equal(expression(sameField("key", one)), "key = 'it''s'");
    assert.equal(expression(sameField("value", one)), `value = '{"a": 1}'`);
    const bare = message(null, field(""));
    assert.equal(expression(sameField("key", bare)), "key IS NULL");
    assert.equal(expression(sameField("value", bare)), "value = ''");
  });

  it("is not made of what a condition cannot hold", () => {
    const bytes = Uint8Array.of(0xff);
    assert.equal(sameField("key", message({ bytes, sizeBytes: 1 }, null)), undefined);
    assert.equal(sameField("value", message(null, field("x".repeat(4_001)))), undefined);
  });

  it("compares fields as they are written, exact beyond 2^53", () => {
    const path = { side: "value", steps: ["customer", "id"] } as const;
    const cases: readonly (readonly [string, string | undefined])[] = [
      ["9007199254740993", "customer.id = 9007199254740993"],
      ["-1.5e3", "customer.id = -1.5e3"],
      ['"a\\u0027b"', "customer.id = 'a''b'"],
      ["true", "customer.id = TRUE"],
      ["null", "customer.id IS NULL"],
      ["[1]", undefined],
      ["{}", undefined],
    ];
    for (const [source, wanted] of cases) {
      assert.equal(expression(samePart(path, source)), wanted, source);
    }
    const header = { side: "headers", name: "trace" } as const;
    assert.equal(expression(samePart(header, "4f2a")), "headers['trace'] = '4f2a'");
  });
});
