import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { TopicRegex } from "../../../../../runtime/broker/coordinator/consumer/regex.ts";

function compiled(pattern: string): TopicRegex {
  const regex = TopicRegex.compile(pattern);
  assert.ok(typeof regex !== "string", pattern);
  return regex;
}

describe("topic regex", () => {
  const cases: [pattern: string, yes: string[], no: string[]][] = [
    ["orders", ["orders"], ["orders2", "xorders", ""]],
    [".*", ["", "a", "a.b"], []],
    ["a|bc*|", ["a", "b", "bccc", ""], ["ab", "c"]],
    ["^foo-\\d+$", ["foo-1", "foo-123"], ["foo-", "foo-1a"]],
    ["[a-c]{2,3}", ["ab", "abc"], ["a", "abca"]],
    ["[^._]+", ["abc-1"], ["a.b"]],
    ["[]a-]+", ["a-]"], ["b"]],
    ["(?i)Orders", ["ORDERS", "orders"], ["order"]],
    ["(?i:a)b", ["Ab", "ab"], ["AB"]],
    ["(?P<x>a)(?<y>b)(?:c)?", ["ab", "abc"], ["ac"]],
    ["\\w+\\.[[:digit:]]+", ["a_1.2"], ["a-1.2"]],
    ["a{2}", ["aa"], ["a", "aaa"]],
    ["a{,2}", ["a{,2}"], ["a"]],
    ["\\Qa.b\\E.*", ["a.b", "a.bc"], ["axb"]],
    ["(a*)*b", ["aaab", "b"], ["aaa"]],
    ["(a*?)+", ["", "aaa"], ["b"]],
    ["\\bfoo\\b.*", ["foo", "foo-x"], ["foox"]],
    ["\\x61\\x{62}", ["ab"], ["a"]],
  ];
  for (const [pattern, yes, no] of cases) {
    it(`matches all of a name with ${pattern}`, () => {
      const regex = compiled(pattern);
      const wrong = [
        ...yes.filter((name) => !regex.matches(name)),
        ...no.filter((name) => regex.matches(name)),
      ];
      assert.deepEqual(wrong, []);
    });
  }

  it("says what is wrong with a pattern that is none", () => {
    const bad = ["(", "a)", "[a", "*a", "a**", "a{2,1}", "a{1001}", "\\1", "(?=a)", "[z-a]", "\\"];
    for (const pattern of bad) assert.equal(typeof TopicRegex.compile(pattern), "string", pattern);
  });

  it("has bounds on what a pattern can cost", () => {
    assert.equal(typeof TopicRegex.compile("((a{1000}){1000}){1000}"), "string");
    assert.equal(typeof TopicRegex.compile("(((){1000}){1000}){1000}"), "string");
    assert.equal(typeof TopicRegex.compile("(".repeat(60) + ")".repeat(60)), "string");
    assert.equal(typeof TopicRegex.compile("a".repeat(3_000)), "string");
    // What takes a backtracking matcher longer than anybody lives.
    assert.equal(compiled("(a*)*(a*)*(a+)+b").matches("a".repeat(249)), false);
  });
});
