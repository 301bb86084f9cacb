/** A Kafka client of a few lines over runtime/wire/kafka: what tests look with, and what they attack with. */
import { once } from "node:events";
import { type Socket, connect } from "node:net";
import { Reader } from "../../runtime/wire/kafka/reader.ts";
import {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../runtime/wire/kafka/messages/19-create-topics.ts";
import { FetchRequest, FetchResponse } from "../../runtime/wire/kafka/messages/01-fetch.ts";
import {
  MetadataRequest,
  MetadataResponse,
} from "../../runtime/wire/kafka/messages/03-metadata.ts";
import {
  OffsetCommitRequest,
  OffsetCommitResponse,
} from "../../runtime/wire/kafka/messages/08-offset-commit.ts";
import {
  OffsetFetchRequest,
  OffsetFetchResponse,
} from "../../runtime/wire/kafka/messages/09-offset-fetch.ts";
import { API_VERSIONS_KEY } from "../../runtime/wire/kafka/header.ts";
import type { Message } from "../../runtime/wire/kafka/schema.ts";

const CLIENT_ID = Buffer.from("wire-client");
/** Magic, attributes and lengths of a record batch v2 have these places. */
const BATCH_LENGTH_AT = 8;
const BATCH_ATTRIBUTES_AT = 21;
const BATCH_RECORD_COUNT_AT = 57;
const BATCH_OVERHEAD_BYTES = 12;

/** A whole request: size prefix, header and body. */
export function encodeRequest<In>(
  message: Message<unknown, In>,
  version: number,
  value: In,
  correlationId = 1,
): Buffer {
  const body = Buffer.concat(message.encode(version, value));
  const flexible = version >= message.flexibleFrom;
  const header = Buffer.alloc(4 + 8 + 2 + CLIENT_ID.length + (flexible ? 1 : 0));
  header.writeInt32BE(header.length - 4 + body.length, 0);
  header.writeInt16BE(message.key, 4);
  header.writeInt16BE(version, 6);
  header.writeInt32BE(correlationId, 8);
  header.writeInt16BE(CLIENT_ID.length, 12);
  CLIENT_ID.copy(header, 14);
  return Buffer.concat([header, body]);
}

/** Resolves with the first whole response frame, without its size; rejects when the connection ends first. */
export function firstFrame(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      resolve(received.subarray(4, 4 + received.readInt32BE(0)));
    });
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the connection was closed without an answer")));
  });
}

/** Sends one request on a connection of its own and resolves with the decoded response. */
export async function ask<In, Out>(
  bootstrap: string,
  request: Message<unknown, In>,
  response: Message<Out, never>,
  version: number,
  value: In,
): Promise<Out> {
  const { hostname, port } = new URL(`kafka://${bootstrap}`);
  const socket = connect({ host: hostname, port: Number(port) });
  try {
    await once(socket, "connect");
    const answer = firstFrame(socket);
    socket.write(encodeRequest(request, version, value));
    const frame = await answer;
    const tagged = version >= response.flexibleFrom && response.key !== API_VERSIONS_KEY;
    return response.read(new Reader(frame, tagged ? 5 : 4), version);
  } finally {
    socket.destroy();
  }
}

export const createTopic = (
  bootstrap: string,
  name: string,
  partitions: number,
  configs: readonly { readonly name: string; readonly value: string }[] = [],
) =>
  ask(bootstrap, CreateTopicsRequest, CreateTopicsResponse, 5, {
    topics: [{ name, numPartitions: partitions, replicationFactor: 1, assignments: [], configs }],
    timeoutMs: 10_000,
    validateOnly: false,
  });

/** How many partitions a topic has; undefined when there is no such topic. */
export async function partitionCount(bootstrap: string, name: string): Promise<number | undefined> {
  const { topics } = await ask(bootstrap, MetadataRequest, MetadataResponse, 5, {
    topics: [{ name }],
    allowAutoTopicCreation: false,
  });
  const topic = topics[0];
  return topic?.errorCode === 0 ? topic.partitions.length : undefined;
}

/** Commits an offset for a group without members; resolves with the error code. */
export async function commitOffset(
  bootstrap: string,
  groupId: string,
  topic: string,
  partitionIndex: number,
  committedOffset: number,
): Promise<number | undefined> {
  const partitions = [{ partitionIndex, committedOffset, committedMetadata: null }];
  const { topics } = await ask(bootstrap, OffsetCommitRequest, OffsetCommitResponse, 7, {
    ...{ groupId, memberId: "", topics: [{ name: topic, partitions }] },
  });
  return topics[0]?.partitions[0]?.errorCode;
}

/** The committed offset of each partition; those without one are left out. */
export async function committedOffsets(
  bootstrap: string,
  groupId: string,
): Promise<Map<number, number>> {
  const { topics } = await ask(bootstrap, OffsetFetchRequest, OffsetFetchResponse, 5, {
    groupId,
    topics: null,
  });
  const partitions = topics.flatMap((topic) => topic.partitions);
  return new Map(
    partitions
      .filter(({ committedOffset }) => committedOffset >= 0)
      .map(({ partitionIndex, committedOffset }) => [partitionIndex, committedOffset]),
  );
}

export interface StoredBatch {
  /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
  readonly codec: number;
  readonly records: number;
}

/** The record batches of a partition as they are stored, from its first offset, as one fetch gives them. */
export async function storedBatches(
  bootstrap: string,
  topic: string,
  partition: number,
): Promise<StoredBatch[]> {
  const { responses } = await ask(bootstrap, FetchRequest, FetchResponse, 5, {
    maxWaitMs: 0,
    minBytes: 0,
    topics: [{ topic, partitions: [{ partition, fetchOffset: 0, partitionMaxBytes: 50_000_000 }] }],
  });
  const bytes = responses[0]?.partitions[0]?.records ?? Buffer.alloc(0);
  const batches: StoredBatch[] = [];
  let at = 0;
  while (at + BATCH_OVERHEAD_BYTES <= bytes.length) {
    const end = at + BATCH_OVERHEAD_BYTES + bytes.readInt32BE(at + BATCH_LENGTH_AT);
    if (end > bytes.length) break;
    batches.push({
      codec: bytes.readInt16BE(at + BATCH_ATTRIBUTES_AT) & 7,
      records: bytes.readInt32BE(at + BATCH_RECORD_COUNT_AT),
    });
    at = end;
  }
  return batches;
}
