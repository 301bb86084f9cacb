/** Requests that the gateway's tests send. */
import { buildBatch, type BuildOptions } from "../../../../runtime/record/build.ts";
import {
  ProduceRequest,
  ProduceResponse,
} from "../../../../runtime/wire/kafka/messages/00-produce.ts";
import { FetchRequest, FetchResponse } from "../../../../runtime/wire/kafka/messages/01-fetch.ts";
import type { RawClient } from "../../../support/kafka-gateway.ts";

/** A batch with a value per word, all at the same time. */
export function batchOf(
  words: readonly string[],
  options?: BuildOptions,
  timestampMs = Date.now(),
) {
  const records = words.map((word) => ({
    timestampMs,
    key: Buffer.from(word),
    value: Buffer.from(word),
    headers: [],
  }));
  return buildBatch(records, options);
}

export function produceRequest(topic: string, records: Buffer | null, acks = -1, index = 0) {
  return {
    acks,
    timeoutMs: 1_000,
    topicData: [{ name: topic, partitionData: [{ index, records }] }],
  };
}

/** Produces one batch with version 12 and returns the partition's answer. */
export async function produce(client: RawClient, topic: string, records: Buffer | null, index = 0) {
  const request = produceRequest(topic, records, -1, index);
  const response = await client.ask(ProduceRequest, ProduceResponse, 12, request);
  const answer = response.responses[0]?.partitionResponses[0];
  if (answer === undefined) throw new Error("no answer for the partition");
  return answer;
}

export interface FetchOptions {
  readonly offset: number;
  readonly maxWaitMs?: number;
  readonly minBytes?: number;
  readonly maxBytes?: number;
  readonly partitionMaxBytes?: number;
  readonly partitions?: readonly number[];
  readonly isolationLevel?: number;
}

export function fetchRequest(topic: string, options: FetchOptions) {
  const { offset, partitions = [0], partitionMaxBytes = 1_000_000 } = options;
  return {
    maxWaitMs: options.maxWaitMs ?? 0,
    minBytes: options.minBytes ?? 1,
    maxBytes: options.maxBytes ?? 50_000_000,
    isolationLevel: options.isolationLevel ?? 0,
    topics: [
      {
        topic,
        partitions: partitions.map((partition) => ({
          partition,
          fetchOffset: offset,
          partitionMaxBytes,
        })),
      },
    ],
  };
}

/** Fetches with version 12 and returns the partitions' answers. */
export async function fetch(client: RawClient, topic: string, options: FetchOptions) {
  const request = fetchRequest(topic, options);
  const response = await client.ask(FetchRequest, FetchResponse, 12, request);
  return response.responses[0]?.partitions ?? [];
}
