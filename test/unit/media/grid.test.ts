import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { MAX_KEPT_BYTES, MAX_KEPT_ROWS, PageStore } from "../../../media/grid/pages.ts";
import { parseOffset, parseTime } from "../../../media/grid/position.ts";
import { fieldText, headersText, localTime, sizeText } from "../../../media/grid/text.ts";
import { utf8 } from "../../../runtime/api/bytes.ts";
import type { Message } from "../../../runtime/api/model.ts";
import type { GridStrings } from "../../../runtime/api/view.ts";

function messages(from: number, count: number): Message[] {
  return Array.from({ length: count }, (_, index) => ({
    partition: 0,
    offset: from + index,
    timestampMs: 0,
    timestampType: "create",
    key: null,
    value: null,
    headers: [],
  }));
}

function filled(pages: number, rowsPerPage: number, bytes = 10): PageStore {
  const store = new PageStore();
  for (let page = 0; page < pages; page++) {
    const start = [{ partition: 0, offset: page * rowsPerPage }];
    const content = { messages: messages(page * rowsPerPage, rowsPerPage), bytes };
    store.append(content, page === 0 ? undefined : start);
  }
  return store;
}

describe("grid pages", () => {
  it("finds the message of a row and the row of a message", () => {
    const store = filled(10, 7);
    assert.equal(store.endRow, 70);
    assert.equal(store.at(0)?.offset, 0);
    assert.equal(store.at(69)?.offset, 69);
    assert.equal(store.at(70), undefined);
    assert.equal(store.rowOf(0, 33), 33);
    assert.equal(store.rowOf(1, 33), undefined);
  });

  it("drops the pages farthest from the view and keeps the row count", () => {
    const store = filled(30, 1_000);
    store.trim(25_500);
    assert.ok(store.keptRows <= MAX_KEPT_ROWS);
    assert.equal(store.endRow, 30_000);
    assert.equal(store.at(25_500)?.offset, 25_500);
    assert.equal(store.at(1_500), undefined);
  });

  it("keeps memory bounded when messages are large", () => {
    const store = filled(100, 10, MAX_KEPT_BYTES / 20);
    store.trim(0);
    assert.ok(store.keptRows <= 200);
    assert.equal(store.at(0)?.offset, 0);
  });

  it("gives a dropped page back where it was", () => {
    const store = filled(30, 1_000);
    store.trim(29_000);
    const missing = store.missing(2_345);
    assert.deepEqual(missing, {
      firstRow: 2_000,
      count: 1_000,
      start: [{ partition: 0, offset: 2_000 }],
    });
    store.restore(2_000, { messages: messages(2_000, 1_000), bytes: 10 });
    assert.equal(store.at(2_345)?.offset, 2_345);
    assert.equal(store.missing(2_345), undefined);
  });

  it("forgets the head in whole pages and keeps row numbers", () => {
    const store = filled(10, 100);
    assert.equal(store.forgetHead(250), 800);
    assert.equal(store.firstRow, 800);
    assert.equal(store.endRow, 1_000);
    assert.equal(store.at(850)?.offset, 850);
    assert.equal(store.at(799), undefined);
  });
});

describe("where to read from", () => {
  it("takes offsets with or without separators", () => {
    assert.equal(parseOffset(" 1204 "), 1_204);
    assert.equal(parseOffset("1,204"), 1_204);
    assert.equal(parseOffset("9007199254740991"), 9_007_199_254_740_991);
    for (const text of ["", "-1", "1.5", "9007199254740992", "abc", "0x10"]) {
      assert.equal(parseOffset(text), undefined, text);
    }
  });

  it("takes times with a zone exactly", () => {
    const atMs = Date.UTC(2026, 2, 29, 1, 30, 0, 250);
    assert.equal(parseTime("2026-03-29T01:30:00.250Z"), atMs);
    assert.equal(parseTime("2026-03-29 03:30:00.25+02:00"), atMs);
    assert.equal(parseTime("2026-03-28T21:00:00,250-0430"), atMs);
    assert.equal(parseTime(String(atMs)), atMs);
  });

  it("takes times without a zone as local, and reads back what it shows", () => {
    assert.equal(parseTime("2026-11-23 14:05"), new Date(2026, 10, 23, 14, 5).getTime());
    assert.equal(parseTime("2026-11-23"), new Date(2026, 10, 23).getTime());
    const atMs = 1_700_000_000_123;
    assert.equal(parseTime(localTime(atMs)), atMs);
  });

  it("refuses what is no time", () => {
    const wrong = ["", "yesterday", "2026-02-30", "2026-13-01", "2026-01-01 24:00", "2026-01-01Z"];
    for (const text of wrong) assert.equal(parseTime(text), undefined, text);
  });
});

describe("cell texts", () => {
  const whole = (bytes: Uint8Array) => ({ bytes, sizeBytes: bytes.length });

  it("point 16: tells null and empty apart, in keys, values and headers", () => {
    assert.deepEqual(fieldText(null), { kind: "null" });
    assert.deepEqual(fieldText(whole(utf8(""))), { kind: "empty" });
  });

  it("point 16: shows headers in their order, with duplicate keys and binary values", () => {
    const strings = new Proxy({} as GridStrings, { get: (_, name) => `<${String(name)}>` });
    const headers = [
      { key: "trace", value: utf8("a") },
      { key: "trace", value: utf8("b") },
      { key: "bin", value: Uint8Array.of(0xff, 0) },
      { key: "none", value: null },
      { key: "empty", value: utf8("") },
    ];
    assert.deepEqual(headersText(headers, strings).split("\n"), [
      ...["trace: a", "trace: b", "bin: 0x ff 00", "none: <nullKey>", "empty: <emptyField>"],
    ]);
    const many = Array.from({ length: 60 }, () => ({ key: "k", value: null }));
    assert.equal(headersText(many, strings).split("\n").at(-1), "<moreHeaders>");
  });

  it("point 15: shows the head of a message of 20 MB", () => {
    const head = { bytes: utf8("x".repeat(1_024)), sizeBytes: 20_000_000 };
    const shown = fieldText(head);
    assert.ok(shown.kind === "text" && shown.cut && shown.text.length === 400);
  });

  it("puts text on one line and shows control characters", () => {
    const shown = fieldText(whole(utf8("a\n  b\u0000\u007f")));
    assert.deepEqual(shown, { kind: "text", text: "a   b\u2400\u2421", cut: false });
  });

  it("does not take a head that ends inside a character for binary", () => {
    const bytes = utf8("aé").subarray(0, 2);
    assert.deepEqual(fieldText({ bytes, sizeBytes: 3 }), { kind: "text", text: "a", cut: true });
    assert.equal(fieldText({ bytes, sizeBytes: 2 }).kind, "binary");
  });

  it("shows bytes that are not text in hexadecimal", () => {
    const shown = fieldText(whole(Uint8Array.of(0xff, 0, 0x41)));
    assert.deepEqual(shown, { kind: "binary", text: "ff 00 41", cut: false });
  });

  it("writes sizes", () => {
    assert.deepEqual([0, 999, 1_000, 20_000_000].map(sizeText), [
      "0 B",
      "999 B",
      "1.0 kB",
      "20.0 MB",
    ]);
  });
});
