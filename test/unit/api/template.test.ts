import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { PLACEHOLDERS } from "../../../runtime/api/placeholders.ts";
import { parseTemplateLine } from "../../../runtime/api/template.ts";

function parts(source: string) {
  const parsed = parseTemplateLine(0, source);
  assert.ok("parts" in parsed, JSON.stringify(parsed));
  return parsed.parts.map((part) =>
    typeof part === "string"
      ? part
      : `<${part.isWhole ? "whole " : ""}${part.name} ${part.args.join("|")}>`,
  );
}

describe("a line of a template", () => {
  it("keeps the kind of a lone placeholder in the value, and makes text of it elsewhere", () => {
    assert.deepEqual(
      parts(
        '{"key":"{{index}}","value":{"id":"{{index}}","t":"no. {{index}}"},"partition":"{{number.int(0,2)}}"}',
      ),
      [
        '{"key":"',
        "<index >",
        '","value":{"id":',
        "<whole index >",
        ',"t":"no. ',
        "<index >",
        '"},"partition":',
        "<whole number.int 0|2>",
        "}",
      ],
    );
  });

  it("makes text of placeholders in names and headers", () => {
    assert.deepEqual(parts('{"headers":{"{{color.human}}":"{{index}}"},"value":{"{{index}}":1}}'), [
      '{"headers":{"',
      "<color.human >",
      '":"',
      "<index >",
      '"},"value":{"',
      "<index >",
      '":1}}',
    ]);
  });

  it("leaves all else exactly as it stands, and \\u007b{ plain", () => {
    const line = '{"value":{"n":9007199254740993,  "a":1,"a":2,"s":"\\u007b{x}}"}}';
    assert.deepEqual(parts(line), [line]);
  });

  it("completes arguments and takes choices", () => {
    assert.deepEqual(parts(`{"value":"{{ number.int }}"}`)[1], "<whole number.int 0|1000000>");
    assert.deepEqual(parts(`{"value":"{{string.alpha( 3 )}}"}`)[1], "<whole string.alpha 3>");
    assert.deepEqual(
      parts(`{"value":"{{oneOf('a, b', 'c)', -1.5)}}"}`)[1],
      "<whole oneOf a, b|c)|-1.5>",
    );
  });

  const faults: [line: string, column: number, message: RegExp][] = [
    ['{"value":"{{nope}}"}', 13, /no placeholder nope/],
    ['{"value":"{{index"}', 11, /has no \}\}/],
    ['{"value":"{{}}"}', 13, /expected a name/],
    ['{"value":"{{index(1)}}"}', 19, /takes no arguments/],
    ['{"value":"{{number.int(1, x)}}"}', 26, /a number or a text in single quotes/],
    ['{"value":"{{number.int(1.5)}}"}', 24, /min: expected a whole number/],
    ['{"value":"{{number.int(5, 2)}}"}', 13, /min 5 is greater than max 2/],
    [
      '{"value":"{{string.alpha(9999999)}}"}',
      26,
      /length: expected a whole number from 0 to 1000000/,
    ],
    ['{"value":"{{oneOf()}}"}', 13, /1 to 1000 choices/],
    ['{"value":1,"partition":"{{person.firstName}}"}', 24, /partition number/],
    ['{"key":"{{index}}"}', 19, /no "value"/],
    ['{"value":"{{index}}",}', 22, /a string/],
    ['{"keyBase64":"{{index}}","value":1}', 14, /base64/],
  ];
  for (const [line, column, message] of faults) {
    it(`names column ${column} of ${line}`, () => {
      const parsed = parseTemplateLine(0, line);
      assert.ok("kind" in parsed, "was accepted");
      assert.match(parsed.message, message);
      assert.equal(parsed.column, column);
    });
  }
});

describe("placeholders", () => {
  it("have each a name of its own and rules that their defaults follow", () => {
    const names = PLACEHOLDERS.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const { name, args } of PLACEHOLDERS) {
      if (args === "choices") continue;
      for (const { otherwise = NaN, least, most } of args) {
        assert.ok(otherwise >= least && otherwise <= most, name);
      }
    }
  });
});
