import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { type FieldPath, fieldPathText, parseFieldPath } from "../../../runtime/api/field-path.ts";
import { referenceOf } from "../../../runtime/messages/filter/reference.ts";
import { parseWholeExpression } from "../../../runtime/sql/parse.ts";

const value = (...steps: readonly (string | number)[]): FieldPath => ({ side: "value", steps });

/** What a filter takes the text for, which is what a column has to show. */
function meaning(text: string): unknown {
  const parsed = parseWholeExpression(text);
  return parsed.kind === "invalid" ? parsed : referenceOf(parsed.expression);
}

describe("paths of fields", () => {
  const written: readonly (readonly [string, FieldPath])[] = [
    ["customer.name", value("customer", "name")],
    ["lines[1].sku", value("lines", 0, "sku")],
    ["value.key.id", value("key", "id")],
    ["key.id", { side: "key", steps: ["id"] }],
    ["headers['trace']", { side: "headers", name: "trace" }],
    ["headers['it''s']", { side: "headers", name: "it's" }],
    ["`odd name`.`a``b`", value("odd name", "a`b")],
    ["$.lines[0].sku", value("lines", 0, "sku")],
    ["$['a.b']", value("a.b")],
    [" a ", value("a")],
  ];

  for (const [text, path] of written) {
    it(`reads ${text}`, () => assert.deepEqual(parseFieldPath(text), path));
  }

  it("refuses what leads nowhere", () => {
    const wrong = [
      "",
      "key",
      "value",
      "headers",
      "a..b",
      "a[0]",
      "$",
      "$.",
      "a b",
      "1a",
      "a[1",
      "a.",
    ];
    for (const text of wrong) assert.equal(parseFieldPath(text), undefined, text);
    assert.equal(parseFieldPath("a".repeat(501)), undefined);
  });

  it("writes paths so that they read back, and mean the same in a condition", () => {
    const paths: readonly FieldPath[] = [
      ...written.map(([, path]) => path),
      value("offset"),
      value("order", "from"),
      value("timestamp", 3, "select"),
      value("current_date"),
      value("a-b", "1st"),
      value("true"),
      { side: "key", steps: ["partition"] },
      { side: "key", steps: [0, "x"] },
    ];
    for (const path of paths) {
      const text = fieldPathText(path);
      assert.deepEqual(parseFieldPath(text), path, text);
      const meant =
        path.side === "headers"
          ? { kind: "header", name: path.name }
          : { kind: "json", side: path.side, path: path.steps };
      assert.deepEqual(meaning(text), meant, text);
    }
  });
});
