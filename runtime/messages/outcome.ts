/** Why messages could not be read or produced, with a sentence that says what to do. Codes as in api/errors.ts. */
export interface Failure {
  readonly kind: "failed";
  readonly code:
    | "bad-request"
    | "busy"
    | "cancelled"
    | "data-format"
    | "disk"
    | "internal"
    | "invalid-partitions"
    | "invalid-topic"
    | "offset-out-of-range"
    | "read-only"
    | "too-large"
    | "topic-exists"
    | "unknown-load"
    | "unknown-move"
    | "unknown-partition"
    | "unknown-topic";
  readonly message: string;
}

export function failure(code: Failure["code"], message: string): Failure {
  return { kind: "failed", code, message };
}

export function unknownTopic(topic: string): Failure {
  return failure(
    "unknown-topic",
    `There is no topic ${topic}. Check its name against the list of topics.`,
  );
}

export function unknownPartition(topic: string, partition: number, count: number): Failure {
  const range = count === 1 ? "only partition 0" : `partitions 0 to ${count - 1}`;
  return failure(
    "unknown-partition",
    `Topic ${topic} has no partition ${partition}; it has ${range}.`,
  );
}
