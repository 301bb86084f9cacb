import type { Message, MessageFilter } from "../../../../runtime/api/model.ts";
import { WHOLE } from "../../../../runtime/messages/message.ts";
import { readMessages } from "../../../../runtime/messages/read.ts";
import type { SurveyDeps } from "../../../../runtime/messages/survey/range.ts";
import type { MemoryCluster } from "../../../support/memory-cluster.ts";

/** Those with a 7 in them. */
export const SEVENS: MessageFilter = { kind: "sql", expression: "n = 7" };

/** Three partitions of batches, some of them compressed, some with times out of order, some markers. */
export function fillAtRandom(cluster: MemoryCluster, start: number): void {
  let seed = start;
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  cluster.add("t", 3);
  for (let batch = 0; batch < 60; batch++) {
    const records = Array.from({ length: 1 + next(9) }, (_, index) => ({
      timestampMs: next(30) === 0 ? -1 : 1_000 + batch * 10 + (next(4) === 0 ? next(200) : index),
      key: next(8) === 0 ? null : Buffer.from(`k${next(20)}`),
      value: next(10) === 0 ? null : Buffer.from(`{"n":${next(10)}}`),
    }));
    const control = next(10) === 0;
    const options = { codec: next(2) === 0 ? "gzip" : "none", control } as const;
    cluster.put("t", next(3), control ? records.slice(0, 1) : records, options);
  }
}

/** Every message of the topic, as a read gives them. */
export async function everything(deps: SurveyDeps): Promise<readonly Message[]> {
  const page = await readMessages(
    { ...deps, giveWay: () => Promise.resolve() },
    {
      ...{ topic: "t", partition: undefined, from: { kind: "earliest" } },
      ...{ limit: 5_000, waitMs: 0, field: WHOLE },
    },
    new AbortController().signal,
  );
  if (page.kind === "failed" || !page.atEnd) throw new Error(JSON.stringify(page));
  return page.messages;
}

export function isSeven({ value }: Message): boolean {
  return Buffer.from(value?.bytes ?? []).toString() === '{"n":7}';
}
