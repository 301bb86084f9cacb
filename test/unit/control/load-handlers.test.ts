import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Load } from "../../../runtime/api/load.ts";
import { createLoadHandlers } from "../../../runtime/control/load-handlers.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { Loads } from "../../../runtime/messages/load/loads.ts";
import { Producer } from "../../../runtime/messages/produce.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";

const TEMPLATE = '{"template": {}}\n{"value": "{{index}}"}';

function setUp() {
  const clock = new FakeClock();
  const cluster = new MemoryCluster(clock);
  cluster.add("t", 1);
  const giveWay = () => new Promise<void>((resolve) => setImmediate(resolve));
  const producer = new Producer(cluster, clock);
  return { cluster, handlers: createLoadHandlers(new Loads({ producer, clock, giveWay })) };
}

describe("requests about loads", () => {
  const { signal } = new AbortController();
  const load: Load = {
    ...{ topic: "t", template: TEMPLATE, seed: undefined },
    ...{ count: 3, durationMs: undefined, rate: undefined },
  };

  it("run a load, and preview without producing", async () => {
    const { cluster, handlers } = setUp();
    const params = { template: TEMPLATE, seed: 1, count: 2 };
    const { lines } = await handlers["template/preview"](params, signal);
    assert.deepEqual(lines, ['{"value": 0}', '{"value": 1}']);
    assert.equal(cluster.partition("t", 0).endOffset, 0);
    const { outcome, sent } = await handlers["load/run"]({ id: "a", load }, signal);
    assert.deepEqual([outcome, sent], ["done", 3]);
  });

  const bad: [what: Partial<Record<keyof Load, unknown>>, message: RegExp][] = [
    [{ rate: 0 }, /load\.rate: expected a number above 0/],
    [{ rate: Infinity }, /load\.rate/],
    [{ count: 0 }, /load\.count/],
    [{ count: 1e10 }, /load\.count/],
    [{ durationMs: 1e9 }, /load\.durationMs/],
    [{ seed: 2 ** 32 }, /load\.seed/],
    [{ template: "x".repeat(2 ** 20 + 1) }, /load\.template: expected a string of at most/],
  ];
  for (const [what, message] of bad) {
    it(`are refused with ${Object.keys(what).join()} out of bounds: ${message}`, async () => {
      const { handlers } = setUp();
      const given = { id: "a", load: { ...load, ...what } as Load };
      await assert.rejects(async () => handlers["load/run"](given, signal), message);
    });
  }

  it("say when there is no such load", () => {
    const { handlers } = setUp();
    const unknown = { code: "unknown-load", message: /No load a runs/ };
    assert.throws(() => handlers["load/progress"]({ id: "a" }, signal), unknown);
    assert.throws(() => handlers["load/stop"]({ id: "a" }, signal), unknown);
  });
});
