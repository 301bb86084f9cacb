/** Transactions of version 1: the client adds its partitions, and ends with EndTxn up to version 4. */
import { apis } from "../apis.ts";
import type { Script, Steps } from "../script.ts";
import { batch } from "./batch.ts";
import { askAll } from "./cases.ts";
import { put } from "./records.ts";

export interface Who {
  readonly producerId: number;
  readonly producerEpoch: number;
}

/** Records are from then, so that their times are later than those of markers. */
export const AHEAD_MS = 600_000;
export const NOBODY: Who = { producerId: -1, producerEpoch: -1 };

export const transactionRequests: Script = {
  name: "requests of transactions that are not there",
  async run(steps) {
    await steps.topic("txn-topic");
    await askAll(steps, apis.initProducerId, [
      { step: "idempotent", ask: { transactionalId: null, transactionTimeoutMs: 60_000 } },
      { step: "idempotent, no timeout", ask: { transactionalId: null, transactionTimeoutMs: 0 } },
      { step: "empty id", ask: { transactionalId: "", transactionTimeoutMs: 60_000 } },
      {
        step: "transactional",
        ask: (version) => ({ transactionalId: `init-${version}`, transactionTimeoutMs: 60_000 }),
      },
      {
        step: "again",
        ask: (version) => ({ transactionalId: `init-${version}`, transactionTimeoutMs: 60_000 }),
      },
      { step: "long timeout", ask: { transactionalId: "init-t", transactionTimeoutMs: 900_001 } },
      { step: "no timeout", ask: { transactionalId: "init-t", transactionTimeoutMs: 0 } },
      { step: "negative timeout", ask: { transactionalId: "init-t", transactionTimeoutMs: -1 } },
      {
        step: "id without epoch",
        ask: { transactionalId: "init-t", transactionTimeoutMs: 60_000, producerId: 5 },
        from: 3,
      },
      {
        step: "epoch without id",
        ask: { transactionalId: "init-t", transactionTimeoutMs: 60_000, producerEpoch: 5 },
        from: 3,
      },
      {
        step: "strange producer",
        ask: (version) => ({
          transactionalId: `init-${version}`,
          transactionTimeoutMs: 60_000,
          producerId: 777_777,
          producerEpoch: 3,
        }),
        from: 3,
      },
      {
        step: "idempotent with id",
        ask: {
          transactionalId: null,
          transactionTimeoutMs: 60_000,
          producerId: 777_777,
          producerEpoch: 3,
        },
        from: 3,
      },
    ]);
    const stranger = { transactionalId: "stranger", producerId: 5, producerEpoch: 0 };
    await askAll(steps, apis.addPartitionsToTxn, [
      {
        step: "unknown",
        ask: adding("stranger", { producerId: 5, producerEpoch: 0 }, "txn-topic"),
        to: 3,
      },
      {
        step: "empty id",
        ask: adding("", { producerId: 5, producerEpoch: 0 }, "txn-topic"),
        to: 3,
      },
      {
        step: "unknown topic",
        ask: adding("stranger", { producerId: 5, producerEpoch: 0 }, "nowhere"),
        to: 3,
      },
      {
        step: "no topics",
        ask: { ...adding("stranger", NOBODY, "x"), v3AndBelowTopics: [] },
        to: 3,
      },
    ]);
    await askAll(steps, apis.addOffsetsToTxn, [
      { step: "unknown", ask: { ...stranger, groupId: "g" } },
      { step: "empty group", ask: { ...stranger, groupId: "" } },
      { step: "empty id", ask: { ...stranger, transactionalId: "", groupId: "g" } },
    ]);
    await askAll(steps, apis.endTxn, [
      { step: "unknown", ask: { ...stranger, committed: true } },
      { step: "empty id", ask: { ...stranger, transactionalId: "", committed: true } },
    ]);
    const topics = [
      {
        name: "txn-topic",
        partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: "" }],
      },
    ];
    await askAll(steps, apis.txnOffsetCommit, [
      { step: "unknown", ask: { ...stranger, groupId: "txn-strange", topics }, to: 5 },
      { step: "empty group", ask: { ...stranger, groupId: "", topics }, to: 5 },
      { step: "no topics", ask: { ...stranger, groupId: "txn-strange", topics: [] } },
      {
        step: "member of no group",
        ask: {
          ...stranger,
          groupId: "txn-strange",
          generationIdOrMemberEpoch: 4,
          memberId: "m",
          topics,
        },
        from: 3,
        to: 5,
      },
    ]);
    await askAll(steps, apis.describeTransactions, [
      { step: "unknown", ask: { transactionalIds: ["stranger"] } },
      { step: "empty", ask: { transactionalIds: [""] } },
      { step: "none", ask: { transactionalIds: [] } },
      { step: "known", ask: { transactionalIds: ["init-4"] } },
    ]);
    await askAll(steps, apis.listTransactions, [
      { step: "states", ask: { stateFilters: ["Empty", "nonsense"], producerIdFilters: [] } },
      { step: "strange producer", ask: { stateFilters: [], producerIdFilters: [777_777] } },
      {
        step: "long lasting",
        ask: { stateFilters: [], producerIdFilters: [], durationFilter: 1_000_000 },
        from: 1,
      },
      {
        step: "pattern",
        ask: { stateFilters: [], producerIdFilters: [], transactionalIdPattern: "init-[12]" },
        from: 2,
      },
      {
        step: "bad pattern",
        ask: { stateFilters: [], producerIdFilters: [], transactionalIdPattern: "(a" },
        from: 2,
      },
      {
        step: "empty pattern",
        ask: { stateFilters: ["Ongoing"], producerIdFilters: [], transactionalIdPattern: "" },
        from: 2,
      },
    ]);
  },
};

