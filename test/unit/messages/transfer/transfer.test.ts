import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { afterEach, beforeEach, describe, it } from "mocha";
import type {
  ExportMove,
  FileFormat,
  ImportMove,
  MoveSource,
} from "../../../../runtime/api/moves.ts";
import type { TopicConfig } from "../../../../runtime/cluster/topic-admin.ts";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { readRecords } from "../../../../runtime/record/records.ts";
import { MoveSetup } from "../../../support/move-setup.ts";
import { noTopicAdmin } from "../../../support/no-topic-admin.ts";
import { type TempFolder, tempFolder } from "../../../support/temp-folder.ts";
import { waitFor } from "../../../support/wait-for.ts";

const text = (value: string) => Buffer.from(value);

/** What today's tools get wrong: delimiters, line ends, null, empty, bytes, big numbers, doubled names. */
const ODD = [
  { key: text("a"), value: text('{"n":9007199254740993,"n":1.0}'), timestampMs: 100 },
  { key: null, value: null, timestampMs: 101 },
  { key: text(""), value: text(""), timestampMs: -1 },
  { key: text('comma, "quote"'), value: text("line\r\nbreak,\n\"q\" 'x'"), timestampMs: 102 },
  { key: Buffer.from([0xff, 0x00]), value: Buffer.from([0x80, 0x81]), timestampMs: 102 },
  {
    ...{ key: text(" padded "), value: text("ü😀\u2028"), timestampMs: 103 },
    headers: [
      { key: "h", value: text("1") },
      { key: "h", value: Buffer.from([0xfe]) },
      { key: "", value: null },
      { key: 'q",', value: text("") },
    ],
  },
  { value: text("null"), timestampMs: 104 },
  { value: text('"text in quotes"'), timestampMs: 105 },
  { value: text(" {}"), timestampMs: 105 },
];

