import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import type { Message } from "../../../../runtime/api/model.ts";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { WHOLE } from "../../../../runtime/messages/message.ts";
import {
  type Latest,
  latestPerKey,
  type LatestRequest,
} from "../../../../runtime/messages/survey/latest.ts";
import { inlineScanner } from "../../../support/inline-scanner.ts";
import { MemoryCluster } from "../../../support/memory-cluster.ts";
import { everything, fillAtRandom, isSeven, SEVENS } from "./fill.ts";

describe("the newest message of each key", () => {
  let cluster: MemoryCluster;
  const clock = new FakeClock();
  beforeEach(() => {
    cluster = new MemoryCluster(clock);
  });

  const deps = () => ({ cluster, clock, scanner: inlineScanner() });
  const ask = (request: Partial<LatestRequest> = {}) =>
    latestPerKey(
      deps(),
      {
        ...{ topic: "t", partition: undefined, from: { kind: "earliest" }, to: undefined },
        ...{ filter: undefined, limit: 1_000, field: WHOLE, ...request },
      },
      new AbortController().signal,
    );

  async function step(request: Partial<LatestRequest> = {}): Promise<Latest> {
    const result = await ask(request);
    assert.ok(result.kind === "latest", JSON.stringify(result));
    return result;
  }

  const keyOf = ({ partition, key }: Message): string =>
    `${partition}/${Buffer.from(key?.bytes ?? []).toString()}`;

  /** Goes back to the beginning, or until there are so many keys. */
  async function latest(request: Partial<LatestRequest> = {}, most = Infinity) {
    const found = new Map<string, Message>();
    let [scanned, withoutKey] = [0, 0];
    for (let range = request; ;) {
      const result = await step(range);
      for (const message of result.messages) {
        if (!found.has(keyOf(message))) found.set(keyOf(message), message);
      }
      scanned += result.scanned;
      withoutKey += result.withoutKey;
      if (result.atEnd || found.size >= most) return { found, scanned, withoutKey };
      range = { ...request, to: { kind: "cursors", cursors: result.next } };
    }
  }

  /** Offsets by key as a look at every message finds them. */
  function expected(all: readonly Message[]): Map<string, number> {
    const last = new Map<string, number>();
    for (const message of all) {
      if (message.key === null) continue;
      last.set(keyOf(message), Math.max(last.get(keyOf(message)) ?? 0, message.offset));
    }
    return last;
  }

  const offsets = (found: ReadonlyMap<string, Message>) =>
    Object.fromEntries([...found].map(([key, { offset }]): [string, number] => [key, offset]));

  it("is what a look at every message finds, in steps of any size", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      fillAtRandom(cluster, seed);
      const all = await everything(deps());
      for (const limit of [1, 3, 1_000]) {
        const { found, scanned, withoutKey } = await latest({ limit });
        assert.deepEqual(
          offsets(found),
          Object.fromEntries(expected(all)),
          `seed ${seed}, limit ${limit}`,
        );
        assert.equal(scanned, all.length);
        assert.equal(withoutKey, all.filter(({ key }) => key === null).length);
      }
      const sevens = await latest({ filter: SEVENS, limit: 2 });
      assert.deepEqual(offsets(sevens.found), Object.fromEntries(expected(all.filter(isSeven))));
    }
  });

  it("gives those written last to who stops early, each with its newest message", async () => {
    cluster.add("t", 1);
    for (let i = 0; i < 100; i++) cluster.put("t", 0, [{ key: Buffer.from(`k${i % 40}`) }, {}]);
    const { found } = await latest({ limit: 5 }, 10);
    assert.deepEqual(
      [...found.values()].map(({ offset }) => offset),
      [198, 196, 194, 192, 190, 188, 186, 184, 182, 180],
    );
  });

  it("looks at the range it is asked for", async () => {
    cluster.add("t", 1);
    for (const value of ["a", "b", "c", "d"]) {
      cluster.put("t", 0, [{ key: Buffer.from("k"), value: Buffer.from(value), timestampMs: 5 }]);
    }
    const to = { kind: "offset", offset: 2 } as const;
    const { found, scanned } = await latest({ partition: 0, to });
    assert.deepEqual([offsets(found), scanned], [{ "0/k": 1 }, 2]);
    const tail = await latest({ from: { kind: "last", count: 1 } });
    assert.equal(tail.scanned, 1);
  });

  it("has tombstones, and goes over what compaction has emptied", async () => {
    cluster.add("t", 1);
    cluster.put("t", 0, [{ key: Buffer.from("gone"), value: Buffer.from("x") }]);
    const partition = cluster.partition("t", 0);
    partition.endOffset += 1_000;
    cluster.put("t", 0, [{ key: Buffer.from("gone"), value: null }]);
    partition.endOffset += 1_000;
    const { found } = await latest();
    assert.deepEqual(offsets(found), { "0/gone": 1_001 });
    assert.equal(found.get("0/gone")?.value, null);
  });

  it("tells long keys apart as far as it gives them, and by their length", async () => {
    cluster.add("t", 1);
    const key = (text: string) => ({ key: Buffer.from(text) });
    cluster.put("t", 0, [key("long-one"), key("long-two"), key("long")]);
    const { messages } = await step({ field: { keyBytes: 4, valueBytes: 4 } });
    assert.deepEqual(
      messages.map(({ offset }) => offset),
      [2, 1],
    );
  });

  it("gives what lies behind a damaged batch, then names the batch and the way on", async () => {
    cluster.add("t", 1);
    for (let i = 0; i < 3; i++) cluster.put("t", 0, [{ key: Buffer.from(`k${i}`) }]);
    cluster.partition("t", 0).batches[1]?.writeUInt8(0xfe, 61);
    const first = await step();
    assert.deepEqual(
      first.messages.map(({ offset }) => offset),
      [2],
    );
    const failed = await ask({ to: { kind: "cursors", cursors: first.next } });
    assert.ok(failed.kind === "failed" && failed.code === "data-format");
    assert.match(failed.message, /before offset 2 of partition 0 of t .*from offset 1 back\.$/);
    const rest = await step({ partition: 0, to: { kind: "offset", offset: 1 } });
    assert.deepEqual([rest.messages.length, rest.atEnd], [1, true]);
  });
});
