import type { Topic } from "../../broker/topic.ts";
import { KAFKA_ERRORS } from "../../wire/kafka/errors.ts";

/** A partition looks the same in every topic: one row for each index serves them all. */
export function partitionRow(partitionIndex: number, nodeId: number) {
  return {
    errorCode: KAFKA_ERRORS.NONE,
    partitionIndex,
    leaderId: nodeId,
    leaderEpoch: 0,
    replicaNodes: [nodeId],
    isrNodes: [nodeId],
    offlineReplicas: [],
  };
}

/** Topics as Metadata describes them. */
export class TopicRows {
  readonly #rows = new Map<number, ReturnType<typeof partitionRow>[]>();

  describe(topic: Topic, nodeId: number) {
    const known = this.#rows.get(nodeId) ?? [];
    this.#rows.set(nodeId, known);
    const count = topic.partitions.length;
    while (known.length < count) known.push(partitionRow(known.length, nodeId));
    return {
      errorCode: KAFKA_ERRORS.NONE,
      name: topic.name,
      topicId: topic.id,
      isInternal: topic.internal,
      partitions: known.slice(0, count),
    };
  }
}
