/** Records: produced well and badly, fetched from every offset, looked up by time, deleted. */
import { apis } from "../apis.ts";
import type { Script, Steps } from "../script.ts";
import { batch, FAULTS, keyless } from "./batch.ts";
import { askAll } from "./cases.ts";

const HOUR_MS = 3_600_000;
const STRANGE_ID = "c3RyYW5nZS10b3BpYy1pZA";

export const put = (name: string, records: Buffer | null, index = 0, more: object = {}) => ({
  ...{ acks: -1, timeoutMs: 5_000, transactionalId: null as string | null },
  topicData: [{ name, partitionData: [{ index, records }] }],
  ...more,
});

export async function topicId(steps: Steps, name: string): Promise<string> {
  const asked = { allowAutoTopicCreation: false, topics: [{ name }] };
  const found = await steps.ask(`id of ${name}`, apis.metadata, 12, asked);
  return found?.topics[0]?.topicId ?? "";
}

export const producing: Script = {
  name: "Produce",
  async run(steps) {
    const { nowMs } = steps;
    await steps.topic("put", 2);
    await steps.topic("put-compact", 1, { "cleanup.policy": "compact" });
    await steps.topic("put-small", 1, { "max.message.bytes": "200" });
    await steps.topic("put-append", 1, { "message.timestamp.type": "LogAppendTime" });
    await steps.topic("put-gzip", 1, { "compression.type": "gzip" });
    await steps.topic("put-past", 1, { "message.timestamp.before.max.ms": "1000" });
    const good = batch(["a", "b"], nowMs);
    await askAll(steps, apis.produce, [
      { step: "two records", ask: put("put", good), to: 12 },
      { step: "acks 1", ask: { ...put("put", good), acks: 1 }, to: 12 },
      { step: "acks 2", ask: { ...put("put", good), acks: 2 }, to: 12 },
      { step: "unknown topic", ask: put("nowhere", good), to: 12 },
      { step: "unknown partition", ask: put("put", good, 7), to: 12 },
      { step: "negative partition", ask: put("put", good, -1), to: 12 },
      { step: "illegal topic", ask: put("a b", good), to: 12 },
      { step: "internal topic", ask: put("__consumer_offsets", good), to: 12 },
      { step: "null", ask: put("put", null), from: 9, to: 9 },
      { step: "no topics", ask: { acks: -1, timeoutMs: 5_000, topicData: [] } },
      {
        step: "no partitions",
        ask: { acks: -1, timeoutMs: 5_000, topicData: [{ name: "put", partitionData: [] }] },
        to: 12,
      },
      { step: "without a key, compacted", ask: put("put-compact", keyless(nowMs)), to: 12 },
      { step: "too large", ask: put("put-small", batch(["x".repeat(300)], nowMs)), to: 12 },
      { step: "append time", ask: put("put-append", good), to: 12 },
      { step: "gzip", ask: put("put", batch(["z1", "z2"], nowMs, { codec: "gzip" }), 1), to: 12 },
      { step: "recompressed", ask: put("put-gzip", good), to: 12 },
      { step: "from the future", ask: put("put", batch(["f"], nowMs + 2 * HOUR_MS)), to: 12 },
      { step: "from the past", ask: put("put-past", batch(["p"], nowMs - HOUR_MS)), to: 12 },
      { step: "without a time", ask: put("put", batch(["n"], -1)), to: 12 },
      { step: "negative time", ask: put("put-append", batch(["n"], -5)), to: 12 },
      {
        step: "transactional id, no transaction",
        ask: put("put", good, 0, { transactionalId: "nobody" }),
        to: 12,
      },
      {
        step: "strange id",
        ask: {
          acks: -1,
          timeoutMs: 5_000,
          topicData: [{ topicId: STRANGE_ID, partitionData: [{ index: 0, records: good }] }],
        },
        from: 13,
      },
      {
        step: "no id",
        ask: {
          acks: -1,
          timeoutMs: 5_000,
          topicData: [{ partitionData: [{ index: 0, records: good }] }],
        },
        from: 13,
      },
    ]);
    const id = await topicId(steps, "put");
    const byId = (index: number) => ({
      acks: -1,
      timeoutMs: 5_000,
      topicData: [{ topicId: id, partitionData: [{ index, records: good }] }],
    });
    await steps.ask("by id", apis.produce, 13, byId(0));
    await steps.ask("by id, unknown partition", apis.produce, 13, byId(9));
    for (const [at, [fault, damage]] of Object.entries(FAULTS).entries()) {
      const topic = `put-bad-${at}`;
      await steps.topic(topic);
      for (const version of [3, 8, 12]) {
        await steps.ask(`${fault} (v${version})`, apis.produce, version, put(topic, damage(good)));
      }
    }
    const line = await steps.open();
    line.tell("acks 0, unknown topic", apis.produce, 7, { ...put("nowhere", good), acks: 0 });
    await line.ask("after acks 0 failed", apis.listGroups, 0, {});
    const other = await steps.open();
    other.tell("acks 0", apis.produce, 7, { ...put("put", good), acks: 0 });
    await other.ask("after acks 0", apis.listGroups, 0, {});
  },
};

