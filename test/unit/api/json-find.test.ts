import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { findJson } from "../../../runtime/api/json-find.ts";

const found = (text: string, ...paths: readonly (readonly (string | number)[])[]) =>
  findJson(text, paths).map((one) => (one.kind === "value" ? one.source : one.kind));

describe("finding values in JSON", () => {
  it("point 17: gives them exactly as they are written", () => {
    const text = '{"n": 9007199254740993, "s":"\\u00e9", "o": { "a" : [1, 2.50] }}';
    assert.deepEqual(found(text, ["n"], ["s"], ["o"], ["o", "a", 1]), [
      "9007199254740993",
      '"\\u00e9"',
      '{ "a" : [1, 2.50] }',
      "2.50",
    ]);
  });

  it("takes the last of members with one name, as conditions do", () => {
    assert.deepEqual(found('{"a":1,"a":2}', ["a"]), ["2"]);
    assert.deepEqual(found('{"a":{"b":1},"a":3}', ["a", "b"], ["a"]), ["absent", "3"]);
  });

  it("tells what is not there from what cannot be said", () => {
    assert.deepEqual(found('{"a":null}', ["a"], ["b"], ["a", "x"]), ["null", "absent", "absent"]);
    assert.deepEqual(found("no json", ["a"]), ["unreadable"]);
    assert.deepEqual(found('{"a":1,"b":"cut he', ["a"], ["b"], ["c"]), [
      "1",
      "unreadable",
      "unreadable",
    ]);
  });

  it("bears deep documents", () => {
    const deep = "[".repeat(100_000);
    assert.deepEqual(found(deep, ["a"]), ["unreadable"]);
  });
});
