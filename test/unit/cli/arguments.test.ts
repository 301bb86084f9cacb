import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseCommand } from "../../../runtime/cli/arguments.ts";
import { UsageError } from "../../../runtime/cli/usage.ts";

const parsed = (line: string) => {
  const { dataFolder: _folder, ...rest } = { dataFolder: "", ...parseCommand(line.split(" ")) };
  return rest;
};
const refused = (line: string, message: RegExp): void => {
  assert.throws(
    () => parseCommand(line.split(" ")),
    (error) => error instanceof UsageError && message.test(error.message),
    line,
  );
};

const READ = {
  topic: "t",
  partition: undefined,
  from: { kind: "earliest" },
  limit: 0,
  json: false,
};

describe("the command line", () => {
  it("takes messages of a file, or made of a template", () => {
    const { templateFile, ...load } = {
      templateFile: "",
      ...parsed("produce t --template f.jsonl"),
    };
    assert.match(templateFile, /f\.jsonl$/);
    const unsaid = { seed: undefined, count: undefined, durationMs: undefined, rate: undefined };
    const plain = { name: "load", topic: "t", ...unsaid, dryRun: false, json: false };
    assert.deepEqual(load, plain);
    const { templateFile: _file, ...full } = {
      templateFile: "",
      ...parsed("produce t --template f --seed 7 --count 10 --for 1.5 --rate 0.5 --dry-run --json"),
    };
    const said = { seed: 7, count: 10, durationMs: 1_500, rate: 0.5 };
    assert.deepEqual(full, { ...plain, ...said, dryRun: true, json: true });
    assert.deepEqual(parsed("produce t --file f"), { name: "produce", topic: "t", file: "f" });
    refused("produce t --rate 5", /--rate: only with --template/);
    refused("produce t --json", /only with --template/);
    refused("produce t --template f --file g", /not both/);
    refused("produce t --template f --rate 0", /--rate: expected a number above 0/);
    refused("produce t --template f --for 1e9", /--for: expected a number/);
    refused("produce t --template f --seed -1", /--seed/);
  });

  it("takes a search by text, regular expression or SQL", () => {
    const text = { kind: "text", text: "x", part: "anywhere", matchCase: true };
    assert.deepEqual(parsed("search t --text x"), { name: "search", ...READ, filter: text });
    assert.deepEqual(parsed("search t --regexp ^x --in key --ignore-case --limit 3"), {
      ...{ name: "search", ...READ, limit: 3 },
      filter: { kind: "regexp", pattern: "^x", part: "key", matchCase: false },
    });
    const sql = { kind: "sql", expression: "n>1" };
    assert.deepEqual(parsed("search t --where n>1 --from last:5"), {
      ...{ name: "search", ...READ, from: { kind: "last", count: 5 }, filter: sql },
    });
    refused("search t", /one of --text, --regexp and --where/);
    refused("search t --text x --where n>1", /one of --text/);
    refused("search t --text x --in soul", /--in: expected anywhere, key/);
    refused("search --text x", /the name of a topic/);
  });

  it("takes a count of a range, by a filter and over time", () => {
    const all = { name: "count", topic: "t", partition: undefined, from: { kind: "earliest" } };
    const plain = { ...all, to: undefined, filter: undefined, buckets: undefined, json: false };
    assert.deepEqual(parsed("count t"), plain);
    assert.deepEqual(
      parsed("count t --from offset:3 --to time:1970-01-01T00:00:01Z --buckets 60"),
      {
        ...{ ...plain, from: { kind: "offset", offset: 3 }, buckets: 60 },
        to: { kind: "time", timestampMs: 1_000 },
      },
    );
    assert.deepEqual(parsed("count t --where n>1 --partition 2 --json"), {
      ...{ ...plain, partition: 2, json: true, filter: { kind: "sql", expression: "n>1" } },
    });
    refused("count t --to end", /--to: expected earliest/);
    refused("count t --buckets 2001", /--buckets: expected a whole number from 1 to 2000/);
    refused("count t --text x --regexp y", /count: expected one of --text/);
    refused("count", /the name of a topic/);
  });

  it("takes one message to decode", () => {
    assert.deepEqual(parsed("decode t --offset 7 --key --as msgpack"), {
      ...{ name: "decode", topic: "t", partition: 0, offset: 7, side: "key" },
      ...{ decoder: "msgpack", schemaFile: undefined, registry: undefined },
    });
    const asked = parsed("decode t --offset 7 --registry http://localhost:8081");
    assert.ok("registry" in asked && asked.registry === "http://localhost:8081");
    refused("decode t", /expected --offset N/);
  });

  it("takes a look at groups, and a reset of one", () => {
    const groups = (line: string, action: object, json = false) =>
      assert.deepEqual(parsed(`groups ${line}`.trim()), { name: "groups", action, json });
    groups("", { verb: "list" });
    groups("g --json", { verb: "describe", group: "g" }, true);
    groups("describe delete", { verb: "describe", group: "delete" });
    groups("delete a b", { verb: "delete", groups: ["a", "b"] });
    const forget = { verb: "delete-offsets", group: "g", topic: "t" };
    groups("delete-offsets g t", { ...forget, partition: undefined });
    groups("delete-offsets g t --partition 3", { ...forget, partition: 3 });
    refused("groups delete", /at least one name/);
    refused("groups delete-offsets g", /a group and a topic/);
    refused("groups g --partition 1", /--partition is not expected/);
    const reset = { name: "reset", group: "g", topic: "t", partition: undefined };
    const plain = { ...reset, dryRun: false, json: false };
    const target = (text: string, expected: object) =>
      assert.deepEqual(parsed(`reset g t --to ${text}`), { ...plain, target: expected });
    target("earliest", { kind: "earliest" });
    target("offset:7", { kind: "offset", offset: 7 });
    target("by:-5", { kind: "shift", by: -5 });
    target("by:5", { kind: "shift", by: 5 });
    target("time:1970-01-01T00:00:01Z", { kind: "time", timestampMs: 1_000 });
    assert.deepEqual(parsed("reset g t --to latest --partition 2 --dry-run --json"), {
      ...{ ...reset, partition: 2, dryRun: true, json: true, target: { kind: "latest" } },
    });
    refused("reset g t", /expected --to earliest/);
    refused("reset g t --to newest", /--to: expected earliest/);
    refused("reset g t --to by:x", /whole number/);
    refused("reset g --to latest", /a group and a topic/);
    refused("groups a b", /b is not expected/);
  });

  it("takes what is to be done with topics", () => {
    const topics = (line: string, action: object, json = false) =>
      assert.deepEqual(parsed(`topics ${line}`.trim()), { name: "topics", action, json });
    topics("", { verb: "list", internal: false });
    topics("--internal --json", { verb: "list", internal: true }, true);
    topics("describe a b", { verb: "describe", topics: ["a", "b"] });
    topics("delete a", { verb: "delete", topics: ["a"] });
    topics("empty a --json", { verb: "empty", topics: ["a"] }, true);
    topics("create a --partitions 3 --config retention.ms=5 --config cleanup.policy=compact", {
      ...{ verb: "create", topic: "a", partitions: 3 },
      configs: { "retention.ms": "5", "cleanup.policy": "compact" },
    });
    topics("config a", { verb: "config", topic: "a", changes: [], dryRun: false });
    topics("config a --set x=1=2 --unset y --dry-run", {
      ...{ verb: "config", topic: "a", dryRun: true },
      changes: [
        { name: "x", value: "1=2" },
        { name: "y", value: null },
      ],
    });
    topics("add-partitions a --total 4", { verb: "add-partitions", topic: "a", total: 4 });
    const deletion = { verb: "delete-records", topic: "a", partition: undefined, dryRun: false };
    topics("delete-records a --before end", { ...deletion, target: { kind: "end" } });
    topics("delete-records a --before offset:7 --partition 1 --dry-run", {
      ...{ ...deletion, partition: 1, dryRun: true, target: { kind: "offset", offset: 7 } },
    });
    refused("topics frobnicate", /there is no frobnicate; expected one of create, config/);
    refused("topics constructor", /there is no constructor/);
    refused("topics create", /the name of a topic/);
    refused("topics create a --partitions 0", /whole number from 1 to 10000/);
    refused("topics config a --set x", /--set: expected NAME=VALUE, not "x"/);
    refused("topics add-partitions a", /expected --total N/);
    refused("topics delete-records a", /expected --before end, offset:N or time:ISO/);
    refused("topics delete-records a --before offset:-1", /whole number/);
    refused("topics delete", /at least one name/);
  });

  it("names the commands there are", () => {
    refused("grep t", /there is no command grep: use serve, .* or moves\./);
    refused("constructor", /there is no command/);
  });
});