export const idempotence: Script = {
  name: "idempotent Produce",
  async run(steps) {
    const { nowMs } = steps;
    await steps.topic("idem");
    const got = await steps.ask("id", apis.initProducerId, 4, {
      transactionalId: null,
      transactionTimeoutMs: 60_000,
    });
    const id = got?.producerId ?? -1;
    const send = (step: string, baseSequence: number, epoch = 0, count = 2, producer = id) => {
      const words = Array.from({ length: count }, (_, i) => `${baseSequence + i}`);
      const records = batch(words, nowMs, { producer: { id: producer, epoch, baseSequence } });
      return steps.ask(step, apis.produce, 9, put("idem", records));
    };
    await send("first", 0);
    await send("second", 2);
    await send("second again", 2);
    await send("first again", 0);
    await send("longer than it was", 2, 0, 3);
    await send("gap", 9);
    for (let at = 4; at < 14; at += 2) await send(`at ${at}`, at);
    await send("forgotten duplicate", 0);
    await send("newer epoch, not at 0", 3, 1);
    await send("newer epoch", 0, 1);
    await send("older epoch", 14, 0);
    await send("unknown producer", 5, 0, 2, 999_999);
    await send("unknown producer at 0", 0, 0, 2, 999_998);
    const wrap = 2 ** 31 - 2;
    await send("near the end of numbers", wrap, 0, 2, 999_997);
    await send("wrapped", 0, 0, 2, 999_997);
    await steps.ask("producers", apis.describeProducers, 0, {
      topics: [
        { name: "idem", partitionIndexes: [0, 5] },
        { name: "nowhere", partitionIndexes: [0] },
      ],
    });
    await steps.ask("what is there", apis.fetch, 12, read("idem", 0));
  },
};

const read = (topic: string, fetchOffset: number, more: object = {}, partition = 0) => ({
  ...{ maxWaitMs: 0, minBytes: 0, maxBytes: 50_000_000, isolationLevel: 0 },
  topics: [
    { topic, partitions: [{ partition, fetchOffset, partitionMaxBytes: 1_000_000, ...more }] },
  ],
});

