import type { MessageHeader } from "../../api/model.ts";

/** Where a dead letter was before it failed. */
export interface Origin {
  readonly topic: string;
  /** Undefined when it is not told. */
  readonly partition: number | undefined;
}

/** How one kind of program tells of it. */
interface Convention {
  readonly topic: string;
  readonly partition: string;
  /** The partition is four bytes, big-endian, or digits. */
  readonly partitionAs: "int32" | "text";
  /** Headers that tell of the error begin with one of these. */
  readonly errorPrefixes: readonly string[];
}

const CONVENTIONS: readonly Convention[] = [
  // org.springframework.kafka.support.KafkaHeaders
  {
    topic: "kafka_dlt-original-topic",
    partition: "kafka_dlt-original-partition",
    partitionAs: "int32",
    errorPrefixes: ["kafka_dlt-"],
  },
  // org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter
  {
    topic: "__connect.errors.topic",
    partition: "__connect.errors.partition",
    partitionAs: "text",
    errorPrefixes: ["__connect.errors."],
  },
  // org.springframework.cloud.stream.binder.kafka.KafkaMessageChannelBinder
  {
    topic: "x-original-topic",
    partition: "x-original-partition",
    partitionAs: "int32",
    errorPrefixes: ["x-original-", "x-exception-"],
  },
];

/**
 * The origin that headers tell of, by the header that was chosen or else by the first convention that they
 * follow. Where a header repeats, the first is the one that was there before any retry.
 */
export function originOf(
  headers: readonly MessageHeader[],
  chosen: string | undefined,
): Origin | undefined {
  if (chosen !== undefined) {
    const topic = textOf(headers, chosen);
    const known = CONVENTIONS.find((each) => each.topic === chosen);
    return topic === undefined ? undefined : { topic, partition: partitionOf(headers, known) };
  }
  for (const convention of CONVENTIONS) {
    const topic = textOf(headers, convention.topic);
    if (topic !== undefined) return { topic, partition: partitionOf(headers, convention) };
  }
  return undefined;
}

/** The headers without those that tell of the error. */
export function withoutError(
  headers: readonly MessageHeader[],
  chosen: string | undefined,
): readonly MessageHeader[] {
  const prefixes = CONVENTIONS.flatMap((each) => each.errorPrefixes);
  return headers.filter(
    ({ key }) => key !== chosen && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
}

function partitionOf(
  headers: readonly MessageHeader[],
  convention: Convention | undefined,
): number | undefined {
  if (convention === undefined) return undefined;
  if (convention.partitionAs === "text") {
    const text = textOf(headers, convention.partition) ?? "";
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  }
  const bytes = first(headers, convention.partition);
  if (bytes === undefined || bytes.length !== 4) return undefined;
  const partition = Buffer.from(bytes).readInt32BE(0);
  return partition < 0 ? undefined : partition;
}

function textOf(headers: readonly MessageHeader[], name: string): string | undefined {
  const bytes = first(headers, name);
  return bytes === undefined || bytes.length === 0 ? undefined : Buffer.from(bytes).toString();
}

function first(headers: readonly MessageHeader[], name: string): Uint8Array | undefined {
  return headers.find(({ key }) => key === name)?.value ?? undefined;
}