const adding = (transactionalId: string, who: Who, name: string, ...partitions: number[]) => ({
  v3AndBelowTransactionalId: transactionalId,
  v3AndBelowProducerId: who.producerId,
  v3AndBelowProducerEpoch: who.producerEpoch,
  v3AndBelowTopics: [{ name, partitions: partitions.length === 0 ? [0] : partitions }],
});

/** The verbs of one producer. */
function producer(steps: Steps, transactionalId: string, topic: string) {
  const sequences = new Map<string, number>();
  const init = async (step: string, who: Who = NOBODY): Promise<Who> =>
    (await steps.ask(step, apis.initProducerId, 4, {
      transactionalId,
      transactionTimeoutMs: 60_000,
      ...who,
    })) ?? NOBODY;
  return {
    init,
    add: (step: string, who: Who, name = topic, ...partitions: number[]) =>
      steps.eventually(
        step,
        apis.addPartitionsToTxn,
        3,
        adding(transactionalId, who, name, ...partitions),
        ({ resultsByTopicV3AndBelow }) =>
          resultsByTopicV3AndBelow.every(({ resultsByPartition }) =>
            resultsByPartition.every(({ partitionErrorCode }) => partitionErrorCode !== 51),
          ),
      ),
    send(
      step: string,
      who: Who,
      words: string[],
      more: { transactional?: boolean; version?: number } = {},
    ) {
      const { transactional = true, version = 11 } = more;
      const key = `${who.producerId}/${who.producerEpoch}`;
      const baseSequence = sequences.get(key) ?? 0;
      sequences.set(key, baseSequence + words.length);
      const records = batch(words, steps.nowMs + AHEAD_MS, {
        transactional,
        producer: { id: who.producerId, epoch: who.producerEpoch, baseSequence },
      });
      return steps.ask(
        step,
        apis.produce,
        version,
        put(topic, records, 0, { transactionalId: transactional ? transactionalId : null }),
      );
    },
    end: (step: string, who: Who, committed: boolean) =>
      steps.eventually(
        step,
        apis.endTxn,
        3,
        { transactionalId, ...pick(who), committed },
        ({ errorCode }) => errorCode !== 51,
      ),
    /** Waits until the markers are written. */
    settled: (state: string) =>
      steps.eventually(
        `settled ${state}`,
        apis.describeTransactions,
        0,
        { transactionalIds: [transactionalId] },
        ({ transactionStates }) => transactionStates[0]?.transactionState === state,
      ),
    describe: (step: string) =>
      steps.ask(step, apis.describeTransactions, 0, { transactionalIds: [transactionalId] }),
    offsets: (step: string, who: Who, groupId: string, committedOffset: number, version = 3) =>
      steps.ask(step, apis.txnOffsetCommit, version, {
        ...{ transactionalId, groupId, ...pick(who) },
        topics: [
          {
            name: topic,
            partitions: [{ partitionIndex: 0, committedOffset, committedMetadata: "t" }],
          },
        ],
      }),
    addOffsets: (step: string, who: Who, groupId: string) =>
      steps.eventually(
        step,
        apis.addOffsetsToTxn,
        3,
        { transactionalId, ...pick(who), groupId },
        ({ errorCode }) => errorCode !== 51,
      ),
  };
}

const pick = ({ producerId, producerEpoch }: Who) => ({ producerId, producerEpoch });

const read = (topic: string, fetchOffset: number, isolationLevel: number) => ({
  ...{ maxWaitMs: 0, minBytes: 0, maxBytes: 50_000_000, isolationLevel },
  topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000_000 }] }],
});

