import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  durationText,
  firstText,
  placeOfFault,
  progressText,
  targetLines,
} from "../../../extension/moves/move-text.ts";
import type { Wording } from "../../../extension/views/topic-text.ts";
import type { MoveProgress, MoveReport, MoveTarget } from "../../../runtime/api/moves.ts";

const wording: Wording = {
  t: (sentence, ...values) =>
    sentence.replaceAll(/\{(\d)\}/g, (_, index) => String(values[Number(index)])),
  locale: "en",
};

describe("texts about moves", () => {
  it("say how far a move has come", () => {
    const progress: MoveProgress = {
      ...{ state: "running", phase: "move", messages: 1_204, part: 0.456 },
    };
    const text = (given: Partial<MoveProgress>) =>
      progressText("Replay of orders", { ...progress, ...given }, wording);
    assert.equal(text({}), "Replay of orders: 1,204 messages, 46%");
    assert.equal(text({ phase: "check" }), "Replay of orders: 1,204 messages looked at, 46%");
    assert.equal(text({ state: "paused" }), "Replay of orders: paused after 1,204 messages, 46%");
    assert.equal(text({ state: "stopping" }), "Replay of orders: stopping");
  });

  it("show a first message with null, empty, binary and long told apart", () => {
    const place = { partition: 1, offset: 7, timestampMs: 0, timestampType: "create" } as const;
    const field = (bytes: Uint8Array) => ({ bytes, sizeBytes: bytes.length });
    const text = (key: Uint8Array | null, value: Uint8Array | null, offset = 7) =>
      firstText(
        { ...place, offset, key: key && field(key), value: value && field(value), headers: [] },
        wording,
      );
    assert.equal(
      text(null, Buffer.alloc(0)),
      "First message: partition 1, offset 7\nKey: null\nValue: empty",
    );
    assert.match(
      text(Buffer.from([0xff]), Buffer.from("a\n b"), -1),
      /^First message:\nKey: binary, 1 byte\nValue: a b$/,
    );
    assert.match(text(null, Buffer.from("x".repeat(200))), /\nValue: x{80}…$/);
  });

  it("say how long a replay takes", () => {
    assert.equal(durationText(400, wording), "0.4 seconds");
    assert.equal(durationText(90_000, wording), "90 seconds");
    assert.equal(durationText(3_000_000, wording), "50 minutes");
    assert.equal(durationText(10_800_000, wording), "3 hours");
  });

  it("list targets with what keeps messages back, and count those that are too many", () => {
    const report = (targets: readonly MoveTarget[]): MoveReport => ({
      ...{ outcome: "done", targets, moved: 0, skipped: 0, first: undefined },
      ...{ sizeBytes: 0, elapsedMs: 0 },
    });
    const rows = [
      { topic: "orders", count: 2, exists: true },
      { topic: "gone", count: 1, exists: false, problem: "there is no such topic" },
      { topic: null, count: 3, exists: false, problem: "there is no header a" },
    ];
    assert.equal(
      targetLines(report(rows), wording),
      "2 messages → orders\n1 message of gone stay: there is no such topic\n" +
        "3 messages stay: there is no header a",
    );
    const many = Array.from({ length: 20 }, (_, i) => ({ topic: `t${i}`, count: 1, exists: true }));
    assert.match(targetLines(report(many), wording), /→ t11\nand 8 more$/);
  });

  it("find the place of a fault in a file", () => {
    const place = (message: string) => placeOfFault(message);
    assert.deepEqual(place("a.jsonl: line 7, column 12: no. Nothing was sent."), {
      ...{ line: 7, column: 12 },
    });
    assert.deepEqual(place("a.jsonl: line 7: too large."), { line: 7, column: 1 });
    assert.equal(place("a.jsonl cannot be read: line 1"), undefined);
  });
});
