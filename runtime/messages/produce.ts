import type { NewMessage, Placement } from "../api/model.ts";
import type { AppendOutcome, Cluster, ClusterTopic } from "../cluster/cluster.ts";
import type { Clock } from "../core/clock.ts";
import { buildBatch } from "../record/build.ts";
import { partitionOfKey } from "./murmur2.ts";
import { type Failure, failure, unknownPartition, unknownTopic } from "./outcome.ts";

/** Most that a record adds to its key, value and headers: attributes, deltas and lengths, as varints. */
const RECORD_OVERHEAD_BYTES = 1 + 5 + 10 + 5 + 5 + 5 + 5;
const HEADER_OVERHEAD_BYTES = 10;
/** Length of a record batch without its records (KIP-98). */
const BATCH_OVERHEAD_BYTES = 61;

export interface Produced {
  readonly kind: "produced";
  /** In the order of the messages. */
  readonly placements: readonly Placement[];
}

/** Nothing is placed, because of this message: its place among those given, counted from 0. */
export interface Refused extends Failure {
  readonly place: number;
}

/** One batch to be: its messages by their place in the request, in the partition's order. */
interface Batch {
  readonly partition: number;
  readonly places: number[];
  sizeBytes: number;
}

/** Puts messages into topics, choosing partitions as Kafka's own producer does. */
export class Producer {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  /** Messages without a key take the partitions in turn. */
  #turn = 0;

  constructor(cluster: Cluster, clock: Clock) {
    this.#cluster = cluster;
    this.#clock = clock;
  }

  /**
   * Appends `messages`, keeping their order within each partition. What can be refused beforehand is
   * refused before anything is appended; a later refusal says how many were placed.
   */
  async produce(topic: string, messages: readonly NewMessage[]): Promise<Produced | Failure> {
    const target = await this.#target(topic);
    if ("kind" in target) return target;
    const batches = this.#plan(target, messages);
    if ("kind" in batches) return { ...batches, message: `${batches.message} Nothing was placed.` };
    const nowMs = this.#clock.nowMs();
    // Appends start in order and without a wait between them, so partitions keep the order given.
    const appends = batches.map(({ partition, places }) => {
      const records = places.flatMap((place) => messages[place] ?? []);
      return this.#cluster.append(topic, partition, encode(records, nowMs));
    });
    const outcomes = await Promise.all(appends);
    return settle(messages.length, batches, outcomes);
  }

  /** The first of `messages` that `produce` would refuse beforehand; undefined when it would take all. */
  async check(topic: string, messages: readonly NewMessage[]): Promise<Refused | undefined> {
    const target = await this.#target(topic);
    if ("kind" in target) return { ...target, place: 0 };
    for (const [place, message] of messages.entries()) {
      const problem = messageProblem(target, message, `Message ${place + 1}`);
      if (problem !== undefined) return { ...problem, place };
    }
    return undefined;
  }

  async #target(topic: string): Promise<ClusterTopic | Failure> {
    const target = await this.#cluster.topic(topic);
    if (target === undefined) return unknownTopic(topic);
    if (!target.internal) return target;
    return failure(
      "invalid-topic",
      `Topic ${topic} belongs to the broker. Produce to another one.`,
    );
  }

  #plan(topic: ClusterTopic, messages: readonly NewMessage[]): readonly Batch[] | Failure {
    const batches: Batch[] = [];
    const open = new Map<number, Batch>();
    for (const [place, message] of messages.entries()) {
      const problem = messageProblem(topic, message, `Message ${place + 1}`);
      if (problem !== undefined) return problem;
      const partition = this.#choose(message, topic.partitions.length);
      const sizeBytes = sizeOf(message);
      let batch = open.get(partition);
      if (batch === undefined || batch.sizeBytes + sizeBytes > topic.maxBatchBytes) {
        batch = { partition, places: [], sizeBytes: BATCH_OVERHEAD_BYTES };
        open.set(partition, batch);
        batches.push(batch);
      }
      batch.places.push(place);
      batch.sizeBytes += sizeBytes;
    }
    return batches;
  }

  #choose({ partition, key }: NewMessage, count: number): number {
    if (partition !== undefined) return partition;
    if (key !== null) return partitionOfKey(key, count);
    this.#turn = (this.#turn + 1) % Number.MAX_SAFE_INTEGER;
    return (this.#turn - 1) % count;
  }
}

/** Why the topic cannot take a message, which the sentence calls by its name; undefined when it can. */
export function messageProblem(
  topic: ClusterTopic,
  message: NewMessage,
  name: string,
): Failure | undefined {
  const { partition } = message;
  const count = topic.partitions.length;
  if (partition !== undefined && (partition >= count || partition < 0)) {
    return unknownPartition(topic.name, partition, count);
  }
  const sizeBytes = sizeOf(message);
  if (sizeBytes - RECORD_OVERHEAD_BYTES + BATCH_OVERHEAD_BYTES <= topic.maxBatchBytes) {
    return undefined;
  }
  return failure(
    "too-large",
    `${name} has ${sizeBytes} bytes and topic ${topic.name} takes ${topic.maxBatchBytes}. ` +
      "Raise its max.message.bytes or send less.",
  );
}

/** Puts together where every message went, or what was refused first and how many were placed all the same. */
function settle(
  count: number,
  batches: readonly Batch[],
  outcomes: readonly AppendOutcome[],
): Produced | Failure {
  const placements: Placement[] = [];
  let placed = 0;
  let refused: { readonly place: number; readonly refusal: AppendRefused } | undefined;
  for (const [index, { partition, places }] of batches.entries()) {
    const outcome = outcomes[index];
    if (outcome?.kind === "refused") {
      refused ??= { place: places[0] ?? 0, refusal: outcome };
    } else if (outcome !== undefined) {
      placed += places.length;
      places.forEach((place, delta) => {
        placements[place] = { partition, offset: outcome.baseOffset + delta };
      });
    }
  }
  if (refused === undefined) return { kind: "produced", placements };
  const { place, refusal } = refused;
  const rest = count === 1 ? "" : ` ${placed} of ${count} messages were placed.`;
  return failure(
    CODES[refusal.reason],
    `Message ${place + 1} was not placed: ${refusal.message}${rest}`,
  );
}

type AppendRefused = Extract<AppendOutcome, { kind: "refused" }>;

const CODES = {
  "too-large": "too-large",
  "unknown-partition": "unknown-topic",
  invalid: "bad-request",
  "read-only": "read-only",
  disk: "disk",
} as const;

function encode(messages: readonly NewMessage[], nowMs: number): Buffer {
  return buildBatch(
    messages.map(({ key, value, headers, timestampMs }) => {
      return { key, value, headers, timestampMs: timestampMs ?? nowMs };
    }),
  );
}

function sizeOf({ key, value, headers }: NewMessage): number {
  let sizeBytes = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) {
    sizeBytes +=
      HEADER_OVERHEAD_BYTES + Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  }
  return sizeBytes;
}
