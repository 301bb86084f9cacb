/** kafkajs as a client program. Its codecs other than gzip are plugins, here of wasm-utils and node:zlib. */
import zlib from "node:zlib";
import {
  lz4Compress,
  lz4Decompress,
  snappyCompress,
  snappyDecompress,
} from "@platformatic/wasm-utils";
import kafkajs, {
  type CompressionTypes as CompressionType,
  type Consumer,
  type Kafka,
  type Message,
  type Producer,
} from "kafkajs";
import type { Codec } from "../client.ts";
import { type JsonMessage, fromBase64, toBase64 } from "../protocol.ts";
import { emit, serve } from "./serve.ts";

const { CompressionCodecs, CompressionTypes, logLevel } = kafkajs;
const RETRY = { initialRetryTime: 50, maxRetryTime: 500, retries: 100 };

const TYPES: Readonly<Record<Codec, CompressionType>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

interface Encoder {
  readonly buffer: Buffer;
}

const plugin =
  (compress: (bytes: Buffer) => Buffer, decompress: (bytes: Buffer) => Buffer) => () => ({
    compress: async (encoder: Encoder) => compress(encoder.buffer),
    decompress: async (bytes: Buffer) => decompress(bytes),
  });

Object.assign(CompressionCodecs, {
  [CompressionTypes.Snappy]: plugin(snappyCompress, snappyDecompress),
  [CompressionTypes.LZ4]: plugin(lz4Compress, lz4Decompress),
  [CompressionTypes.ZSTD]: plugin(zlib.zstdCompressSync, zlib.zstdDecompressSync),
});

let kafka: Kafka;
const producers = new Map<boolean, Promise<Producer>>();
const members = new Map<string, { consumer: Consumer; topic: string }>();

async function withAdmin<T>(use: (admin: ReturnType<Kafka["admin"]>) => Promise<T>): Promise<T> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await use(admin);
  } finally {
    await admin.disconnect();
  }
}

/** One producer for all, so that an idempotent one keeps its sequence numbers through a restart. */
function producer(idempotent: boolean): Promise<Producer> {
  const known = producers.get(idempotent);
  if (known !== undefined) return known;
  const connecting = (async () => {
    const options = { idempotent, retry: RETRY, ...(idempotent ? { maxInFlightRequests: 1 } : {}) };
    const created = kafka.producer(options);
    await created.connect();
    return created;
  })();
  producers.set(idempotent, connecting);
  return connecting;
}

/** kafkajs keeps headers in an object: a name that comes twice has a list. */
function toHeaders(headers: JsonMessage["headers"]): Record<string, Buffer | Buffer[]> {
  const result: Record<string, Buffer[]> = {};
  for (const [name, value] of headers) (result[name] ??= []).push(Buffer.from(value, "base64"));
  return result;
}

const toMessage = (message: JsonMessage): Message => ({
  partition: message.partition,
  key: fromBase64(message.key),
  value: fromBase64(message.value),
  headers: toHeaders(message.headers),
  timestamp: String(message.timestampMs),
});

serve({
  start: async ({ bootstrap }) => {
    kafka = new kafkajs.Kafka({
      brokers: bootstrap.split(","),
      logLevel: logLevel.ERROR,
      retry: RETRY,
    });
  },
  createTopic: ({ topic, partitions }) =>
    withAdmin((admin) =>
      admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true }),
    ),
  deleteTopic: ({ topic }) => withAdmin((admin) => admin.deleteTopics({ topics: [topic] })),
  produce: async ({ topic, messages, codec, idempotent }) => {
    const sender = await producer(idempotent);
    await sender.send({ topic, messages: messages.map(toMessage), compression: TYPES[codec] });
  },
  offsetsAt: ({ topic, timestampMs }) =>
    withAdmin(async (admin) => {
      const offsets = await admin.fetchTopicOffsetsByTimestamp(topic, timestampMs);
      return offsets.map(({ partition, offset }) => [partition, Number(offset)]);
    }),
  join: async ({ member, group, topic }) => {
    const consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: 6_000,
      rebalanceTimeout: 6_000,
      heartbeatInterval: 200,
      maxWaitTimeInMs: 100,
      retry: { ...RETRY, restartOnFailure: async () => true },
    });
    members.set(member, { consumer, topic });
    consumer.on("consumer.group_join", ({ payload }) => {
      const partitions = payload.memberAssignment[topic] ?? [];
      emit({ event: "assigned", member, partitions });
    });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const headers = Object.entries(message.headers ?? {}).flatMap(([name, value]) =>
          [value].flat().map((each) => [name, Buffer.from(each ?? "").toString("base64")] as const),
        );
        const { key, value } = message;
        const [timestampMs, offset] = [Number(message.timestamp), Number(message.offset)];
        const json = { partition, key: toBase64(key), value: toBase64(value), headers };
        emit({ event: "message", member, message: { ...json, timestampMs, offset } });
      },
    });
  },
  commit: async ({ member, positions }) => {
    const known = members.get(member);
    if (known === undefined) throw new Error(`no member ${member}`);
    const { consumer, topic } = known;
    await consumer.commitOffsets(
      positions.map(([partition, offset]) => ({ topic, partition, offset: String(offset) })),
    );
  },
});
