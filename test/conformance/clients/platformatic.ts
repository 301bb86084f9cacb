/** @platformatic/kafka as a client program. It needs Node.js 22 or newer. */
import { Admin, Consumer, Producer } from "@platformatic/kafka";
import { type JsonMessage, fromBase64, toBase64 } from "../protocol.ts";
import { emit, serve } from "./serve.ts";

/** A lab that is being restarted is met with patience. */
const PATIENT = { retries: 200, retryDelay: 100, timeout: 5_000 };

let base: { clientId: string; bootstrapBrokers: string[] };
const producers = new Map<boolean, Producer>();
const members = new Map<string, { consumer: Consumer; topic: string }>();

async function withAdmin<T>(use: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new Admin({ ...base, ...PATIENT });
  try {
    return await use(admin);
  } finally {
    await admin.close();
  }
}

/** One producer for all, so that an idempotent one keeps its sequence numbers through a restart. */
function producer(idempotent: boolean): Producer {
  const known = producers.get(idempotent);
  if (known !== undefined) return known;
  const created = new Producer({ ...base, ...PATIENT, idempotent, autocreateTopics: true });
  producers.set(idempotent, created);
  return created;
}

/** Each name is a Buffer of its own, so one that comes twice stays twice in the map. */
const toMessage = (topic: string, message: JsonMessage) => {
  const [key, value] = [fromBase64(message.key), fromBase64(message.value)];
  const headers = message.headers.map(
    ([name, bytes]) => [Buffer.from(name), Buffer.from(bytes, "base64")] as const,
  );
  return {
    topic,
    partition: message.partition,
    ...(key === null ? {} : { key }),
    ...(value === null ? {} : { value }),
    headers: new Map(headers),
    timestamp: BigInt(message.timestampMs),
  };
};

async function join(member: string, group: string, topic: string): Promise<void> {
  const consumer = new Consumer({
    ...base,
    ...PATIENT,
    groupId: group,
    sessionTimeout: 6_000,
    rebalanceTimeout: 6_000,
    heartbeatInterval: 200,
  });
  members.set(member, { consumer, topic });
  consumer.on("consumer:group:join", ({ assignments = [] }) => {
    const partitions = assignments.find((each) => each.topic === topic)?.partitions ?? [];
    emit({ event: "assigned", member, partitions });
  });
  consumer.on("consumer:heartbeat:error", ({ error }) => console.error(error));
  const stream = await consumer.consume({
    topics: [topic],
    mode: "committed",
    fallbackMode: "earliest",
    autocommit: false,
    maxWaitTime: 100,
  });
  stream.on("error", (error: Error) => console.error(error));
  stream.on("data", (message) => {
    const headers = message.headerEntries.map(
      ([name, value]) => [name.toString(), value.toString("base64")] as const,
    );
    const { partition } = message;
    const [timestampMs, offset] = [Number(message.timestamp), Number(message.offset)];
    // The client's types promise a key and a value, but absent ones arrive as null.
    const bytes = { key: toBase64(message.key), value: toBase64(message.value) };
    emit({
      event: "message",
      member,
      message: { partition, ...bytes, headers, timestampMs, offset },
    });
  });
}

serve({
  start: async ({ bootstrap }) => {
    base = { clientId: "platformatic", bootstrapBrokers: bootstrap.split(",") };
  },
  createTopic: ({ topic, partitions }) =>
    withAdmin((admin) => admin.createTopics({ topics: [topic], partitions, replicas: 1 })),
  deleteTopic: ({ topic }) => withAdmin((admin) => admin.deleteTopics({ topics: [topic] })),
  produce: async ({ topic, messages, codec, idempotent }) => {
    await producer(idempotent).send({
      messages: messages.map((message) => toMessage(topic, message)),
      compression: codec,
      acks: -1,
    });
  },
  offsetsAt: async ({ topic, timestampMs }) => {
    const consumer = new Consumer({ ...base, ...PATIENT, groupId: "offsets-at" });
    try {
      const timestamp = BigInt(timestampMs);
      const offsets = await consumer.listOffsets({ topics: [topic], timestamp });
      return (offsets.get(topic) ?? []).map((offset, partition) => [partition, Number(offset)]);
    } finally {
      await consumer.close();
    }
  },
  join: ({ member, group, topic }) => join(member, group, topic),
  commit: async ({ member, positions }) => {
    const known = members.get(member);
    if (known === undefined) throw new Error(`no member ${member}`);
    const { consumer, topic } = known;
    const offsets = positions.map(([partition, offset]) => ({
      ...{ topic, partition, leaderEpoch: 0 },
      offset: BigInt(offset),
    }));
    await consumer.commit({ offsets });
  },
});
