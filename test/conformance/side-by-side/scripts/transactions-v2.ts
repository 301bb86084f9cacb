/** Transactions of version 2 (KIP-890): partitions are added by writing, and each end raises the epoch. */
import { apis } from "../apis.ts";
import type { Script, Steps } from "../script.ts";
import { batch } from "./batch.ts";
import { put, topicId } from "./records.ts";
import { AHEAD_MS, look, NOBODY, type Who } from "./transactions.ts";

const topic = "txn2";
const transactionalId = "txn-v2";
const groupId = "txn2-group";

function verbs(steps: Steps) {
  const pick = ({ producerId, producerEpoch }: Who) => ({ producerId, producerEpoch });
  return {
    init: async (step: string, who: Who = NOBODY): Promise<Who> =>
      (await steps.eventually(
        step,
        apis.initProducerId,
        5,
        { transactionalId, transactionTimeoutMs: 60_000, ...pick(who) },
        ({ errorCode }) => errorCode !== 51,
      )) ?? NOBODY,
    send: (step: string, who: Who, words: string[], baseSequence = 0, version = 12) => {
      const producer = { id: who.producerId, epoch: who.producerEpoch, baseSequence };
      const records = batch(words, steps.nowMs + AHEAD_MS, { transactional: true, producer });
      return steps.eventually(
        step,
        apis.produce,
        version,
        put(topic, records, 0, { transactionalId }),
        ({ responses }) => responses[0]?.partitionResponses[0]?.errorCode !== 51,
      );
    },
    end: async (step: string, who: Who, committed: boolean): Promise<Who> => {
      const asked = { transactionalId, ...pick(who), committed };
      return steps.eventually(step, apis.endTxn, 5, asked, ({ errorCode }) => errorCode !== 51);
    },
    offsets: (step: string, who: Who, committedOffset: number, version = 5) =>
      steps.eventually(
        step,
        apis.txnOffsetCommit,
        version,
        {
          ...{ transactionalId, groupId, ...pick(who) },
          topics: [
            {
              name: topic,
              partitions: [{ partitionIndex: 0, committedOffset, committedMetadata: "t" }],
            },
          ],
        },
        ({ topics }) => topics[0]?.partitions[0]?.errorCode !== 51,
      ),
    settled: (step: string, state: string) =>
      steps.eventually(
        step,
        apis.describeTransactions,
        0,
        { transactionalIds: [transactionalId] },
        ({ transactionStates }) => transactionStates[0]?.transactionState === state,
      ),
  };
}

export const transactionsV2: Script = {
  name: "transactions of version 2",
  async run(steps) {
    await steps.topic(topic, 2);
    const { init, send, end, offsets, settled } = verbs(steps);
    const first = await init("init");
    const nothing = await end("abort of nothing", first, false);
    await settled("after nothing", "Empty");
    const begun = nothing.producerEpoch < 0 ? first : nothing;
    await send("a batch begins it", begun, ["a", "b"]);
    await settled("ongoing", "Ongoing");
    await look(steps, "open", topic);
    await send("old version of Produce", begun, ["x"], 2, 11);
    await offsets("offsets without being added", begun, 5);
    await offsets("old version of TxnOffsetCommit", begun, 6, 4);
    const groups = [{ groupId, topics: [{ name: topic, partitionIndexes: [0] }] }];
    await steps.ask("pending offsets", apis.offsetFetch, 8, { groups, requireStable: true });
    await end("wrong epoch", { ...begun, producerEpoch: 9 }, true);
    const second = await end("commit", begun, true);
    await settled("committed", "CompleteCommit");
    await end("commit again with the old epoch", begun, true);
    await end("abort with the old epoch", begun, false);
    await look(steps, "committed", topic);
    await send("with the old epoch", begun, ["z"], 3);
    await send("gap with the new epoch", second, ["z"], 7);
    await send("with the new epoch", second, ["c"]);
    const third = await end("abort", second, false);
    await settled("aborted", "CompleteAbort");
    await look(steps, "aborted", topic);
    await end("abort of nothing after it", third, false);
    const fresh = await init("init by another");
    await send("fenced", third, ["y"]);
    await send("new one", fresh, ["d"]);
    await init("init during a transaction");
    await settled("ended by init", "Empty");
    await look(steps, "after init", topic);
    await steps.ask("offsets", apis.offsetFetch, 8, { groups, requireStable: true });
    const id = await topicId(steps, topic);
    await steps.ask("TxnOffsetCommit by id, stranger", apis.txnOffsetCommit, 6, {
      ...{ transactionalId: "nobody", groupId, producerId: 5, producerEpoch: 0 },
      topics: [
        {
          topicId: id,
          partitions: [{ partitionIndex: 0, committedOffset: 1, committedMetadata: "" }],
        },
      ],
    });
  },
};