export const fetching: Script = {
  name: "Fetch",
  async run(steps) {
    const { nowMs } = steps;
    await steps.topic("get", 2);
    for (const words of [["a", "b", "c"], ["d"], ["e", "f"]]) {
      await steps.ask(`put ${words.join("")}`, apis.produce, 9, put("get", batch(words, nowMs)));
    }
    await askAll(steps, apis.fetch, [
      { step: "all", ask: read("get", 0), to: 12 },
      { step: "inside a batch", ask: read("get", 1), to: 12 },
      { step: "at the end", ask: read("get", 6), to: 12 },
      { step: "beyond the end", ask: read("get", 7), to: 12 },
      { step: "far beyond", ask: read("get", 2 ** 53 - 1), to: 12 },
      { step: "before the start", ask: read("get", -1), to: 12 },
      { step: "unknown topic", ask: read("nowhere", 0), to: 12 },
      { step: "unknown partition", ask: read("get", 0, {}, 9), to: 12 },
      { step: "empty partition", ask: read("get", 0, {}, 1), to: 12 },
      { step: "one byte of the partition", ask: read("get", 0, { partitionMaxBytes: 1 }), to: 12 },
      { step: "no bytes of the partition", ask: read("get", 0, { partitionMaxBytes: 0 }), to: 12 },
      { step: "one byte", ask: { ...read("get", 0), maxBytes: 1 }, to: 12 },
      { step: "no bytes", ask: { ...read("get", 0), maxBytes: 0 }, to: 12 },
      { step: "committed", ask: { ...read("get", 0), isolationLevel: 1 }, to: 12 },
      { step: "unknown isolation", ask: { ...read("get", 0), isolationLevel: 5 }, to: 12 },
      { step: "current epoch", ask: read("get", 0, { currentLeaderEpoch: 0 }), from: 9, to: 12 },
      { step: "newer epoch", ask: read("get", 0, { currentLeaderEpoch: 5 }), from: 9, to: 12 },
      { step: "last epoch", ask: read("get", 0, { lastFetchedEpoch: 0 }), from: 12, to: 12 },
      { step: "newer last epoch", ask: read("get", 0, { lastFetchedEpoch: 4 }), from: 12, to: 12 },
      { step: "no topics", ask: { ...read("get", 0), topics: [] } },
      { step: "as a replica", ask: { ...read("get", 0), replicaId: 5 }, to: 12 },
      { step: "as a debugger", ask: { ...read("get", 0), replicaId: -2 }, to: 12 },
      {
        step: "strange id",
        ask: {
          ...read("", 0),
          topics: [{ topicId: STRANGE_ID, partitions: read("", 0).topics[0]?.partitions ?? [] }],
        },
        from: 13,
      },
    ]);
    const id = await topicId(steps, "get");
    const byId = (fetchOffset: number, partition = 0) => {
      const { topics, ...rest } = read("", fetchOffset, {}, partition);
      return { ...rest, topics: topics.map(({ partitions }) => ({ topicId: id, partitions })) };
    };
    await askAll(steps, apis.fetch, [
      { step: "all by id", ask: byId(0), from: 13 },
      { step: "unknown partition by id", ask: byId(0, 9), from: 13 },
      { step: "end by id", ask: byId(6), from: 13 },
    ]);
    const two = [read("get", 0), read("get", 0, {}, 1)].flatMap(({ topics }) =>
      topics.flatMap(({ partitions }) => partitions),
    );
    await steps.ask("a bad one among good ones", apis.fetch, 12, {
      ...{ maxWaitMs: 500, minBytes: 1_000_000, maxBytes: 1_000_000, isolationLevel: 0 },
      topics: [
        { topic: "get", partitions: two },
        { topic: "nowhere", partitions: two.slice(0, 1) },
      ],
    });
    await steps.ask("internal topic", apis.fetch, 12, read("__consumer_offsets", 1_000_000_000));
  },
};

