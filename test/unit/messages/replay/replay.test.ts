import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import type { MoveReport, ReplayMove, Rewriting } from "../../../../runtime/api/moves.ts";
import type { Failure } from "../../../../runtime/messages/outcome.ts";
import { readRecords, type RecordView } from "../../../../runtime/record/records.ts";
import { MoveSetup } from "../../../support/move-setup.ts";

const KEEP: Rewriting = {
  ...{ key: "keep", value: "keep", headers: "keep", partition: "keep", timestamp: "keep" },
};
const text = (value: string) => Buffer.from(value);

describe("replay", () => {
  let setup: MoveSetup;
  /** When each message of the target was appended, in ms from the first. */
  let arrivals: number[];
  let appendMs: number;
  beforeEach(() => {
    setup = new MoveSetup();
    setup.cluster.add("orders", 2);
    arrivals = [];
    appendMs = 0;
    const append = setup.cluster.append.bind(setup.cluster);
    let startMs: number | undefined;
    setup.cluster.append = (topic, partition, batch) => {
      const nowMs = setup.clock.nowMs();
      startMs ??= nowMs;
      for (const _ of readRecords(batch, 0, 1e6)) arrivals.push(nowMs - startMs);
      // The time that the broker takes, or in which it did other things.
      setup.clock.advance(appendMs);
      return append(topic, partition, batch);
    };
  });

  const record = (timestampMs: number, partition = 0, given: object = {}) =>
    setup.cluster.put("orders", partition, [{ timestampMs, value: text("v"), ...given }]);
  const replay = (given: Partial<ReplayMove> = {}): ReplayMove => ({
    ...{ kind: "replay", topic: "copy", speed: 1, rewriting: KEEP, paused: false },
    source: { kind: "range", topic: "orders", from: { kind: "earliest" } },
    ...given,
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  /** Moves time a millisecond at a time until the replay has ended. */
  async function play(running: Promise<MoveReport | Failure>, limitMs = 100_000) {
    let ended: MoveReport | Failure | undefined;
    void running.then((report) => (ended = report));
    for (let ms = 0; ms < limitMs; ms++) {
      for (let turns = 0; turns < 4; turns++) await turn();
      if (ended !== undefined) break;
      setup.clock.advance(1);
    }
    assert.ok(ended !== undefined && !("kind" in ended), JSON.stringify(ended));
    return ended;
  }
  const records = (topic: string): RecordView[] =>
    [0, 1].flatMap((partition) => {
      try {
        const { batches } = setup.cluster.partition(topic, partition);
        return batches.flatMap((batch) => [...readRecords(batch, 0, 1e6)]);
      } catch {
        return [];
      }
    });
  const error = (expected: readonly number[]) =>
    Math.max(...expected.map((atMs, index) => Math.abs(atMs - (arrivals[index] ?? Infinity))));

  for (const [speed, factor] of [
    [1, 1],
    [10, 10],
    [0.5, 0.5],
  ] as const) {
    it(`point 22: keeps the rhythm at x${speed}`, async () => {
      const times = [0, 20, 20, 75, 300, 310, 1_000];
      times.forEach((timeMs, index) => record(5_000 + timeMs, index % 2));
      const report = await play(setup.run(replay({ speed })));
      assert.deepEqual([report.moved, report.outcome], [times.length, "done"]);
      const expected = times.map((timeMs) => timeMs / factor);
      assert.ok(error(expected) <= 1, arrivals.join(" "));
      assert.equal(report.lastsMs, 1_000 / factor);
    });
  }

  it("point 22: being late does not add up", async () => {
    const times = Array.from({ length: 100 }, (_, index) => index * 10);
    for (const timeMs of times) record(timeMs);
    appendMs = 4;
    await play(setup.run(replay()));
    const last = arrivals.at(-1) ?? 0;
    assert.ok(Math.abs(last - 990) <= 5, `${last} ms`);
    assert.ok(error(times) <= 5, arrivals.join(" "));
  });

  it("point 22: as fast as possible needs no time at all", async () => {
    for (let i = 0; i < 1_500; i++) record(i * 1_000);
    const report = await play(setup.run(replay({ speed: undefined })));
    assert.equal(report.moved, 1_500);
    assert.deepEqual([...new Set(arrivals)], [0]);
  });

  it("point 22: pauses, goes on where it was, steps and stops", async () => {
    for (const timeMs of [0, 100, 200, 300, 400, 500]) record(timeMs);
    const running = setup.run(replay());
    const pass = async (ms: number) => {
      for (let i = 0; i < ms; i++) {
        for (let turns = 0; turns < 4; turns++) await turn();
        setup.clock.advance(1);
      }
    };
    const act = async (action: "pause" | "resume" | "step" | "stop") => {
      const progress = setup.moves.control("move 1", action);
      for (let turns = 0; turns < 8; turns++) await turn();
      return "kind" in progress ? progress.code : progress.state;
    };
    await pass(150);
    assert.equal(arrivals.length, 2);
    assert.equal(await act("pause"), "paused");
    const progress = setup.moves.progress("move 1");
    assert.ok(!("kind" in progress));
    assert.deepEqual([progress.messages, progress.part.toFixed(2)], [2, "0.33"]);
    await pass(1_000);
    assert.equal(arrivals.length, 2);
    await act("resume");
    await pass(40);
    assert.equal(arrivals.length, 2);
    await pass(20);
    assert.equal(arrivals.length, 3);
    // A step pauses; the next one goes on by one message.
    assert.equal(await act("step"), "paused");
    assert.equal(arrivals.length, 3);
    await act("step");
    assert.equal(arrivals.length, 4);
    await pass(500);
    assert.equal(arrivals.length, 4);
    await act("resume");
    await pass(90);
    assert.equal(arrivals.length, 4);
    await pass(20);
    assert.equal(arrivals.length, 5);
    await act("stop");
    const report = await running;
    assert.ok(!("kind" in report));
    assert.deepEqual([report.outcome, report.moved], ["stopped", 5]);
    assert.equal(records("copy").length, 5);
  });

  it("point 22: keeps partition, key, headers and time, or not", async () => {
    const headers = [{ key: "h", value: text("1") }];
    record(7, 1, { key: text("k"), headers });
    await play(setup.run(replay({ topic: "kept" })));
    assert.equal(setup.cluster.partition("kept", 1).endOffset, 1);
    const [kept] = records("kept");
    assert.deepEqual([kept?.key, kept?.timestampMs], [text("k"), 7]);
    assert.deepEqual(kept?.headers, headers);

    const rewriting: Rewriting = {
      ...{ key: "drop", value: "keep", headers: "drop", timestamp: "now", partition: 0 },
    };
    const nowMs = setup.clock.nowMs();
    await play(setup.run(replay({ topic: "bare", rewriting })));
    assert.equal(setup.cluster.partition("bare", 0).endOffset, 1);
    const [bare] = records("bare");
    assert.deepEqual([bare?.key, bare?.headers], [null, []]);
    assert.ok((bare?.timestampMs ?? 0) >= nowMs);
  });

  it("rewrites key and value by expressions, and leaves out what comes to NULL", async () => {
    record(1, 0, { key: text("a"), value: text('{"id":9007199254740993,"n":{"x":[1, 2]}}') });
    record(2, 0, { key: text("b"), value: text("no json") });
    record(3, 0, { key: text("c"), value: null });
    const rewriting: Rewriting = {
      ...KEEP,
      key: { sql: "key || '-' || COALESCE(id, 'none')" },
      value: { sql: "JSON_QUERY(value, '$.n')" },
    };
    const report = await play(setup.run(replay({ rewriting, speed: undefined })));
    assert.deepEqual([report.moved, report.skipped], [2, 1]);
    const pairs = records("copy").map(({ key, value }) => [key?.toString(), value?.toString()]);
    assert.deepEqual(pairs, [
      ["a-9007199254740993", '{"x":[1, 2]}'],
      ["c-none", undefined],
    ]);
    const selection = {
      kind: "selection",
      topic: "orders",
      messages: [{ partition: 0, offset: 0 }],
    };
    await setup.done(replay({ rewriting, source: selection as ReplayMove["source"] }));
    assert.equal(records("copy").length, 3);
  });

  it("says what is wrong with an expression and where, and sends nothing", async () => {
    record(1);
    const fails = async (sql: string) => {
      const rewriting: Rewriting = { ...KEEP, value: { sql } };
      return (await setup.fails(replay({ rewriting }))).message;
    };
    assert.match(
      await fails("UPPER(value"),
      /^The expression of the value, characters \d+ to \d+:/,
    );
    assert.match(await fails("NOPE(value)"), /characters 1 to 4: A filter has no function NOPE/);
    assert.equal(await setup.cluster.topic("copy"), undefined);
  });

  it("point 23: a dry run names target, count and first message, and sends nothing", async () => {
    for (const timeMs of [100, 350, 1_100]) record(timeMs, 1, { key: text(`k${timeMs}`) });
    const report = await setup.done(replay({ speed: 10 }), true);
    assert.deepEqual(report.targets, [{ topic: "copy", count: 3, exists: false }]);
    assert.equal(Buffer.from(report.first?.key?.bytes ?? []).toString(), "k100");
    assert.deepEqual([report.first?.partition, report.lastsMs], [1, 100]);
    assert.equal(await setup.cluster.topic("copy"), undefined);
  });

  it("refuses a target without the partitions, one of the broker's, and a source that is not there", async () => {
    record(1, 1);
    setup.cluster.add("small", 1);
    const small = await setup.fails(replay({ topic: "small" }));
    assert.match(small.message, /small has 1 partition\(s\), and orders has partition 1\./);
    const one = {
      kind: "range",
      topic: "orders",
      partition: 0,
      from: { kind: "earliest" },
    } as const;
    await setup.done(replay({ topic: "small", source: one }));
    await setup.done(replay({ topic: "small", rewriting: { ...KEEP, partition: "by-key" } }));
    const internal = await setup.fails(replay({ topic: "__consumer_offsets" }));
    assert.equal(
      internal.code,
      "unknown-topic" === internal.code ? "unknown-topic" : internal.code,
    );
    const source = { kind: "range", topic: "nope", from: { kind: "earliest" } } as const;
    assert.equal((await setup.fails(replay({ source }))).code, "unknown-topic");
  });

  it("into its own topic ends with what was there when it began", async () => {
    for (let i = 0; i < 700; i++) record(i % 7, i % 2);
    const report = await play(setup.run(replay({ topic: "orders", speed: undefined })));
    assert.equal(report.moved, 700);
    assert.equal(records("orders").length, 1_400);
  });
});
