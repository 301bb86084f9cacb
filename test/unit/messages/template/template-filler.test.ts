import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseMessageLine } from "../../../../runtime/api/jsonl.ts";
import { PLACEHOLDERS } from "../../../../runtime/api/placeholders.ts";
import { FAKED } from "../../../../runtime/messages/template/faker-values.ts";
import { openTemplate } from "../../../../runtime/messages/template/open-template.ts";
import { previewTemplate } from "../../../../runtime/messages/template/preview.ts";

const SETTINGS = '{"template": {}}';

async function preview(text: string, count: number, seed?: number): Promise<readonly string[]> {
  const made = await previewTemplate(text, seed, count);
  assert.ok(made.kind === "preview", JSON.stringify(made));
  return made.lines;
}

describe("messages of a template", () => {
  const all = PLACEHOLDERS.filter(({ args }) => args !== "choices").map(
    ({ name }) => `"${name}": "{{${name}}}"`,
  );
  const everything = `${SETTINGS}\n{"key": "{{string.uuid}}", "value": {${all.join()}}}`;

  it("point 21: are the same twice for the same seed, and others for another", async () => {
    const first = await preview(everything, 200);
    assert.deepEqual(await preview(everything, 200), first);
    assert.deepEqual((await preview(everything, 300)).slice(0, 200), first);
    assert.notDeepEqual(await preview(everything, 200, 2), first);
    assert.deepEqual(
      await preview(everything.replace("{}", '{"seed": 7}'), 9),
      await preview(everything, 9, 7),
    );
  });

  it("have something for every placeholder, of the kind it says", async () => {
    assert.deepEqual(
      Object.keys(FAKED).toSorted(),
      PLACEHOLDERS.map(({ name }) => name)
        .filter((name) => name !== "index" && name !== "oneOf")
        .toSorted(),
    );
    const [line = ""] = await preview(everything, 1);
    const { value } = JSON.parse(line) as { value: Record<string, unknown> };
    for (const { name, kind, args } of PLACEHOLDERS) {
      if (args === "choices") continue;
      const made = value[name];
      const is = { integer: "number", time: "string", text: "string" }[kind as string] ?? kind;
      assert.equal(typeof made, is, name);
      if (kind === "integer") assert.ok(Number.isInteger(made), name);
      if (kind === "time") assert.match(String(made), /^\d{4}-\d\d-\d\dT.*Z$/, name);
      assert.ok(made !== "", name);
    }
  });

  it("follow their arguments", async () => {
    const text = `${SETTINGS}\n{"value": ["{{number.int(3,5)}}", "{{oneOf('a','b')}}", "{{string.alpha(2)}}", "{{datatype.boolean(100)}}", "{{index}}"]}`;
    const values = (await preview(text, 100)).map(
      (line) => (JSON.parse(line) as { value: [number, string, string, boolean, number] }).value,
    );
    assert.deepEqual(new Set(values.map(([at]) => at)), new Set([3, 4, 5]));
    assert.deepEqual([...new Set(values.map(([, of]) => of))].toSorted(), ["a", "b"]);
    assert.ok(values.every(([, , text, yes]) => text.length === 2 && yes));
    assert.deepEqual(
      values.map(([, , , , index]) => index),
      values.map((_, at) => at),
    );
  });

  it("take the lines in turn and keep what is no placeholder byte for byte", async () => {
    const exact = '{"value": {"n":9007199254740993, "a":1,"a":2}}';
    const lines = await preview(`${SETTINGS}\n${exact}\n\n{"value": "{{index}}"}`, 4);
    assert.deepEqual(lines, [exact, '{"value": 1}', exact, '{"value": 3}']);
  });

  it("escape what stands in a string", async () => {
    const text = `${SETTINGS}\n{"key": "{{oneOf('é', 'a b')}}", "value": "<{{lorem.paragraph}}>"}`;
    for (const line of await preview(text, 50))
      assert.equal(parseMessageLine(line).kind, "message");
  });

  it("say where a template is faulty, and why it is none", async () => {
    const cases: [text: string, message: RegExp][] = [
      ['{"value": 1}', /first line has to be \{"template": \{\}\}/],
      [SETTINGS, /no message/],
      [`${SETTINGS}\n\n{"value": "{{nope}}"}`, /at 3:14: there is no placeholder nope/],
      ['{"template": {"seed": -1}}\n{"value": 1}', /at 1:23: expected a whole number from 0/],
    ];
    for (const [text, message] of cases) {
      const opened = await openTemplate(text, undefined);
      assert.ok(opened.kind === "failed");
      assert.match(opened.message, message);
    }
    const negative = `${SETTINGS}\n{"value": 1, "partition": "{{number.int(-5,-5)}}"}`;
    const made = await previewTemplate(negative, 1, 1);
    assert.ok(made.kind === "failed");
    assert.match(made.message, /message 1, of line 2: expected a partition number/);
  });
});
