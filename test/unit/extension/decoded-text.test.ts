import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { decodedText } from "../../../extension/editors/decoded-text.ts";
import type { Wording } from "../../../extension/views/topic-text.ts";

const english: Wording = {
  t: (sentence, ...values) =>
    sentence.replaceAll(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)])),
  locale: "en",
};

describe("a decoded value", () => {
  it("is its text alone when nothing else was tried", () => {
    const decoded = { text: "{}\n", language: "json", decoder: "json", tried: [] } as const;
    assert.equal(decodedText(decoded, english), "{}\n");
  });

  it("point 18: begins with what was tried and why each failed", () => {
    const tried = [
      { decoder: "json", reason: "it begins with 0xff." },
      { decoder: "text", reason: "it is not UTF-8." },
    ];
    const decoded = { text: "ff", language: "plaintext", decoder: "hex", tried } as const;
    assert.deepEqual(decodedText(decoded, english).split("\n"), [
      "# Shown as hex. These were tried before:",
      "# Not json: it begins with 0xff.",
      "# Not text: it is not UTF-8.",
      "",
      "ff",
    ]);
  });

  it("says so when there is none", () => {
    assert.match(decodedText(null, english), /null/);
  });
});
