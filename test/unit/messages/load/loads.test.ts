import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Load, LoadReport } from "../../../../runtime/api/load.ts";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { Loads } from "../../../../runtime/messages/load/loads.ts";
import { Producer } from "../../../../runtime/messages/produce.ts";
import { readRecords } from "../../../../runtime/record/records.ts";
import { MemoryCluster } from "../../../support/memory-cluster.ts";

const TEMPLATE =
  '{"template": {"seed": 3}}\n{"key": "{{index}}", "value": "{{person.firstName}}"}\n';
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp() {
  const clock = new FakeClock();
  const cluster = new MemoryCluster(clock);
  cluster.add("t", 1);
  const loads = new Loads({ producer: new Producer(cluster, clock), clock, giveWay: turn });
  const stop = new AbortController();
  const load = (given: Partial<Load>): Load => ({
    ...{ topic: "t", template: TEMPLATE, seed: undefined },
    ...{ count: undefined, durationMs: undefined, rate: undefined, ...given },
  });
  const keys = () =>
    cluster.partition("t", 0).batches.flatMap((batch) =>
      [...readRecords(batch, 0, 1e9)].map(({ key, timestampMs }) => ({
        key: Number(Buffer.from(key ?? []).toString()),
        timestampMs,
      })),
    );
  return { clock, cluster, loads, stop, load, keys };
}

/** Lets time pass until a load has ended. */
async function playOut<T>(clock: FakeClock, running: Promise<T>, stepMs = 1): Promise<T> {
  const state = { isOver: false };
  void running.finally(() => (state.isOver = true));
  // The template is read from another module first.
  for (let turns = 0; !state.isOver; turns++) {
    await turn();
    if (turns > 20) clock.advance(stepMs);
    assert.ok(turns < 100_000, "the load does not end");
  }
  return running;
}

function report(outcome: Awaited<ReturnType<Loads["run"]>>): LoadReport {
  assert.ok("outcome" in outcome, JSON.stringify(outcome));
  return outcome;
}

describe("a load", () => {
  it("sends exactly so many messages, each at its time", async () => {
    const { clock, loads, stop, load, keys } = setUp();
    const running = loads.run("a", load({ count: 500, rate: 200 }), stop.signal);
    const done = report(await playOut(clock, running));
    const sent = keys();
    assert.deepEqual(
      sent.map(({ key }) => key),
      Array.from({ length: 500 }, (_, at) => at),
    );
    const [first] = sent;
    assert.ok(first);
    for (const { key, timestampMs } of sent) {
      const lateMs = timestampMs - first.timestampMs - key * 5;
      assert.ok(lateMs >= 0 && lateMs <= 2, `message ${key} is ${lateMs} ms late`);
    }
    assert.deepEqual([done.outcome, done.sent, done.errors], ["done", 500, 0]);
    assert.deepEqual(done.last, { partition: 0, offset: 499 });
    assert.ok(Math.abs(done.rate - 200) < 2, `${done.rate}`);
  });

  for (const rate of [50, 777, 3_000]) {
    it(`sends ${rate} messages a second for so long, and then has sent all of them`, async () => {
      const { clock, loads, stop, load } = setUp();
      const running = loads.run("a", load({ durationMs: 2_000, rate }), stop.signal);
      const done = report(await playOut(clock, running));
      assert.deepEqual([done.outcome, done.sent], ["done", 2 * rate]);
    });
  }

  it("as fast as it can, still waits until what it made has been taken", async () => {
    const { clock, cluster, loads, stop, load } = setUp();
    let inFlight = 0;
    let most = 0;
    const append = cluster.append.bind(cluster);
    cluster.append = async (topic, partition, batch) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await turn();
      inFlight -= 1;
      return append(topic, partition, batch);
    };
    const done = report(await playOut(clock, loads.run("a", load({ count: 5_000 }), stop.signal)));
    assert.deepEqual([done.sent, most], [5_000, 1]);
  });

  it("tells its progress, and stops in order when it is told to or its asker is gone", async () => {
    for (const how of ["stop", "gone"]) {
      const { clock, loads, stop, load, keys } = setUp();
      const running = loads.run("a", load({ durationMs: 60_000, rate: 100 }), stop.signal);
      for (let turns = 0; turns < 20; turns++) await turn();
      for (let ms = 0; ms < 2_000; ms += 5) {
        clock.advance(5);
        await turn();
        await turn();
      }
      const progress = loads.progress("a");
      assert.ok("sent" in progress);
      assert.ok(Math.abs(progress.rate - 100) < 5, `${progress.rate}`);
      assert.ok(progress.sent >= 190 && progress.sent <= 201, `${progress.sent}`);
      if (how === "stop") loads.stop("a");
      else stop.abort();
      const done = report(await running);
      assert.deepEqual([done.outcome, done.sent], ["stopped", keys().length]);
      assert.ok("kind" in loads.progress("a"));
    }
  });

  it("counts what is not taken and goes on, but not without end", async () => {
    const { clock, cluster, loads, stop, load } = setUp();
    const append = cluster.append.bind(cluster);
    let calls = 0;
    cluster.append = (topic, partition, batch) => {
      calls += 1;
      return calls === 2 || calls > 4
        ? Promise.resolve({ kind: "refused", reason: "disk", message: "The disk is full." })
        : append(topic, partition, batch);
    };
    const done = report(await playOut(clock, loads.run("a", load({ count: 5_000 }), stop.signal)));
    assert.deepEqual([done.outcome, done.sent, done.errors], ["failed", 300, 1_100]);
    assert.match(done.lastError ?? "", /disk is full/);
  });

  it("is refused with the reason before anything is sent", async () => {
    const { loads, stop, load } = setUp();
    const cases: [given: Partial<Load>, message: RegExp][] = [
      [{ topic: "nope", count: 1 }, /no topic nope/],
      [{}, /how many messages or how long/],
      [{ template: '{"value": 1}', count: 1 }, /no template/],
      [{ template: '{"template": {}}\n{"value": 1, "partition": 4}', count: 1 }, /no partition 4/],
    ];
    for (const [given, message] of cases) {
      const outcome = await loads.run("a", load(given), stop.signal);
      assert.ok("kind" in outcome);
      assert.match(outcome.message, message);
    }
  });
});
