import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { SearchedPart } from "../../../../runtime/api/model.ts";
import { compileFilter } from "../../../../runtime/messages/filter/filter.ts";
import { RecordCursor } from "../../../../runtime/record/record-cursor.ts";
import { type Sample, wanted } from "./messages.ts";

const SAMPLES: readonly Sample[] = [
  { key: "needle", value: "x" },
  { key: "x", value: "a needle in it" },
  { key: "x", value: "y", headers: { needle: "z" } },
  { key: "x", value: "y", headers: { z: "the needle" } },
  { key: null, value: null },
  { key: "need", value: "le" },
  { key: "NEEDLE", value: "Straße" },
  { key: "n", value: "eedle", headers: { nee: "dle" } },
];

const text = (what: string, part: SearchedPart = "anywhere", matchCase = true): number[] =>
  wanted({ kind: "text", text: what, part, matchCase }, SAMPLES);
const regexp = (pattern: string, part: SearchedPart = "anywhere", matchCase = true): number[] =>
  wanted({ kind: "regexp", pattern, part, matchCase }, SAMPLES);

describe("filters by text", () => {
  it("find it in key, value and headers, and nowhere across them", () => {
    assert.deepEqual(text("needle"), [0, 1, 2, 3]);
    assert.deepEqual(text("needle", "key"), [0]);
    assert.deepEqual(text("needle", "value"), [1]);
    assert.deepEqual(text("needle", "headers"), [2, 3]);
    assert.deepEqual(text("haystack"), []);
  });

  it("find it without regard to case when told to", () => {
    assert.deepEqual(text("needle", "anywhere", false), [0, 1, 2, 3, 6]);
    assert.deepEqual(text("STRASSE", "anywhere", false), []);
    assert.deepEqual(text("straßE", "anywhere", false), [6]);
    assert.deepEqual(text("a (b", "anywhere", false), []);
  });

  it("find it several times in one message, or in the next", () => {
    const samples = [{ value: "aaa" }, { value: "aa" }, { value: "b" }, { value: "caa" }];
    const filter = { kind: "text", text: "aa", part: "value", matchCase: true } as const;
    assert.deepEqual(wanted(filter, samples), [0, 1, 3]);
  });

  it("find patterns", () => {
    assert.deepEqual(regexp("^needle$"), [0, 2]);
    assert.deepEqual(regexp("^needle$", "headers"), [2]);
    assert.deepEqual(regexp("n[a-z]+le", "anywhere", false), [0, 1, 2, 3, 6]);
    assert.deepEqual(regexp("^$"), []);
  });

  it("say which pattern is none", () => {
    const filter = { kind: "regexp", pattern: "a(", part: "key", matchCase: true } as const;
    const result = compileFilter(filter, new RecordCursor());
    assert.ok(result.kind === "invalid");
    assert.equal(result.diagnostics[0]?.code, "regexp");
  });

  it("agree with a search by hand in random messages", () => {
    const alphabet = "abA\u00e4";
    let seed = 7;
    const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const word = (): string => Array.from({ length: next(6) }, () => alphabet[next(4)]).join("");
    for (let round = 0; round < 300; round++) {
      const samples = Array.from({ length: 20 }, () => ({
        key: next(4) === 0 ? null : word(),
        value: next(4) === 0 ? null : word(),
        headers: next(2) === 0 ? {} : { [`h${word()}`]: word() },
      }));
      const what = word() || "a";
      const expected = samples.flatMap(({ key, value, headers }, offset) => {
        const parts = [key ?? "", value ?? "", ...Object.entries(headers).flat()];
        return parts.some((part) => part.includes(what)) ? [offset] : [];
      });
      const filter = { kind: "text", text: what, part: "anywhere", matchCase: true } as const;
      assert.deepEqual(wanted(filter, samples), expected, `round ${round}: ${what}`);
    }
  });
});
