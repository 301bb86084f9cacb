import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { messageLines } from "../../../runtime/cli/message-lines.ts";

async function* chunks(...parts: Buffer[]): AsyncGenerator<Buffer, void> {
  yield* parts;
}

async function values(...parts: Buffer[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { value } of messageLines(chunks(...parts), "f")) {
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

  it("are none in an empty stream", async () => {
    assert.deepEqual(await values(), []);
    assert.deepEqual(await values(Buffer.from("\n\n")), []);
  });

  it("name the line and column of the first fault, after what was good", async () => {
    await assert.rejects(values(Buffer.from('{"value":1}\n\n{"value":}\n')), {
      name: "CommandError",
      message: "f:3:10: expected a JSON value.",
    });
    await assert.rejects(values(Buffer.from([0x22, 0xff, 0x22])), /^CommandError: f:1:1: .*UTF-8/);
  });
});