export const sessions: Script = {
  name: "fetch sessions",
  async run(steps) {
    const { nowMs } = steps;
    await steps.topic("sess", 3);
    await steps.ask("put", apis.produce, 9, put("sess", batch(["a"], nowMs)));
    const part = (partition: number, fetchOffset: number) => ({
      partition,
      fetchOffset,
      partitionMaxBytes: 1_000_000,
    });
    const ask = (
      step: string,
      sessionId: number,
      sessionEpoch: number,
      partitions: ReturnType<typeof part>[],
      forgotten: number[] = [],
      topic = "sess",
    ) =>
      steps.ask(step, apis.fetch, 12, {
        ...{
          maxWaitMs: 0,
          minBytes: 0,
          maxBytes: 1_000_000,
          isolationLevel: 0,
          sessionId,
          sessionEpoch,
        },
        topics: partitions.length === 0 ? [] : [{ topic, partitions }],
        forgottenTopicsData:
          forgotten.length === 0 ? [] : [{ topic: "sess", partitions: forgotten }],
      });
    const full = await ask("full", 0, 0, [part(0, 0), part(1, 0)]);
    const id = full?.sessionId ?? 0;
    await ask("nothing new at the same offset", id, 1, []);
    await ask("moved on", id, 2, [part(0, 1)]);
    await ask("nothing new", id, 3, []);
    await steps.ask("put more", apis.produce, 9, put("sess", batch(["b"], nowMs), 1));
    await ask("new in 1", id, 4, []);
    await ask("add 2, forget 0", id, 5, [part(2, 0)], [0]);
    await ask("out of range", id, 6, [part(1, 99)]);
    await ask("still out of range", id, 7, []);
    await ask("wrong epoch", id, 77, []);
    await ask("unknown session", 424_242, 1, []);
    await ask("unknown topic added", id, 8, [part(0, 0)], [], "nowhere");
    await ask("forget what is not there", id, 9, [], [0]);
    await ask("closed", id, -1, []);
    await ask("after it was closed", id, 10, []);
    await ask("no session", 0, -1, [part(0, 0)]);
    const again = await ask("another", 0, 0, [part(0, 0)]);
    await ask("full in its place", again?.sessionId ?? 0, 0, [part(1, 0)]);
    await ask("the replaced one", again?.sessionId ?? 0, 1, []);
    await ask("epoch of no session", 0, 5, []);
  },
};