export async function look(steps: Steps, step: string, topic: string) {
  await steps.ask(`${step}: committed`, apis.fetch, 12, read(topic, 0, 1));
  await steps.ask(`${step}: uncommitted`, apis.fetch, 12, read(topic, 0, 0));
  const at = (isolationLevel: number, timestamp: number) => ({
    replicaId: -1,
    isolationLevel,
    topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
  });
  await steps.ask(`${step}: end, committed`, apis.listOffsets, 7, at(1, -1));
  await steps.ask(`${step}: end, uncommitted`, apis.listOffsets, 7, at(0, -1));
  await steps.ask(`${step}: greatest time, committed`, apis.listOffsets, 7, at(1, -3));
  await steps.ask(`${step}: time, committed`, apis.listOffsets, 7, at(1, steps.nowMs + AHEAD_MS));
  await steps.ask(`${step}: producers`, apis.describeProducers, 0, {
    topics: [{ name: topic, partitionIndexes: [0] }],
  });
}

export const transaction: Script = {
  name: "transactions of version 1",
  async run(steps) {
    const topic = "txn";
    await steps.topic(topic, 2);
    const one = producer(steps, "txn-one", topic);
    const who = await one.init("init");
    await one.describe("begun with nothing");
    await one.end("commit of nothing", who, true);
    await one.end("abort of nothing", who, false);
    await one.send("before it is added", who, ["x"]);
    await one.add("add", who);
    await one.add("add again", who);
    await one.add("add unknown partition", who, topic, 0, 9);
    await one.add("add unknown topic", who, "nowhere");
    await one.add("add internal", who, "__consumer_offsets");
    await one.describe("ongoing");
    await steps.ask("sequence after failure", apis.describeProducers, 0, {
      topics: [{ name: topic, partitionIndexes: [0] }],
    });
    const two = producer(steps, "txn-two", topic);
    const again = await two.init("two: init");
    await two.add("two: add", again);
    await two.send("two: send", again, ["a", "b"]);
    await look(steps, "open", topic);
    await two.send("two: not transactional", again, ["c"], { transactional: false });
    await two.offsets("two: offsets before added", again, "txn-group", 5);
    await two.addOffsets("two: add offsets", again, "txn-group");
    await two.offsets("two: offsets", again, "txn-group", 5);
    const pending = {
      groups: [{ groupId: "txn-group", topics: [{ name: topic, partitionIndexes: [0] }] }],
    };
    await steps.ask("pending offsets, stable", apis.offsetFetch, 8, {
      ...pending,
      requireStable: true,
    });
    await steps.ask("pending offsets", apis.offsetFetch, 8, pending);
    await two.end("two: wrong epoch", { ...again, producerEpoch: 9 }, true);
    await two.end("two: wrong id", { ...again, producerId: 777_777 }, true);
    await two.describe("two: ongoing");
    await two.end("two: commit", again, true);
    await two.settled("CompleteCommit");
    await two.end("two: commit again", again, true);
    await two.end("two: abort after commit", again, false);
    await look(steps, "committed", topic);
    await steps.eventually(
      "committed offsets",
      apis.offsetFetch,
      8,
      { ...pending, requireStable: true },
      ({ groups }) => groups[0]?.topics[0]?.partitions[0]?.errorCode === 0,
    );
    await two.add("two: second", again);
    await two.send("two: second send", again, ["d"]);
    await two.end("two: abort", again, false);
    await two.settled("CompleteAbort");
    await look(steps, "aborted", topic);
    await one.end("one: abort", who, false);
  },
};

export const fencing: Script = {
  name: "fencing of transactional producers",
  async run(steps) {
    const topic = "fence";
    await steps.topic(topic);
    const one = producer(steps, "fenced", topic);
    const old = await one.init("init");
    await one.add("add", old);
    await one.send("send", old, ["a"]);
    const fresh = await steps.eventually(
      "init by another",
      apis.initProducerId,
      4,
      { transactionalId: "fenced", transactionTimeoutMs: 60_000 },
      ({ errorCode }) => errorCode !== 51,
    );
    await one.send("old one sends", old, ["b"]);
    await one.add("old one adds", old);
    await one.end("old one commits", old, true);
    await one.addOffsets("old one adds offsets", old, "g");
    await one.offsets("old one commits offsets", old, "fence-group", 1);
    await one.init("old one begins anew", pick(old));
    await one.add("new one adds", fresh);
    await one.send("new one sends", fresh, ["c"]);
    await one.end("new one commits", fresh, true);
    await one.settled("CompleteCommit");
    await look(steps, "after fencing", topic);
    const bumped = await one.init("new one bumps its epoch", pick(fresh));
    await one.add("bumped adds", bumped);
    await one.end("bumped aborts", bumped, false);
    await one.settled("CompleteAbort");
    for (const version of [0, 1, 2, 3]) {
      await steps.ask(
        `old one adds (v${version})`,
        apis.addPartitionsToTxn,
        version,
        adding("fenced", old, topic),
      );
      await steps.ask(`old one ends (v${version})`, apis.endTxn, version, {
        transactionalId: "fenced",
        ...pick(old),
        committed: true,
      });
      await steps.ask(`old one adds offsets (v${version})`, apis.addOffsetsToTxn, version, {
        transactionalId: "fenced",
        ...pick(old),
        groupId: "g",
      });
    }
  },
};
