import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  parseSavedFilters,
  type SavedFilter,
  savedFiltersSetting,
  withFilter,
} from "../../../extension/editors/saved-filter.ts";

const SAVED: readonly SavedFilter[] = [
  { name: "large", filter: { kind: "sql", expression: "amount > 100" } },
  { name: "one", filter: { kind: "text", text: "o-1", part: "key", matchCase: true } },
  { name: "any", filter: { kind: "regexp", pattern: "^x", part: "anywhere", matchCase: false } },
];

describe("filters in the settings", () => {
  it("read back as they were written, in words a person would write", () => {
    const setting = savedFiltersSetting(SAVED);
    assert.deepEqual(setting, [
      { name: "large", sql: "amount > 100" },
      { name: "one", text: "o-1", in: "key", matchCase: true },
      { name: "any", regexp: "^x" },
    ]);
    assert.deepEqual(parseSavedFilters(setting), SAVED);
  });

  it("leave out entries that are none", () => {
    const odd = [null, 1, {}, { name: "x" }, { name: "", sql: "a" }, { name: "y", text: 1 }];
    assert.deepEqual(parseSavedFilters([...odd, { name: "z", text: "t" }]).length, 1);
    assert.deepEqual(parseSavedFilters({ name: "z", text: "t" }), []);
    assert.deepEqual(parseSavedFilters([{ name: "z", text: "t", in: "nowhere" }]), []);
  });

  it("are replaced by name and else added at the end", () => {
    const large: SavedFilter = { name: "large", filter: { kind: "sql", expression: "a > 1" } };
    assert.deepEqual(withFilter(SAVED, large), [large, ...SAVED.slice(1)]);
    const other = { ...large, name: "other" };
    assert.deepEqual(withFilter(SAVED, other), [...SAVED, other]);
  });
});
