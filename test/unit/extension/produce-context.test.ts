import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { lineContext, placeholderAt } from "../../../extension/editors/produce-context.ts";

/** The context at the `|` of a line. */
function at(marked: string) {
  const column = marked.indexOf("|");
  const line = marked.replace("|", "");
  const { path, role, word, siblings } = lineContext(line, column);
  return { path, role, word: line.slice(word.from, word.to), siblings };
}

describe("the place in a line of a produce document", () => {
  const places: [marked: string, path: (string | number)[], role: string, word: string][] = [
    ["|", [], "value", ""],
    ["{|", [], "name", ""],
    ['{"|"}', [], "name", '""'],
    ['{"ke|', [], "name", '"ke'],
    ["{ke|", [], "name", "ke"],
    ['{"key"|', ["key"], "none", ""],
    ['{"key": |', ["key"], "value", ""],
    ['{"key": "a|"', ["key"], "value", '"a"'],
    ['{"key": "a"|', ["key"], "none", ""],
    ['{"key": "a", |}', [], "name", ""],
    ['{"key": "a", "va|": 1}', [], "name", '"va"'],
    ['{"value": nu|}', ["value"], "value", "nu"],
    ['{"value": {"a": {"b": |', ["value", "a", "b"], "value", ""],
    ['{"headers": {"|', ["headers"], "name", '"'],
    ['{"headers": {"a": "1", "b": |}}', ["headers", "b"], "value", ""],
    ['{"headers": [["tr|"', ["headers", 0, 0], "value", '"tr"'],
    ['{"headers": [["a", "1"], ["b", |]]}', ["headers", 1, 1], "value", ""],
    ['{"value": {"a": 1}, |', [], "name", ""],
    ['{"value": "{,:\\"[", "k|"}', [], "name", '"k"'],
    ['{"value": 1}|', [], "value", ""],
  ];
  for (const [marked, path, role, word] of places) {
    it(`of ${marked}`, () => {
      const found = at(marked);
      assert.deepEqual(
        { path: found.path, role: found.role, word: found.word },
        { path, role, word },
      );
    });
  }

  it("knows the other names of the object, before and after", () => {
    assert.deepEqual(at('{"key": "a", "|": 1, "value": {"x": 1}}').siblings, ["key", "value"]);
    assert.deepEqual(at('{"key": "a", "headers": {"h": 1, |}}').siblings, ["h"]);
    assert.deepEqual(at('{"headers": {|"own": "1"}}').siblings, ["own"]);
  });
});

describe("the placeholder at a column", () => {
  const cut = (marked: string): string | undefined => {
    const line = marked.replace("|", "");
    const span = placeholderAt(line, marked.indexOf("|"));
    return span && line.slice(span.from, span.to);
  };
  it("is found while it is being written, and after", () => {
    assert.equal(cut('{"key": "{{per|"}'), "{{per");
    assert.equal(cut('{"key": "{{|}}"}'), "{{}}");
    assert.equal(cut('{"key": "a {{person.name}|} b"}'), "{{person.name}}");
    assert.equal(cut('{"key": "{{|'), "{{");
  });
  it("is none outside of one", () => {
    assert.equal(cut('{"key": "{{a}} |"}'), undefined);
    assert.equal(cut('{"key": "{{a}}", |'), undefined);
    assert.equal(cut('{"key": "|{{a}}"'), undefined);
    assert.equal(cut('{"value": {"a": {|'), undefined);
  });
});
