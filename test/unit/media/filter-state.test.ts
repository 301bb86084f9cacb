import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  checked,
  cleared,
  edited,
  filterOf,
  piecesOf,
  shownFilter,
  submitted,
} from "../../../media/grid/filter-state.ts";
import type { MessageFilter } from "../../../runtime/api/model.ts";

const NONE = shownFilter(undefined);
const FAULT = { message: "expected an operand.", start: 2, end: 3 };

describe("the filter of a grid", () => {
  it("is applied on Enter, not while it is typed", () => {
    const typed = edited(NONE, { text: "o-1", part: "key", matchCase: true });
    assert.equal(typed.applied, undefined);
    const filter = { kind: "text", text: "o-1", part: "key", matchCase: true };
    assert.deepEqual(submitted(typed).applied, filter);
  });

  it("waits for its check when Enter is pressed before it is back", () => {
    const waiting = submitted(edited(NONE, { mode: "sql", text: "a > 1" }));
    assert.equal(waiting.applied, undefined);
    assert.ok(waiting.isSubmitted);
    const done = checked(waiting, waiting.draft, []);
    assert.deepEqual(done.applied, { kind: "sql", expression: "a > 1" });
    assert.ok(!done.isSubmitted);
  });

  it("point 19: is not applied while it is faulty, and what was applied stays", () => {
    const applied: MessageFilter = {
      kind: "regexp",
      pattern: "a+",
      part: "value",
      matchCase: true,
    };
    const typed = edited(shownFilter(applied), { text: "a+(" });
    assert.ok(typed.isDue);
    const faulty = checked(submitted(typed), typed.draft, [FAULT]);
    assert.deepEqual(faulty.faults, [FAULT]);
    assert.deepEqual(submitted(faulty).applied, applied);
  });

  it("does not take the faults of what was typed before for its own", () => {
    const before = edited(NONE, { mode: "sql", text: "a >" });
    const after = edited(before, { text: "a > 1" });
    assert.equal(checked(after, before.draft, [FAULT]), after);
    assert.deepEqual(after.faults, []);
  });

  it("is cleared to all messages, and keeps how it looked for them", () => {
    const state = cleared(shownFilter({ kind: "sql", expression: "a > 1" }));
    assert.equal(state.applied, undefined);
    assert.deepEqual([state.draft.mode, state.draft.text, state.isDue], ["sql", "", false]);
  });

  it("shows every kind of filter as it was typed", () => {
    const filters: MessageFilter[] = [
      { kind: "text", text: "x", part: "headers", matchCase: true },
      { kind: "regexp", pattern: "^x$", part: "key", matchCase: false },
      { kind: "sql", expression: "value IS NULL" },
    ];
    for (const filter of filters) {
      assert.deepEqual(filterOf(shownFilter(filter).draft), filter);
    }
  });
});

describe("the place of a fault", () => {
  const marks = (text: string, ...faults: readonly (readonly [number, number])[]) =>
    piecesOf(
      text,
      faults.map(([start, end]) => ({ message: "", start, end })),
    )
      .map((piece) => (piece.isFaulty ? `[${piece.text}]` : piece.text))
      .join("");

  it("point 19: is marked where it is", () => {
    assert.equal(marks("a > > 1", [4, 5]), "a > [>] 1");
    assert.equal(marks("a b c", [4, 5], [0, 1]), "[a] b [c]");
  });

  it("is the last character when something is missing at the end", () => {
    assert.equal(marks("a >", [3, 3]), "a [>]");
    assert.equal(marks("a >", [7, 9]), "a [>]");
    assert.equal(marks("", [0, 0]), "");
  });

  it("keeps the whole text where faults overlap", () => {
    assert.equal(marks("abcdef", [1, 4], [2, 3], [3, 6]), "a[bcd][ef]");
  });
});
