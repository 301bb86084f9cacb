/** Real clients doing what they do every day, and what of it can be compared. */
import { type Client, ClientError, type Codec, type Session } from "../client.ts";
import { PARTITIONS, distinct, positionsAfter, testMessages } from "../messages.ts";
import { waitFor } from "../../support/wait-for.ts";
import { ask } from "../wire-client.ts";
import { apiName, apis } from "./apis.ts";
import type { Side } from "./sides.ts";
import type { Exchange } from "./tap.ts";

const COUNT = 40;
const READ_LIMIT_MS = 60_000;

/** Errors that come and go with the speed of a broker: topics and groups that are just coming or going. */
const PASSING: ReadonlySet<number> = new Set([3, 5, 6, 14, 15, 16, 27, 51, 100]);
/** What clients ask as often as time allows, or not at all when they are quick. */
const TIMED: ReadonlySet<string> = new Set(["Heartbeat", "ConsumerGroupHeartbeat", "Metadata"]);

/** Every error code in an answer, wherever it is. */
function* errorCodes(value: unknown): Generator<number> {
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return;
  for (const [name, each] of Object.entries(value)) {
    if (typeof each === "number" && /errorCode$/i.test(name)) yield each;
    else yield* errorCodes(each);
  }
}

/** Which APIs were used, in which versions, and which errors they were answered with. */
function habits(exchanges: readonly Exchange[]) {
  const used: Record<string, { versions: number[]; errors: number[]; undecoded: boolean }> = {};
  for (const { api, version, response, outcome } of exchanges) {
    if (outcome !== "answered") continue;
    const habit = (used[apiName(api)] ??= { versions: [], errors: [], undecoded: false });
    habit.versions = [...new Set([...habit.versions, version])].sort((a, b) => a - b);
    const errors = [...errorCodes(response)].filter((code) => !PASSING.has(code));
    habit.errors = [...new Set([...habit.errors, ...errors])].sort((a, b) => a - b);
    habit.undecoded ||= response === undefined;
  }
  for (const name of TIMED) delete used[name];
  return used;
}

async function attempt(action: () => Promise<unknown>): Promise<unknown> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof ClientError) return { error: error.code };
    throw error;
  }
}

interface Run {
  readonly client: Client;
  readonly session: Session;
  readonly bootstrap: string;
  readonly topic: string;
  /** The same for both brokers. */
  readonly messages: ReturnType<typeof testMessages>;
}

async function isLed(bootstrap: string, topic: string): Promise<boolean> {
  const { request, response } = apis.listOffsets;
  const partitions = Array.from({ length: PARTITIONS }, (_, partitionIndex) => ({
    ...{ partitionIndex, timestamp: -1 },
  }));
  const asked = { replicaId: -1, isolationLevel: 0, topics: [{ name: topic, partitions }] };
  const { topics } = await ask(bootstrap, request, response, 5, asked);
  return topics.every((each) => each.partitions.every(({ errorCode }) => errorCode === 0));
}

async function everyday({ client, session, bootstrap, topic, messages }: Run) {
  const codecs: readonly Codec[] = ["none", "gzip"];
  const made = await attempt(() => session.createTopic(topic, PARTITIONS));
  // A client that is told to try again may send twice what it sends without idempotence.
  await waitFor("every partition is led", () => isLed(bootstrap, topic));
  for (const codec of codecs) await session.produce(topic, messages, { codec });
  if (client.cannot?.idempotence === undefined) {
    await session.produce(topic, messages, { idempotent: true });
  }
  const timed = client.cannotSend?.has("timestamps") ?? false;
  const offsets = await session.offsetsAt(topic, timed ? 0 : (messages[20]?.timestampMs ?? 0));
  const member = await session.join(`${topic}-group`, topic);
  const total = messages.length * (client.cannot?.idempotence === undefined ? 3 : 2);
  await waitFor(
    `${total} messages of ${client.name}`,
    () => distinct(member.received).length >= total,
    READ_LIMIT_MS,
  );
  const assigned = await waitFor(
    `every partition for ${client.name}`,
    () => member.assigned.length === PARTITIONS && [...member.assigned].sort((a, b) => a - b),
    READ_LIMIT_MS,
  );
  await member.commit(positionsAfter(member.received));
  const seen = distinct(member.received).map(({ partition, offset, key, value }) => ({
    ...{ at: `${partition}/${offset}`, key: key?.toString("hex"), value: value?.toString("hex") },
  }));
  const deleted =
    client.cannot?.topicAdmin === undefined
      ? await attempt(() => session.deleteTopic(topic))
      : undefined;
  return {
    ...{ made, deleted, assigned },
    offsets: [...offsets].sort(([a], [b]) => a - b),
    seen: seen.sort((a, b) => (a.at < b.at ? -1 : 1)),
  };
}

/** What the client saw, and how it spoke with the broker. */
export async function clientRun(
  client: Client,
  side: Side,
  topic: string,
  messages: ReturnType<typeof testMessages>,
) {
  side.tap.take();
  const { bootstrap } = side.tap;
  const session = await client.start(bootstrap);
  try {
    const saw = await everyday({ client, session, bootstrap, topic, messages });
    return { saw, spoke: habits(side.tap.take()) };
  } finally {
    await session.kill();
  }
}

export const clientMessages = (client: Client) => testMessages(client, COUNT);
