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

describe("arguments of replay", () => {
  it("say what is replayed, to where, how fast and as what", () => {
    const { move, asks } = moveOf(
      "replay orders --into copy --speed x2.5 --max-gap 5000 --set-value UPPER(value) --drop-key " +
        "--drop-headers --into-partition 3 --now --limit 5",
    );
    assert.ok(move.kind === "replay");
    assert.deepEqual([move.topic, move.speed, move.maxGapMs], ["copy", 2.5, 5_000]);
    assert.deepEqual(move.rewriting, {
      ...{ key: "drop", value: { sql: "UPPER(value)" }, headers: "drop", partition: 3 },
      timestamp: "now",
    });
    assert.equal(asks, true);
  });

  it("keep everything and the rhythm when nothing is said, and ask", () => {
    const { move } = moveOf("replay orders --into copy");
    assert.ok(move.kind === "replay");
    assert.equal(move.speed, 1);
    assert.deepEqual(move.rewriting, {
      ...{ key: "keep", value: "keep", headers: "keep", partition: "keep", timestamp: "keep" },
    });
    const fast = moveOf("replay orders --into copy --fast --yes");
    assert.ok(fast.move.kind === "replay");
    assert.deepEqual([fast.move.speed, fast.asks], [undefined, false]);
  });

  it("are refused where they contradict each other", () => {
    fails("replay orders", /expected --into/);
    fails("replay orders --into a --fast --speed 1", /one of --speed and --fast/);
    fails("replay orders --into a --speed 0", /--speed: expected a factor from 0.001 to 10000/);
    fails("replay orders --into a --by-key --into-partition 1", /one of --by-key/);
    fails("replay orders --into a --set-key a --drop-key", /one of --set-key/);
  });
});

describe("arguments of copy and redrive", () => {
  it("say what is copied to where", () => {
    const { move, asks } = moveOf("copy orders --into orders-2");
    assert.deepEqual(move, { kind: "copy", topic: "orders", target: "orders-2" });
    assert.equal(asks, false);
    fails("copy orders", /expected --into/);
  });

  it("say which dead letters are sent, and by which header", () => {
    const { move, asks } = moveOf("redrive dlt --header from --keep-error-headers --limit 3");
    assert.ok(move.kind === "redrive" && move.source.kind === "range");
    assert.deepEqual([move.header, move.keepErrorHeaders, asks], ["from", true, true]);
    assert.deepEqual([move.source.topic, move.source.limit], ["dlt", 3]);
    assert.equal(moveOf("redrive dlt --yes").asks, false);
  });
});

describe("arguments of moves", () => {
  it("list what runs, or do something to one of them", () => {
    const changeOf = (line: string) => {
      const command = parseCommand(line.split(" "));
      assert.ok(command.name === "moves");
      return command.change;
    };
    assert.equal(changeOf("moves --json"), undefined);
    assert.deepEqual(changeOf("moves step x-1"), { action: "step", id: "x-1" });
    fails("moves hurry x", /expected pause, resume, step, stop, not hurry/);
    fails("moves stop", /expected the id of a move/);
    fails("moves stop x y", /y is not expected/);
  });

  it("leave a move to the lab", () => {
    assert.equal(moveOf("copy a --into b").detach, false);
    assert.equal(moveOf("copy a --into b --detach").detach, true);
    fails("copy a --into b --detach --dry-run", /one of --dry-run and --detach/);
  });
});
