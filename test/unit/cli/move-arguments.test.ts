import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "mocha";
import { parseCommand } from "../../../runtime/cli/arguments.ts";
import { UsageError } from "../../../runtime/cli/usage.ts";

const moveOf = (line: string) => {
  const command = parseCommand(line.split(" "));
  assert.ok("move" in command);
  return command;
};
const fails = (line: string, message: RegExp) =>
  assert.throws(
    () => parseCommand(line.split(" ")),
    (error) => error instanceof UsageError && message.test(error.message),
  );

describe("arguments of export and import", () => {
  it("say what is exported, and to where", () => {
    const { move, dryRun, json } = moveOf(
      "export orders --file a/b.csv --from offset:5 --to time:1970-01-01T00:00:01Z --limit 9 " +
        "--partition 2 --text x --in key --offsets --dry-run",
    );
    assert.deepEqual(move, {
      kind: "export",
      source: {
        ...{ kind: "range", topic: "orders", partition: 2, limit: 9 },
        from: { kind: "offset", offset: 5 },
        to: { kind: "time", timestampMs: 1_000 },
        filter: { kind: "text", text: "x", part: "key", matchCase: true },
      },
      ...{ path: path.resolve("a/b.csv"), format: "csv", offsets: true, overwrite: false },
    });
    assert.deepEqual([dryRun, json], [true, false]);
  });

  it("take the format from the name, unless it is said", () => {
    const format = (rest: string) => {
      const { move } = moveOf(`export t --file ${rest}`);
      return "format" in move && move.format;
    };
    assert.equal(format("a.jsonl"), "jsonl");
    assert.equal(format("a.NDJSON"), "jsonl");
    assert.equal(format("folder"), "raw");
    assert.equal(format("a.txt --format csv"), "csv");
    fails("export t --file a.txt", /expected jsonl, csv, raw, not "txt"/);
  });

  it("say what is imported, and how", () => {
    const { move, json } = moveOf("import t --file a.jsonl --by-key --now --skip 7 --json");
    assert.deepEqual(move, {
      ...{ kind: "import", topic: "t", path: path.resolve("a.jsonl"), format: "jsonl", skip: 7 },
      ...{ keepPartition: false, keepTimestamp: false },
    });
    assert.equal(json, true);
  });

  it("are refused where they make no sense", () => {
    fails("export t", /expected --file/);
    fails("import t", /expected --file/);
    fails("export --file a.csv", /name of a topic/);
    fails("export t --file a.csv --to soon", /--to: expected earliest/);
    fails("export t --file a.csv --text a --where b", /expected one of/);
    fails("export t --file a.csv --limit 0", /--limit/);
  });
});
