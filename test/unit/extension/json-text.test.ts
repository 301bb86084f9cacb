import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { layOutJson } from "../../../extension/editors/json-text.ts";

/** A text without its whitespace outside of strings. */
const dense = (text: string) => text.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");

describe("JSON layout", () => {
  it("lays out with two spaces", () => {
    assert.equal(
      layOutJson('{"a":[1,{}],"b":{"c":null},"d":[]}'),
      '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": {\n    "c": null\n  },\n  "d": []\n}',
    );
  });

  it("keeps every token as it was written", () => {
    const text =
      '{"big":9007199254740993,"e":1.50E+02,"a":1,"a":2,"u":"\\u00e9\\/é","n":-0,"z":"","10":1,"9":2}';
    const laidOut = layOutJson(text) ?? "";
    assert.ok(laidOut.includes("\n"));
    assert.equal(dense(laidOut), text);
  });

  it("indents the lines after the first", () => {
    assert.equal(layOutJson("[1]", "  "), "[\n    1\n  ]");
  });

  it("takes whitespace around any token", () => {
    assert.equal(layOutJson(' \t{ "a" :\r\n1 , "b" : [ ] } '), '{\n  "a": 1,\n  "b": []\n}');
  });

  it("refuses what is not one JSON value", () => {
    const wrong = [
      "",
      " ",
      "{",
      "[1,]",
      '{"a":1,}',
      "{a:1}",
      "01",
      "1 2",
      "+1",
      ".5",
      "1.",
      "NaN",
      "tru",
      '"a\nb"',
      '"\\x"',
      '"\\u12"',
      "'a'",
      "[1 2]",
      '{"a" 1}',
      "// c\n1",
      "[1]]",
      "\u00a01",
    ];
    for (const text of wrong) assert.equal(layOutJson(text), undefined, JSON.stringify(text));
  });

  it("agrees with JSON.parse on what is JSON", () => {
    const texts = ["0", "-1.5e-7", "true", "null", '"\\ud800"', '[[["x"]]]', '{"":{"":""}}'];
    for (const text of texts) {
      assert.deepEqual(JSON.parse(layOutJson(text) ?? ""), JSON.parse(text));
    }
  });

  it("leaves text that is nested too deep as it is", () => {
    assert.equal(layOutJson("[".repeat(201) + "]".repeat(201)), undefined);
    assert.notEqual(layOutJson("[".repeat(200) + "]".repeat(200)), undefined);
  });
});
