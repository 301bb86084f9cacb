import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { DecoderChoices, type Memento } from "../../../../extension/decoding/decode-choice.ts";
import { decodedText } from "../../../../extension/decoding/decoded-text.ts";
import { decodedPath, parseDecodedPath } from "../../../../extension/decoding/decoded-uri.ts";

class FakeState implements Memento {
  kept: Record<string, unknown> = {};

  get(key: string): unknown {
    return this.kept[key];
  }

  update(key: string, value: unknown): Promise<void> {
    // As VS Code does, which writes JSON.
    this.kept[key] = JSON.parse(JSON.stringify(value));
    return Promise.resolve();
  }
}

describe("the choice of a decoder", () => {
  it("is remembered by topic and side, over a reload, until it is taken back", async () => {
    const state = new FakeState();
    const choices = new DecoderChoices(state);
    assert.equal(choices.get("t", "value"), undefined);
    await choices.set("t", "value", { decoder: "avro", schemaUri: "file:///w/order.avsc" });
    await choices.set("t", "key", { decoder: "text" });
    const again = new DecoderChoices(state);
    assert.deepEqual(again.get("t", "value"), {
      ...{ decoder: "avro", schemaUri: "file:///w/order.avsc" },
    });
    assert.deepEqual(again.get("t", "key"), { decoder: "text" });
    assert.equal(again.get("u", "key"), undefined);
    await again.set("t", "value", undefined);
    assert.equal(choices.get("t", "value"), undefined);
  });

  it("is bounded in number, and made of nothing but choices", async () => {
    const state = new FakeState();
    state.kept = { "streamside.decoders": { "a/key": 5, "b/key": { decoder: "hex" } } };
    const choices = new DecoderChoices(state);
    assert.equal(choices.get("a", "key"), undefined);
    for (let i = 0; i < 600; i++) await choices.set(`t${i}`, "key", { decoder: "hex" });
    assert.equal(choices.get("b", "key"), undefined);
    assert.deepEqual(choices.get("t599", "key"), { decoder: "hex" });
    assert.equal(Object.keys(state.kept["streamside.decoders"] ?? {}).length, 500);
  });

  it("names a key or value in the path of a document", () => {
    const address = { topic: "a.b", partition: 3, offset: 12, side: "key" } as const;
    assert.deepEqual(parseDecodedPath(decodedPath(address)), address);
    assert.equal(parseDecodedPath("/a/1/2/middle"), undefined);
    assert.equal(parseDecodedPath("/a/1/99999999999999999/key"), undefined);
  });
});

describe("a decoded document", () => {
  const words = {
    nothing: "null",
    notBecause: (decoder: string, reason: string) => `not ${decoder}: ${reason}`,
  };
  const hex = { text: "00 ff", language: "plaintext" } as const;

  it("point 18: begins with the decoders that were tried and why, where hex is all there is", () => {
    const tried = [
      { decoder: "registry", reason: "no schema 9" },
      { decoder: "json", reason: "it ends" },
    ];
    assert.equal(
      decodedText({ ...hex, decoder: "hex", tried }, words),
      "not registry: no schema 9\nnot json: it ends\n\n00 ff\n",
    );
  });

  it("is nothing but the text where it was read, or hex was asked for", () => {
    const tried = [{ decoder: "gzip", reason: "no mark" }];
    const json = { text: '{"a":1}', language: "json", decoder: "json", tried } as const;
    assert.equal(decodedText(json, words), '{"a":1}');
    assert.equal(decodedText({ ...hex, decoder: "hex", tried: [] }, words), "00 ff");
    assert.equal(decodedText(null, words), "null");
  });
});
