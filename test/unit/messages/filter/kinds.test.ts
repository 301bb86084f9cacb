import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { MessageFilter } from "../../../../runtime/api/model.ts";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { checkFilter } from "../../../../runtime/messages/filter/filter.ts";
import { WHOLE } from "../../../../runtime/messages/message.ts";
import { searchMessages } from "../../../../runtime/messages/search.ts";
import { inlineScanner } from "../../../support/inline-scanner.ts";
import { MemoryCluster } from "../../../support/memory-cluster.ts";

/** What the wanted message has, and no other of the topic. */
const WANTED: readonly (readonly [kind: string, filter: MessageFilter])[] = [
  ["header", sql("headers['trace'] = 'needle'")],
  ["header as text", { kind: "text", text: "needle", part: "headers", matchCase: true }],
  ["key", sql("key = 'k-7'")],
  [
    "key by regular expression",
    { kind: "regexp", pattern: "^K-7$", part: "key", matchCase: false },
  ],
  ["JSON path", sql("customer.name = 'Ada'")],
  ["partition and offset", sql("partition = 1 AND offset = 0")],
  ["size", sql("value_size > 100")],
  ["time", sql("timestamp >= '1970-01-01T00:00:07Z'")],
];

function sql(expression: string): MessageFilter {
  return { kind: "sql", expression };
}

function cluster(clock: FakeClock): MemoryCluster {
  const memory = new MemoryCluster(clock);
  memory.add("t", 2);
  const plain = Array.from({ length: 5 }, (_, n) => ({
    ...{
      timestampMs: n * 1_000,
      key: Buffer.from(`k-${n}`),
      value: Buffer.from('{"customer":{}}'),
    },
  }));
  memory.put("t", 0, plain);
  memory.put("t", 1, [
    {
      ...{ timestampMs: 7_000, key: Buffer.from("k-7") },
      value: Buffer.from(JSON.stringify({ customer: { name: "Ada" }, pad: ".".repeat(100) })),
      headers: [{ key: "trace", value: Buffer.from("needle") }],
    },
  ]);
  return memory;
}

describe("what messages are filtered by", () => {
  for (const [kind, filter] of WANTED) {
    it(`point 19: ${kind}`, async () => {
      const clock = new FakeClock();
      assert.deepEqual(checkFilter(filter), []);
      const page = await searchMessages(
        { cluster: cluster(clock), clock, scanner: inlineScanner() },
        {
          ...{ topic: "t", partition: undefined, from: { kind: "earliest" } },
          ...{ filter, limit: 100, waitMs: 0, field: WHOLE },
        },
        new AbortController().signal,
      );
      assert.ok(page.kind === "page", JSON.stringify(page));
      assert.deepEqual(
        page.messages.map(({ partition, offset }) => [partition, offset]),
        [[1, 0]],
      );
    });
  }
});
