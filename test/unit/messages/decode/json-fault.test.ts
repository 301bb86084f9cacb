import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { jsonFault } from "../../../../runtime/messages/decode/json-fault.ts";

const VALID: readonly string[] = [
  ...["{}", "[]", "0", "-1.5e+7", '""', "true", " null ", '{"a":[1,{"b":[]}],"a":2}'],
  ...['"\\u00e9\\n\\/"', "[[[1]]]", '[{"a":{}},{}]', "9007199254740993", "1e999"],
];

const INVALID: Readonly<Record<string, RegExp>> = {
  "": /expected a value at character 0, but it ends/,
  "{": /the name of a member at character 1, but it ends/,
  '{"a"}': /expected : at character 4, but found }/,
  '{"a":}': /a value at character 5, but found }/,
  '{"a":1,}': /the name of a member at character 7/,
  "[1,]": /a value at character 3, but found ]/,
  "[1 2]": /expected , or ] at character 3, but found 2/,
  '{"a":1]': /expected , or } at character 6, but found ]/,
  "01": /the end at character 1, but found 1/,
  "1.": /the end at character 1/,
  "'a'": /a value at character 0/,
  '"a': /a string that is well formed at character 2, but it ends/,
  '"a\nb"': /a string that is well formed at character 2/,
  '"\\x"': /a string that is well formed at character 1/,
  nul: /a value at character 0/,
  "{} {}": /the end at character 3/,
  NaN: /a value/,
};

describe("faults of JSON", () => {
  for (const text of VALID) {
    it(`has none for ${text}`, () => assert.equal(jsonFault(text), undefined));
  }
  for (const [text, expected] of Object.entries(INVALID)) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () => {
      assert.match(jsonFault(text) ?? "", expected);
    });
  }

  it("agrees with JSON.parse on texts that are nearly JSON", () => {
    const alphabet = '{}[]",:1e-.\\ut nlrfas ';
    let seed = 11;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 20_000; round++) {
      const text = Array.from({ length: 1 + next(8) }, () => alphabet[next(alphabet.length)]).join(
        "",
      );
      let isValid = true;
      try {
        JSON.parse(text);
      } catch {
        isValid = false;
      }
      assert.equal(jsonFault(text) === undefined, isValid, text);
    }
  });

  it("takes long strings, and refuses what is nested too deep, without using up the stack", () => {
    assert.equal(jsonFault(`"${"x".repeat(20_000_000)}"`), undefined);
    assert.match(jsonFault("[".repeat(1_000_000)) ?? "", /deeper than 1000/);
  });
});
