import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Placement } from "../../../runtime/api/model.ts";
import type { MessageLine } from "../../../runtime/api/produce-document.ts";
import {
  type AskLab,
  checkMessages,
  createWhenMissing,
  sendMessages,
} from "../../../runtime/api/send-messages.ts";
import { createProduceHandlers } from "../../../runtime/control/produce-handlers.ts";
import { createTopicHandlers } from "../../../runtime/control/topic-handlers.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { Producer } from "../../../runtime/messages/produce.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";

const line = (at: number, sizeBytes = 10, partition?: number): MessageLine => ({
  line: at * 2,
  message: {
    ...{ key: null, headers: [], timestampMs: undefined },
    value: new Uint8Array(sizeBytes),
    partition,
  },
});

interface Handler {
  handle(params: unknown, signal: AbortSignal): unknown;
}

function setUp() {
  const clock = new FakeClock();
  const cluster = new MemoryCluster(clock);
  const asked: string[] = [];
  const handlers = {
    ...createTopicHandlers(cluster),
    ...createProduceHandlers(new Producer(cluster, clock)),
  };
  const known = new Map<string, Handler>();
  known.set("topics/create", { handle: handlers["topics/create"] });
  known.set("messages/check", { handle: handlers["messages/check"] });
  known.set("messages/produce", { handle: handlers["messages/produce"] });
  const { signal } = new AbortController();
  const ask = (async (method: string, params: unknown) => {
    asked.push(method);
    return known.get(method)?.handle(params, signal);
  }) as AskLab;
  return { cluster, ask, asked };
}

describe("sending messages to the lab", () => {
  it("creates a topic only when it is not there", async () => {
    const { ask, asked } = setUp();
    assert.equal((await createWhenMissing(ask, "t"))?.name, "t");
    assert.equal(await createWhenMissing(ask, "t"), undefined);
    assert.deepEqual(asked, ["messages/check", "topics/create", "messages/check"]);
  });

  it("names the line that the lab would refuse, in whatever request it comes", async () => {
    const { cluster, ask } = setUp();
    cluster.add("t", 2);
    const lines = Array.from({ length: 2_500 }, (_, at) => line(at, 10, at === 2_400 ? 2 : 1));
    const found = await checkMessages(ask, "t", lines);
    assert.equal(found?.line, 4_800);
    assert.match(found.refused.message, /no partition 2/);
    assert.equal(await checkMessages(ask, "t", lines.slice(0, 2_400)), undefined);
    assert.equal(cluster.partition("t", 1).endOffset, 0);
  });

  it("keeps requests small in number and in bytes, and tells where each message went", async () => {
    const { cluster, ask, asked } = setUp();
    cluster.add("t", 1);
    const sizes = [...Array.from({ length: 1_500 }, () => 1), 900_000, 900_000];
    const placed: Placement[] = [];
    const counts: number[] = [];
    const lines = sizes.map((sizeBytes, at) => line(at, sizeBytes));
    await sendMessages(ask, "t", lines, (placements, sent) => {
      counts.push(sent.length);
      placed.push(...placements);
    });
    assert.deepEqual(counts, [1_000, 501, 1]);
    assert.equal(asked.length, 3);
    assert.deepEqual(
      placed.map(({ offset }) => offset),
      sizes.map((_, at) => at),
    );
  });
});
