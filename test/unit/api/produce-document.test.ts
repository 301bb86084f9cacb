import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseProduceDocument } from "../../../runtime/api/produce-document.ts";

describe("a produce document", () => {
  it("counts lines past blank ones and Windows line ends", () => {
    const text = '\r\n{"value": 1}\r\n\r\n{"value": }\r\n  {"value": null}';
    const { messages, faults } = parseProduceDocument(text);
    assert.deepEqual(
      messages.map((one) => one.line),
      [1, 4],
    );
    assert.deepEqual(
      faults.map(({ line, fault }) => [line, fault.column]),
      [[3, 11]],
    );
  });

  it("says its topic on the first line, which is no message then", () => {
    const { settings, messages, faults } = parseProduceDocument(
      '\n{"topic": "orders"}\n{"value": 1}',
    );
    assert.equal(settings.topic, "orders");
    assert.deepEqual(
      messages.map((one) => one.line),
      [2],
    );
    assert.deepEqual(faults, []);
  });

  it("takes a first line with anything else for a message", () => {
    for (const line of ['{"topic": "t", "value": 1}', '{"topic": "t", "offset": 3, "value": 1}']) {
      const { settings, messages } = parseProduceDocument(line);
      assert.equal(settings.topic, undefined);
      assert.equal(messages.length, 1);
    }
    const [fault] = parseProduceDocument('{"value": 1}\n{"topic": "t"}').faults;
    assert.match(fault?.fault.message ?? "", /no "value"/);
  });

  const settings: [line: string, column: number, message: RegExp][] = [
    ['{"topic": 5}', 11, /a string/],
    ['{"topic": "a b"}', 11, /name of a topic/],
    ['{"topic": ".."}', 11, /name of a topic/],
    ['{"topic": "a", "topic": "b"}', 16, /given twice/],
  ];
  for (const [line, column, message] of settings) {
    it(`names column ${column} of ${line}`, () => {
      const [found] = parseProduceDocument(line).faults;
      assert.equal(found?.fault.column, column);
      assert.match(found.fault.message, message);
    });
  }
});
