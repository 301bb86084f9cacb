import type { NewMessage, Placement } from "../api/model.ts";
import type { Cluster, ClusterTopic } from "../cluster/cluster.ts";
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
    const target = await this.#cluster.topic(topic);
    if (target === undefined) return unknownTopic(topic);
    if (target.internal) {
      return failure(
        "invalid-topic",
        `Topic ${topic} belongs to the broker. Produce to another one.`,
      );
    }
    const batches = this.#plan(target, messages);
    if ("kind" in batches) return batches;
    const nowMs = this.#clock.nowMs();
    // Appends start in order and without a wait between them, so partitions keep the order given.
    const appends = batches.map(({ partition, places }) => {
      const records = places.flatMap((place) => messages[place] ?? []);
      return this.#cluster.append(topic, partition, encode(records, nowMs));
    });
    const outcomes = await Promise.all(appends);
    const placements: Placement[] = [];
    let refusal: { readonly place: number; readonly message: string } | undefined;
    let placed = 0;
    outcomes.forEach((outcome, index) => {
      const batch = batches[index];
      if (batch === undefined) return;
      if (outcome.kind === "refused") {
        refusal ??= { place: batch.places[0] ?? 0, message: outcome.message };
        return;
      }
      placed += batch.places.length;
      batch.places.forEach((place, delta) => {
        placements[place] = { partition: batch.partition, offset: outcome.baseOffset + delta };
      });
    });
    const first = outcomes.find((outcome) => outcome.kind === "refused");
    if (first === undefined || refusal === undefined) return { kind: "produced", placements };
    const count = messages.length === 1 ? "" : ` ${placed} of ${messages.length} were placed.`;
    return failure(
      CODES[first.reason],
      `Message ${refusal.place + 1} was not placed: ${refusal.message}${count}`,
    );
  }

  #plan(topic: ClusterTopic, messages: readonly NewMessage[]): readonly Batch[] | Failure {
    const batches: Batch[] = [];
    const open = new Map<number, Batch>();
    for (const [place, message] of messages.entries()) {
      const partition = this.#choose(message, topic.partitions.length);
      if (partition >= topic.partitions.length || partition < 0) {
        return unknownPartition(topic.name, partition, topic.partitions.length);
      }
      const sizeBytes = sizeOf(message);
      if (sizeBytes - RECORD_OVERHEAD_BYTES + BATCH_OVERHEAD_BYTES > topic.maxBatchBytes) {
        return failure(
          "too-large",
          `Message ${place + 1} has ${sizeBytes} bytes and topic ${topic.name} takes ${topic.maxBatchBytes}. ` +
            "Raise its max.message.bytes or send less. Nothing was placed.",
        );
      }
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

const CODES = {
  "too-large": "too-large",
  "unknown-partition": "unknown-topic",
  invalid: "bad-request",
  disk: "disk",
} as const;

function encode(messages: readonly NewMessage[], nowMs: number): Buffer {
  return buildBatch(
    messages.map(({ key, value, headers, timestampMs }) => ({
      key: key === null ? null : bufferOf(key),
      value: value === null ? null : bufferOf(value),
      timestampMs: timestampMs ?? nowMs,
      headers: headers.map((header) => ({
        key: header.key,
        value: header.value === null ? null : bufferOf(header.value),
      })),
    })),
  );
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function sizeOf({ key, value, headers }: NewMessage): number {
  let sizeBytes = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) {
    sizeBytes +=
      HEADER_OVERHEAD_BYTES + Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  }
  return sizeBytes;
}
