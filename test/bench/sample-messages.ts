/** A million messages as applications write them, the same every time. */
import { buildBatch } from "../../runtime/record/build.ts";
import { ProduceRequest, ProduceResponse } from "../../runtime/wire/kafka/messages/00-produce.ts";
import {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../runtime/wire/kafka/messages/19-create-topics.ts";
import { RawClient } from "../support/kafka-gateway.ts";

export const TOPIC = "orders";
export const MESSAGES = 1_000_000;
export const VALUE_BYTES = 200;
export const PARTITIONS = 4;
export const KEYS = 1_000;
/** The first one is of this time; one follows each millisecond. */
export const FIRST_MS = Date.UTC(2026, 0, 1);
const BATCH_MESSAGES = 500;
const CURRENCIES = ["EUR", "USD", "GBP", "JPY"];

/** One message of 10,000 has a text of its own, `needle`. */
export function orderOf(i: number) {
  return {
    orderId: 100_000_000 + i,
    customer: { id: `c-${i % 50_000}`, name: `Customer ${i % 977}`, vip: i % 10 === 0 },
    amount: (i * 7_919) % 1_000,
    currency: CURRENCIES[i % CURRENCIES.length],
    items: [{ sku: `sku-${i % 333}`, quantity: 1 + (i % 5) }],
    note: i % 10_000 === 5_000 ? "needle" : "",
  };
}

/** JSON of exactly VALUE_BYTES. */
function valueOf(i: number): Buffer {
  const order = orderOf(i);
  const text = JSON.stringify(order);
  return Buffer.from(
    JSON.stringify({
      ...order,
      note: order.note.padEnd(VALUE_BYTES - text.length + order.note.length, "."),
    }),
  );
}

/** Creates the topic on the lab at this port and writes them all. */
export async function writeSampleMessages(port: number): Promise<void> {
  const client = await RawClient.connect(port);
  const topic = { name: TOPIC, numPartitions: PARTITIONS, replicationFactor: 1 };
  // The messages are of a time that is long over.
  const configs = [{ name: "retention.ms", value: "-1" }];
  const topics = [{ ...topic, assignments: [], configs }];
  const creation = { topics, timeoutMs: 60_000, validateOnly: false };
  const created = await client.ask(CreateTopicsRequest, CreateTopicsResponse, 5, creation);
  if (created.topics[0]?.errorCode !== 0) throw new Error("no topic");
  for (let first = 0; first < MESSAGES; first += BATCH_MESSAGES) {
    const records = Array.from({ length: BATCH_MESSAGES }, (_, n) => ({
      timestampMs: FIRST_MS + first + n,
      key: Buffer.from(`key-${(first + n) % KEYS}`),
      value: valueOf(first + n),
      headers: [],
    }));
    const index = (first / BATCH_MESSAGES) % PARTITIONS;
    const partitionData = [{ index, records: buildBatch(records) }];
    const value = { acks: -1, timeoutMs: 60_000, topicData: [{ name: TOPIC, partitionData }] };
    const { responses } = await client.ask(ProduceRequest, ProduceResponse, 9, value);
    if (responses[0]?.partitionResponses[0]?.errorCode !== 0) throw new Error("not produced");
  }
  client.close();
}
