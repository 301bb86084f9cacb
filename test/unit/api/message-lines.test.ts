import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { messageLines } from "../../../runtime/api/message-lines.ts";

async function* chunks(...parts: Buffer[]): AsyncGenerator<Buffer, void> {
  yield* parts;
}

async function values(...parts: Buffer[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { message } of messageLines(chunks(...parts))) {
    const { value } = message;
    found.push(value === null ? "null" : Buffer.from(value).toString());
  }
  return found;
}

describe("message lines of a stream", () => {
  const text = Buffer.from('\uFEFF{"value":"é"}\r\n\n  \n{"value":2}\n{"value":null}');

  it("are the same wherever the stream is cut", async () => {
    const whole = await values(text);
    assert.deepEqual(whole, ["é", "2", "null"]);
    for (let at = 0; at <= text.length; at++) {
      assert.deepEqual(await values(text.subarray(0, at), text.subarray(at)), whole, `at ${at}`);
    }
    assert.deepEqual(await values(...Array.from(text, (byte) => Buffer.of(byte))), whole);
  });

  it("begin after a line of settings", async () => {
    assert.deepEqual(await values(Buffer.from('{"topic":"t"}\n{"value":1}')), ["1"]);
    await assert.rejects(values(Buffer.from('{"value":1}\n{"topic":"t"}')), { line: 2 });
  });

  it("are none in an empty stream", async () => {
    assert.deepEqual(await values(), []);
    assert.deepEqual(await values(Buffer.from("\n\n")), []);
  });

  it("name the line and column of the first fault, after what was good", async () => {
    await assert.rejects(values(Buffer.from('{"value":1}\n\n{"value":}\n')), {
      name: "MessageLineError",
      ...{ line: 3, column: 10, message: "expected a JSON value." },
    });
    await assert.rejects(values(Buffer.from([0x22, 0xff, 0x22])), { line: 1, message: /UTF-8/ });
  });
});
