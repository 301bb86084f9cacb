import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseState } from "../../../extension/editors/grid-state.ts";
import { DEFAULT_COLUMNS } from "../../../runtime/api/grid-columns.ts";
import type { GridState } from "../../../runtime/api/view.ts";

const STATE: GridState = {
  topic: "orders",
  partition: 2,
  from: { kind: "offset", offset: 17 },
  live: true,
  filter: { kind: "text", text: "o-1", part: "key", matchCase: true },
  times: { fromMs: 1_000, toMs: 2_000 },
  latest: true,
  histogram: true,
  columns: [
    { kind: "offset", widthPx: 80 },
    { kind: "field", path: "customer.name", widthPx: undefined },
  ],
  selected: { partition: 2, offset: 19 },
};

describe("the saved state of a grid", () => {
  it("comes back as it was, with filter, columns and selection", () => {
    const saved: unknown = JSON.parse(JSON.stringify(STATE));
    assert.deepEqual(parseState(saved), STATE);
  });

  it("comes back from a version that saved less", () => {
    const { topic, from, live } = STATE;
    const old = parseState({ topic, from, live });
    const rest = {
      partition: undefined,
      filter: undefined,
      selected: undefined,
      times: undefined,
      latest: false,
      histogram: false,
    };
    assert.deepEqual(old, { topic, from, live, columns: DEFAULT_COLUMNS, ...rest });
  });

  it("leaves out what makes no sense, and is refused without topic or place", () => {
    const odd = parseState({
      ...STATE,
      filter: { kind: "magic", text: "x" },
      columns: [{ kind: "colour" }, { kind: "field", path: "a..b" }, { kind: "key", widthPx: "9" }],
      times: { fromMs: 2_000, toMs: 1_000 },
      selected: { partition: -1, offset: 3 },
    });
    assert.equal(odd?.filter, undefined);
    assert.deepEqual(odd?.columns, [{ kind: "key", widthPx: undefined }]);
    assert.equal(odd?.selected, undefined);
    assert.equal(odd?.times, undefined);
    for (const wrong of [undefined, null, 1, {}, { ...STATE, topic: 1 }, { ...STATE, from: {} }]) {
      assert.equal(parseState(wrong), undefined);
    }
  });
});
