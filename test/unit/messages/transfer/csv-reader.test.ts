import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { describe, it } from "mocha";
import { type CsvItem, CsvReader } from "../../../../runtime/messages/transfer/csv-reader.ts";

const read = (bytes: Buffer, cut = bytes.length, maxBytes = 1_000): CsvItem[] => {
  const reader = new CsvReader(maxBytes);
  const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)];
  return [...chunks.flatMap((chunk) => [...reader.push(chunk)]), ...reader.end()];
};
const texts = (items: readonly CsvItem[]) =>
  items.map((item) => (item.kind === "row" ? item.cells.map((cell) => cell.text) : item));
const fault = (text: string) => {
  const last = read(Buffer.from(text)).at(-1);
  assert.ok(last?.kind === "fault", text);
  return `${last.line}:${last.column} ${last.message}`;
};

describe("reading CSV", () => {
  const WHOLE = 'a,"b, c","say ""hi"""\r\n,"line\r\nend",ü😀\r\n"",x y,\r\n1,2,3';

  it("gives what another reader of RFC 4180 gives, wherever the bytes are cut", () => {
    const bytes = Buffer.from(WHOLE);
    const expected: unknown = parse(WHOLE);
    for (let cut = 0; cut <= bytes.length; cut++) {
      assert.deepEqual(texts(read(bytes, cut)), expected, `cut at ${cut}`);
    }
  });

  it("knows line and column of every cell, lines within cells counted", () => {
    const [, second, third] = read(Buffer.from(WHOLE));
    assert.ok(second?.kind === "row" && third?.kind === "row");
    const places = [...second.cells, ...third.cells].map(({ line, column }) => `${line}:${column}`);
    assert.deepEqual(places, ["2:1", "2:2", "3:6", "4:1", "4:4", "4:8"]);
  });

  it("passes over a byte order mark, and takes rows that end with LF or not at all", () => {
    assert.deepEqual(texts(read(Buffer.from("\uFEFFa,b\n1,2\n"))), [
      ["a", "b"],
      ["1", "2"],
    ]);
    assert.deepEqual(texts(read(Buffer.from("a\n\nb"))), [["a"], [""], ["b"]]);
    assert.deepEqual(read(Buffer.alloc(0)), []);
  });

  it("names line and column of what breaks the form", () => {
    assert.equal(fault('a,b\n1,x"y'), "2:4 a cell with quotes is quoted, and they are doubled");
    assert.equal(fault('a,b\n1,"x"y'), "2:6 expected a comma or the end of the row");
    assert.equal(fault('a,b\n1,"xy\nz'), "2:3 this quoted cell has no end");
    assert.equal(fault("a\rb"), "1:3 expected LF behind CR");
    assert.match(fault(`a\n${"x".repeat(2_000)}`), /^2:1 the row has more than 1000 bytes/);
  });

  it("does not take bytes for text that are none", () => {
    const [row] = read(Buffer.from([0x61, 0x2c, 0xff, 0x0a]));
    assert.ok(row?.kind === "row");
    assert.deepEqual(
      row.cells.map((cell) => cell.text),
      ["a", undefined],
    );
  });
});