export const offsets: Script = {
  name: "ListOffsets, OffsetForLeaderEpoch and DeleteRecords",
  async run(steps) {
    const { nowMs } = steps;
    await steps.topic("times", 2);
    await steps.topic("times-compact", 1, { "cleanup.policy": "compact" });
    await steps.ask("put 1", apis.produce, 9, put("times", batch(["a", "b", "c"], nowMs)));
    await steps.ask(
      "put 2",
      apis.produce,
      9,
      put("times", batch(["d", "e"], nowMs + 1_000, { codec: "gzip" })),
    );
    await steps.ask("put 3", apis.produce, 9, put("times", batch(["f"], nowMs - 1_000)));
    const at = (timestamp: number, more: object = {}, partitionIndex = 0, name = "times") => ({
      ...{ replicaId: -1, isolationLevel: 0, timeoutMs: 1_000 },
      topics: [{ name, partitions: [{ partitionIndex, timestamp, ...more }] }],
    });
    await askAll(steps, apis.listOffsets, [
      { step: "latest", ask: at(-1) },
      { step: "earliest", ask: at(-2) },
      { step: "greatest time", ask: at(-3) },
      { step: "earliest local", ask: at(-4) },
      { step: "last tiered", ask: at(-5) },
      { step: "earliest to be tiered", ask: at(-6) },
      { step: "unknown special", ask: at(-7) },
      { step: "time 0", ask: at(0) },
      { step: "time of the first", ask: at(nowMs) },
      { step: "inside the first batch", ask: at(nowMs + 1) },
      { step: "between", ask: at(nowMs + 500) },
      { step: "inside a compressed batch", ask: at(nowMs + 1_001) },
      { step: "after all", ask: at(nowMs + 5_000) },
      { step: "empty, latest", ask: at(-1, {}, 1) },
      { step: "empty, greatest time", ask: at(-3, {}, 1) },
      { step: "empty, time", ask: at(0, {}, 1) },
      { step: "committed", ask: { ...at(-1), isolationLevel: 1 }, from: 2 },
      { step: "current epoch", ask: at(-1, { currentLeaderEpoch: 0 }), from: 4 },
      { step: "newer epoch", ask: at(-1, { currentLeaderEpoch: 3 }), from: 4 },
      { step: "unknown partition", ask: at(-1, {}, 9) },
      { step: "unknown topic", ask: at(-1, {}, 0, "nowhere") },
      { step: "illegal topic", ask: at(-1, {}, 0, "a b") },
      { step: "as a replica", ask: { ...at(-1), replicaId: 4 } },
      { step: "no topics", ask: { ...at(-1), topics: [] } },
      {
        step: "the same partition twice",
        ask: { ...at(-1), topics: [...at(-1).topics, ...at(-2).topics] },
      },
      {
        step: "the same partition twice in one",
        ask: {
          ...at(-1),
          topics: [
            {
              name: "times",
              partitions: [
                { partitionIndex: 0, timestamp: -1 },
                { partitionIndex: 0, timestamp: -2 },
              ],
            },
          ],
        },
      },
    ]);
    const epoch = (leaderEpoch: number, more: object = {}, partition = 0, topic = "times") => ({
      ...{ replicaId: -1 },
      topics: [{ topic, partitions: [{ partition, leaderEpoch, ...more }] }],
    });
    await askAll(steps, apis.offsetForLeaderEpoch, [
      { step: "epoch 0", ask: epoch(0) },
      { step: "epoch 5", ask: epoch(5) },
      { step: "epoch -1", ask: epoch(-1) },
      { step: "newer current", ask: epoch(0, { currentLeaderEpoch: 3 }) },
      { step: "current", ask: epoch(0, { currentLeaderEpoch: 0 }) },
      { step: "empty", ask: epoch(0, {}, 1) },
      { step: "unknown partition", ask: epoch(0, {}, 9) },
      { step: "unknown topic", ask: epoch(0, {}, 0, "nowhere") },
      { step: "debugger", ask: { ...epoch(0), replicaId: -2 }, from: 3 },
    ]);
    const del = (offset: number, partitionIndex = 0, name = "times") => ({
      ...{ topics: [{ name, partitions: [{ partitionIndex, offset }] }], timeoutMs: 5_000 },
    });
    await askAll(steps, apis.deleteRecords, [
      { step: "to the start", ask: del(0) },
      { step: "inside a batch", ask: del(1) },
      { step: "before the start", ask: del(0) },
      { step: "beyond the end", ask: del(99) },
      { step: "negative", ask: del(-2) },
      { step: "unknown partition", ask: del(0, 9) },
      { step: "unknown topic", ask: del(0, 0, "nowhere") },
      { step: "illegal topic", ask: del(0, 0, "a b") },
      { step: "compacted topic", ask: del(0, 0, "times-compact") },
      { step: "internal topic", ask: del(0, 0, "__consumer_offsets") },
      { step: "no topics", ask: { topics: [], timeoutMs: 5_000 } },
      { step: "empty partition", ask: del(-1, 1) },
      { step: "twice", ask: { timeoutMs: 5_000, topics: [...del(0).topics, ...del(1).topics] } },
    ]);
    await steps.ask("start after deletion", apis.listOffsets, 7, at(-2));
    await steps.ask("local start after deletion", apis.listOffsets, 8, at(-4));
    await steps.ask("read deleted", apis.fetch, 12, read("times", 0));
    await steps.ask("read the rest", apis.fetch, 12, read("times", 1));
    await steps.ask("greatest time after deletion", apis.listOffsets, 7, at(-3));
    await steps.ask("time before deletion", apis.listOffsets, 7, at(nowMs));
    await steps.ask("delete all", apis.deleteRecords, 2, del(-1));
    await steps.ask("nothing left", apis.fetch, 12, read("times", 6));
    await steps.ask("greatest time of nothing", apis.listOffsets, 7, at(-3));
    await steps.ask("time in nothing", apis.listOffsets, 7, at(0));
    await steps.ask("epoch of nothing", apis.offsetForLeaderEpoch, 4, epoch(0));
    await steps.ask("epoch before nothing", apis.offsetForLeaderEpoch, 4, epoch(-1));
  },
};
