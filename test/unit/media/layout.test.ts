import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  columnKey,
  DEFAULT_COLUMNS,
  movedColumn,
  resizedColumn,
  withField,
  withoutColumn,
} from "../../../runtime/api/grid-columns.ts";
import { besideColumn, columnTracks, drawnColumns } from "../../../media/grid/column-layout.ts";
import { rowForKey } from "../../../media/grid/grid-keys.ts";
import { MAX_BODY_PX, ScrollMap } from "../../../media/grid/scroll-map.ts";

const keys = (columns: typeof DEFAULT_COLUMNS) => columns.map(columnKey).join(" ");

describe("columns of a grid", () => {
  it("are hidden, moved, added and made wider", () => {
    const some = DEFAULT_COLUMNS.slice(0, 3);
    assert.equal(keys(withoutColumn(some, "offset")), "partition timestamp");
    assert.equal(keys(movedColumn(some, "partition", 1)), "offset partition timestamp");
    assert.equal(keys(movedColumn(some, "partition", -1)), keys(some));
    const added = withField(DEFAULT_COLUMNS, "a.b");
    assert.match(keys(added), /value field:a\.b headers size$/);
    assert.equal(withField(added, "a.b"), added);
    assert.equal(resizedColumn(some, "offset", 99.6)[1]?.widthPx, 100);
    assert.equal(resizedColumn(some, "offset", 1)[1]?.widthPx, 24);
    assert.equal(
      resizedColumn(resizedColumn(some, "offset", 99), "offset", undefined)[1]?.widthPx,
      undefined,
    );
  });

  it("never are all hidden", () => {
    const one = DEFAULT_COLUMNS.slice(0, 1);
    assert.equal(withoutColumn(one, "partition"), one);
    assert.deepEqual(drawnColumns(one, true), one);
  });

  it("leave what is left over to the value, or to nothing", () => {
    assert.match(columnTracks(DEFAULT_COLUMNS, false), /minmax\(24ch, 1fr\) 12ch 8ch$/);
    const fixed = resizedColumn(DEFAULT_COLUMNS, "value", 300);
    assert.match(columnTracks(fixed, false), / 300px 12ch 8ch minmax\(0, 1fr\)$/);
    assert.doesNotMatch(columnTracks(drawnColumns(DEFAULT_COLUMNS, true), true), /^4ch/);
  });

  it("are gone over with the arrow keys, the row as a whole before the first", () => {
    assert.equal(besideColumn(DEFAULT_COLUMNS, undefined, 1), "partition");
    assert.equal(besideColumn(DEFAULT_COLUMNS, "partition", 1), "offset");
    assert.equal(besideColumn(DEFAULT_COLUMNS, "partition", -1), undefined);
    assert.equal(besideColumn(DEFAULT_COLUMNS, "size", 1), "size");
    assert.equal(besideColumn(DEFAULT_COLUMNS, undefined, -1), undefined);
  });
});

describe("keys in a grid", () => {
  const place = { at: 50, firstRow: 10, endRow: 100, viewRow: 45, pageRows: 20 };

  it("go to rows, within the list", () => {
    const targets = ["ArrowDown", "ArrowUp", "PageDown", "PageUp", "Home", "End"];
    assert.deepEqual(
      targets.map((key) => rowForKey(key, place)),
      [51, 49, 70, 30, 10, 99],
    );
    assert.equal(rowForKey("PageUp", { ...place, at: 12 }), 10);
    assert.equal(rowForKey("ArrowDown", { ...place, at: 99 }), 99);
  });

  it("begin with what is in view, and do nothing in an empty list", () => {
    assert.equal(rowForKey("ArrowDown", { ...place, at: undefined }), 45);
    assert.equal(rowForKey("ArrowUp", { ...place, at: undefined }), 99);
    assert.equal(rowForKey("Home", { ...place, endRow: 10 }), undefined);
    assert.equal(rowForKey("a", place), undefined);
  });
});

describe("scrolling over many rows", () => {
  it("is what the browser does while the list can be laid out", () => {
    const scroll = new ScrollMap();
    scroll.setSize(100_000, 500);
    assert.equal(scroll.bodyPx, 100_000);
    assert.ok(scroll.scrolledTo(1_234));
    assert.deepEqual([scroll.topPx, scroll.scrollTop, scroll.shiftPx], [1_234, 1_234, 0]);
    assert.equal(scroll.scrolledTo(1_234), false);
    scroll.moveTo(Infinity);
    assert.equal(scroll.topPx, 99_500);
    assert.ok(scroll.isAtEnd);
  });

  it("point 12: comes to every one of a million rows, and never lays out more than a browser can", () => {
    const scroll = new ScrollMap();
    const rows = 1_000_000;
    scroll.setSize(rows * 22, 600);
    assert.equal(scroll.bodyPx, MAX_BODY_PX);
    for (const row of [0, 1, 499_999, 999_000, 999_972]) {
      scroll.moveTo(row * 22);
      assert.equal(scroll.topPx, row * 22);
      // The browser gives back whole pixels; the place stays exact all the same.
      assert.equal(scroll.scrolledTo(Math.round(scroll.scrollTop)), false);
      assert.equal(scroll.topPx, row * 22);
      const y = row * 22 - scroll.shiftPx - scroll.scrollTop;
      assert.ok(Math.abs(y) < 0.01, `row ${row} is drawn ${y} px off`);
    }
    assert.ok(scroll.scrolledTo(MAX_BODY_PX - 600));
    assert.equal(scroll.topPx, rows * 22 - 600);
  });
});