describe("export and import", () => {
  let folder: TempFolder;
  let setup: MoveSetup;
  beforeEach(() => {
    folder = tempFolder();
    setup = new MoveSetup();
    setup.cluster.add("orders", 3);
    ODD.forEach((record, index) => setup.cluster.put("orders", index % 3, [record]));
  });
  afterEach(() => folder.dispose());

  /** Holds the first move after its first three messages. */
  async function hold(): Promise<void> {
    for (const action of ["pause", "step", "step", "step"] as const) {
      setup.moves.control("move 1", action);
    }
    await waitFor("three messages", () => {
      const progress = setup.moves.progress("move 1");
      return !("kind" in progress) && progress.messages === 3;
    });
  }
  const file = (name: string) => path.join(folder.path, name);
  const range = (topic: string, given: object = {}): MoveSource => ({
    ...{ kind: "range", topic, from: { kind: "earliest" } },
    ...given,
  });
  const exportOf = (
    source: MoveSource,
    name: string,
    format: FileFormat = "jsonl",
  ): ExportMove => ({
    ...{ kind: "export", source, path: file(name), format, offsets: false, overwrite: false },
  });
  const importOf = (name: string, topic: string, format: FileFormat = "jsonl"): ImportMove => ({
    ...{ kind: "import", path: file(name), format, topic, skip: 0 },
    ...{ keepPartition: true, keepTimestamp: true },
  });
  const contents = (topic: string) =>
    [0, 1, 2].map((partition) =>
      setup.cluster
        .partition(topic, partition)
        .batches.flatMap((batch) => [...readRecords(batch, 0, 1e6)]),
    );

  for (const format of ["jsonl", "csv"] as const) {
    it(`point 25: export, import, export gives identical bytes (${format})`, async () => {
      const exported = await setup.done(exportOf(range("orders"), "first", format));
      assert.deepEqual([exported.moved, exported.outcome], [ODD.length, "done"]);
      const imported = await setup.done(importOf("first", "copy", format));
      assert.deepEqual(imported.targets, [{ topic: "copy", count: ODD.length, exists: false }]);
      assert.deepEqual(contents("copy"), contents("orders"));
      await setup.done(exportOf(range("copy"), "second", format));
      assert.deepEqual(readFileSync(file("second")), readFileSync(file("first")));
      assert.equal(exported.sizeBytes, readFileSync(file("first")).length);
    });
  }

  it("point 25: CSV passes another reader of RFC 4180", async () => {
    await setup.done(exportOf(range("orders"), "orders.csv", "csv"));
    const rows: Record<string, string>[] = parse(readFileSync(file("orders.csv")), {
      columns: true,
      record_delimiter: "\r\n",
    });
    assert.equal(rows.length, ODD.length);
    const tricky = rows.find((row) => row["key"] === 'comma, "quote"');
    assert.equal(tricky?.["value"], "line\r\nbreak,\n\"q\" 'x'");
    const empty = rows.filter((row) => row["value"] === "");
    assert.deepEqual(new Set(empty.map((row) => row["value_encoding"])), new Set(["null", "text"]));
  });

  it("writes raw values to files of their own, and leaves tombstones out", async () => {
    const report = await setup.done(exportOf(range("orders"), "values", "raw"));
    assert.deepEqual([report.moved, report.skipped], [ODD.length - 1, 1]);
    assert.deepEqual(readFileSync(file("values/1-1.bin")), ODD[4]?.value);
    assert.deepEqual(readFileSync(file("values/0-0.json")), ODD[0]?.value);
    assert.equal(readFileSync(file("values/0-1.txt"), "utf8"), ODD[3]?.value?.toString());
    const imported = await setup.done(importOf("values", "values", "raw"));
    assert.equal(imported.moved, ODD.length - 1);
    const values = (topic: string) =>
      contents(topic).map((records) => records.flatMap(({ value }) => value ?? []));
    assert.deepEqual(values("values"), values("orders"));
  });

  it("takes ranges by partition, offset, time, count and filter, and a selection", async () => {
    const values = async (source: MoveSource) => {
      const name = `${readdirSync(folder.path).length}.csv`;
      await setup.done(exportOf(source, name, "csv"));
      const rows: Record<string, string>[] = parse(readFileSync(file(name)), { columns: true });
      return rows.map((row) => Number(row["timestamp"]));
    };
    assert.deepEqual(await values(range("orders", { partition: 1 })), [101, 102, 105]);
    const from = { kind: "offset", offset: 1 };
    const to = { kind: "offset", offset: 2 };
    assert.deepEqual(await values(range("orders", { from, to })), [102, 102, 103]);
    const since = { kind: "time", timestampMs: 102 };
    const before = { kind: "time", timestampMs: 104 };
    assert.deepEqual(await values(range("orders", { from: since, to: before })), [102, 102, 103]);
    assert.deepEqual(await values(range("orders", { limit: 2 })), [-1, 100]);
    const filter = { kind: "sql", expression: "headers['h'] IS NOT NULL OR n = 1" };
    assert.deepEqual(await values(range("orders", { filter })), [100, 103]);
    const messages = [
      { partition: 2, offset: 1 },
      { partition: 0, offset: 0 },
      { partition: 0, offset: 0 },
    ];
    const selection = { kind: "selection", topic: "orders", messages } as const;
    assert.deepEqual(await values(selection), [100, 103]);
  });

  it("leaves out what is written after it has begun", async () => {
    for (let i = 0; i < 2_000; i++) setup.cluster.put("orders", 0, [{ timestampMs: 0 }]);
    const running = setup.done(exportOf(range("orders"), "a.jsonl"));
    await hold();
    for (let i = 0; i < 10; i++) setup.cluster.put("orders", 0, [{ timestampMs: 0 }]);
    setup.moves.control("move 1", "resume");
    assert.equal((await running).moved, ODD.length + 2_000);
    const again = await setup.done(exportOf(range("orders"), "b.jsonl"));
    assert.equal(again.moved, ODD.length + 2_010);
  });

  it("leaves out what a transaction has aborted or not decided", async () => {
    const { cluster } = setup;
    cluster.add("tx", 1);
    const producer = { id: 7, epoch: 0, baseSequence: 0 };
    cluster.put("tx", 0, [{ value: text("committed") }]);
    cluster.put("tx", 0, [{ value: text("aborted") }], { producer, transactional: true });
    cluster.put("tx", 0, [{ value: text("behind") }]);
    cluster.put("tx", 0, [{ value: text("open") }], { producer, transactional: true });
    cluster.aborted = [{ producerId: 7, firstOffset: 1, lastOffset: 1 }];
    cluster.stableOffset = 3;
    await setup.done(exportOf(range("tx"), "tx.csv", "csv"));
    const rows: Record<string, string>[] = parse(readFileSync(file("tx.csv")), { columns: true });
    assert.deepEqual(
      rows.map((row) => row["value"]),
      ["committed", "behind"],
    );
  });

  it("does not replace a file unless asked to, and nothing is there before it is whole", async () => {
    writeFileSync(file("a.jsonl"), "mine");
    const refused = await setup.fails(exportOf(range("orders"), "a.jsonl"));
    assert.match(refused.message, /is there already/);
    assert.equal(readFileSync(file("a.jsonl"), "utf8"), "mine");
    mkdirSync(file("full"));
    writeFileSync(file("full/x"), "");
    const full = await setup.fails(exportOf(range("orders"), "full", "raw"));
    assert.match(full.message, /is not empty/);
    await setup.done({ ...exportOf(range("orders"), "a.jsonl"), overwrite: true });
    assert.equal(readFileSync(file("a.jsonl"), "utf8").split("\n").length, ODD.length + 1);
  });

  for (const format of ["jsonl", "csv", "raw"] as const) {
    it(`leaves nothing behind when it is stopped or fails (${format})`, async () => {
      for (let i = 0; i < 2_000; i++) setup.cluster.put("orders", 0, [{ value: text("v") }]);
      const running = setup.run(exportOf(range("orders"), "stopped", format));
      await hold();
      assert.equal(readdirSync(folder.path).length, 1);
      setup.moves.control("move 1", "stop");
      const report = await running;
      assert.ok(!("kind" in report));
      assert.deepEqual([report.outcome, report.moved], ["stopped", 0]);
      assert.deepEqual(readdirSync(folder.path), []);

      setup.cluster.put("orders", 1, [{ value: text("x") }]);
      setup.cluster.partition("orders", 1).batches.at(-1)?.fill(0xff, 61);
      const failed = await setup.fails(exportOf(range("orders"), "damaged", format));
      assert.match(failed.message, /batch at offset 3 of partition 1 of orders/);
      assert.deepEqual(readdirSync(folder.path), []);
    });
  }

  const LINES = ['{"value":"1"}', '{"value":"2"}', "", '{"value":"4"}', '{"value":"5"}', "", ""];

  it("names line and column of what is wrong with a file, and sends nothing of it", async () => {
    const faults: readonly [name: string, format: FileFormat, body: string, message: RegExp][] = [
      [
        "bad.jsonl",
        "jsonl",
        [...LINES.slice(0, 6), '{"value": "x}'].join("\n"),
        /line 7, column 14/,
      ],
      ["p.jsonl", "jsonl", '{"value":1}\n{"value":1,"partition":3}', /line 2: .* no partition 3/],
      ["big.jsonl", "jsonl", `{"value":"${"x".repeat(1_100_000)}"}`, /line 1: The message has/],
      [
        "bad.csv",
        "csv",
        "key,value,timestamp\r\na,b,1\r\na,b,soon\r\n",
        /line 3, column 5: expected an/,
      ],
      ["head.csv", "csv", "key,valu\r\n", /line 1, column 5: there is no column "valu"/],
      ["short.csv", "csv", "key,value\r\na\r\n", /line 2, column 1: the row has 1 cells/],
      [
        "enc.csv",
        "csv",
        "value,value_encoding\r\n!,base64\r\n",
        /line 2, column 1: expected base64/,
      ],
      ["empty.csv", "csv", "", /line 1, column 1: expected a row with the names/],
    ];
    const before = contents("orders");
    for (const [name, format, body, message] of faults) {
      writeFileSync(file(name), body);
      const failed = await setup.fails(importOf(name, "orders", format));
      assert.match(failed.message, message);
      assert.match(failed.message, /Nothing was sent\.$/);
      assert.ok(failed.message.startsWith(`${name}: `), failed.message);
    }
    assert.deepEqual(contents("orders"), before);
    const missing = await setup.fails(importOf("missing.jsonl", "orders"));
    assert.equal(missing.code, "disk");
  });

  it("keeps old messages in a topic that it makes, and warns of one that would not keep them", async () => {
    const configs = (retentionMs: string): TopicConfig[] =>
      [["retention.ms", retentionMs] as const, ["cleanup.policy", "delete"] as const].map(
        ([name, value]) => ({
          ...{ name, value, source: "default", type: "string", documentation: "" },
          ...{ defaultValue: undefined, readOnly: false, sensitive: false },
          ...{ oneOf: undefined, min: undefined, max: undefined },
        }),
      );
    let retentionMs = "1000";
    const admin = { ...noTopicAdmin, configs: () => Promise.resolve(configs(retentionMs)) };
    setup = new MoveSetup("/nowhere", new FakeClock(10_000), setup.cluster, admin);
    let created: object = {};
    const create = setup.cluster.createTopic.bind(setup.cluster);
    setup.cluster.createTopic = (spec) => {
      created = spec.configs;
      return create(spec);
    };
    writeFileSync(file("old.jsonl"), '{"value":1,"timestamp":8999}\n{"value":1,"timestamp":-1}');
    await setup.done(importOf("old.jsonl", "fresh"));
    assert.deepEqual(created, { "retention.ms": "-1" });
    const warning = async (given: Partial<ImportMove> = {}) =>
      (await setup.done({ ...importOf("old.jsonl", "orders"), ...given }, true)).targets[0]
        ?.warning;
    assert.match((await warning()) ?? "", /^Topic orders keeps messages for 1000 ms/);
    assert.equal(await warning({ keepTimestamp: false }), undefined);
    retentionMs = "1001";
    assert.equal(await warning(), undefined);
    retentionMs = "-1";
    assert.equal(await warning(), undefined);
  });

  it("does not leave a topic behind that cannot take the file", async () => {
    writeFileSync(file("big.jsonl"), `{"value":"a"}\n{"value":"${"x".repeat(1_100_000)}"}`);
    const failed = await setup.fails(importOf("big.jsonl", "fresh"));
    assert.match(failed.message, /^big\.jsonl: line 2: .*Nothing was sent\.$/);
    assert.equal(await setup.cluster.topic("fresh"), undefined);
  });

  it("goes on where an import was stopped, and says how many were sent", async () => {
    const all = Array.from({ length: 2_500 }, (_, i) => `{"partition":0,"value":"${i}"}`);
    writeFileSync(file("many.jsonl"), all.join("\n"));
    const append = setup.cluster.append.bind(setup.cluster);
    let appends = 0;
    setup.cluster.append = (...args) => {
      appends += 1;
      if (appends !== 3) return append(...args);
      return Promise.resolve({ kind: "refused", reason: "disk", message: "The disk is full." });
    };
    const failed = await setup.fails(importOf("many.jsonl", "many"));
    assert.match(failed.message, /disk is full.* The first 2000 messages were sent.*--skip 2000/);
    const rest = await setup.done({ ...importOf("many.jsonl", "many"), skip: 2_000 });
    assert.deepEqual([rest.skipped, rest.moved], [2_000, 500]);
    const values = setup.cluster
      .partition("many", 0)
      .batches.flatMap((batch) => [...readRecords(batch, 0, 1e6)])
      .map(({ value }) => value?.toString());
    assert.deepEqual(
      values,
      all.map((_, i) => String(i)),
    );
  });

  it("a dry run counts and shows the first message, and does nothing", async () => {
    const exported = await setup.done(exportOf(range("orders"), "a.jsonl"), true);
    assert.equal(exported.moved, ODD.length);
    assert.deepEqual([exported.first?.partition, exported.first?.offset], [2, 0]);
    assert.deepEqual(readdirSync(folder.path), []);
    writeFileSync(file("a.jsonl"), LINES.join("\n"));
    const imported = await setup.done(importOf("a.jsonl", "fresh"), true);
    assert.deepEqual(imported.targets, [{ topic: "fresh", count: 4, exists: false }]);
    assert.equal(Buffer.from(imported.first?.value?.bytes ?? []).toString(), "1");
    assert.equal(await setup.cluster.topic("fresh"), undefined);
  });

  it("pauses and goes on", async () => {
    for (let i = 0; i < 2_000; i++) setup.cluster.put("orders", 0, [{ value: text("v") }]);
    const running = setup.done(exportOf(range("orders"), "a.jsonl"));
    await hold();
    const state = () => setup.moves.progress("move 1");
    const paused = state();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(state(), paused);
    assert.ok(!("kind" in paused) && paused.state === "paused");
    setup.moves.control("move 1", "resume");
    assert.equal((await running).moved, 2_000 + ODD.length);
    assert.equal((await setup.fails(importOf("nope", "x"))).code, "disk");
    const gone = state();
    assert.ok("kind" in gone && gone.code === "unknown-move");
  });
});
