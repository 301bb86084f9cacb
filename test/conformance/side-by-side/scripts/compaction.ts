/** What is left of a compacted topic. */
import { buildBatch } from "../../../../runtime/record/build.ts";
import { apis } from "../apis.ts";
import { batchesOf } from "../batches.ts";
import type { Script } from "../script.ts";
import { put } from "./records.ts";

/** The lab's cleaner looks every 15 s, as Kafka's does by default. */
const CLEANING_LIMIT_MS = 45_000;
const topic = "compacted";
/** The first batch from an offset on: how many come with it depends on where segments end. */
const first = (fetchOffset: number) => ({
  ...{ maxWaitMs: 0, minBytes: 0, maxBytes: 1, isolationLevel: 0 },
  topics: [{ topic, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1 }] }],
});

export const compaction: Script = {
  name: "compaction",
  async run(steps) {
    await steps.topic(topic, 1, {
      "cleanup.policy": "compact",
      "segment.ms": "100",
      "min.cleanable.dirty.ratio": "0.01",
      "delete.retention.ms": "86400000",
    });
    const record = (key: string, value: string | null, timestampMs: number) => ({
      ...{
        key: Buffer.from(key),
        value: value === null ? null : Buffer.from(value),
        timestampMs,
        headers: [],
      },
    });
    const { nowMs } = steps;
    const send = (step: string, ...records: ReturnType<typeof record>[]) =>
      steps.ask(step, apis.produce, 9, put(topic, buildBatch(records)));
    await send("1", record("a", "1", nowMs), record("b", "1", nowMs), record("c", "1", nowMs));
    await send("2", record("a", "2", nowMs + 1), record("c", null, nowMs + 1));
    await send("3", record("d", "1", nowMs + 2), record("d", "2", nowMs + 2));
    // A time much later closes the segment, and one more the one with this.
    await send("4", record("e", "1", nowMs + 10_000));
    await send("5", record("f", "1", nowMs + 20_000));
    const isClean = (bytes: Buffer | null | undefined): boolean =>
      bytes !== null && bytes !== undefined && batchesOf(bytes)[0]?.records.length === 1;
    await steps.eventually(
      undefined,
      apis.fetch,
      12,
      first(0),
      ({ responses }) => isClean(responses[0]?.partitions[0]?.records),
      CLEANING_LIMIT_MS,
    );
    for (let offset = 0; offset <= 9; offset++) {
      await steps.ask(`from ${offset}`, apis.fetch, 12, first(offset));
    }
    const at = (timestamp: number) => ({
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: topic, partitions: [{ partitionIndex: 0, timestamp }] }],
    });
    await steps.ask("start", apis.listOffsets, 7, at(-2));
    await steps.ask("end", apis.listOffsets, 7, at(-1));
    await steps.ask("greatest time", apis.listOffsets, 7, at(-3));
    await steps.ask("time of what is gone", apis.listOffsets, 7, at(nowMs));
  },
};
