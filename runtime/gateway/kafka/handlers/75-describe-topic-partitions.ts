import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse,
} from "../../../wire/kafka/messages/75-describe-topic-partitions.ts";
import { NO_TOPIC_ID } from "../../../wire/kafka/primitives.ts";
import { topicNameFault } from "../../../broker/topic-name.ts";
import { AUTHORIZED } from "../authorized-operations.ts";
import { partitionRow } from "../topic-rows.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * DescribeTopicPartitions, version 0 (KIP-966): topics in order of name, cut into pages of partitions
 * with a cursor. Never creates a topic.
 */

/** Kafka's max.request.partition.size.limit. */
const MAX_PARTITIONS_PER_PAGE = 2_000;

/** Whether a page cannot begin there: not among the topics that were asked for, or at no partition. */
function isOutside(
  { topicName, partitionIndex }: { topicName: string; partitionIndex: number },
  names: readonly string[] | null,
): boolean {
  return partitionIndex < 0 || names?.includes(topicName) === false;
}

function nothing(errorCode: number, name: string) {
  return { errorCode, name, topicId: NO_TOPIC_ID, isInternal: false, partitions: [] };
}

export function describeTopicPartitions({ broker }: Gateway): KafkaApi {
  function row(name: string, first: number, room: number) {
    const topic = broker.topic(name);
    if (topic === undefined) {
      const legal = topicNameFault(name) === undefined;
      const errorCode = legal
        ? KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION
        : KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION;
      return { ...nothing(errorCode, name), topicAuthorizedOperations: AUTHORIZED.topic };
    }
    return {
      errorCode: KAFKA_ERRORS.NONE,
      name,
      topicId: topic.id,
      isInternal: topic.internal,
      partitions: topic.partitions.slice(first, first + room).map(({ index, placement }) => ({
        ...partitionRow(index, placement, broker.nodes),
        eligibleLeaderReplicas: [],
        lastKnownElr: [],
      })),
      topicAuthorizedOperations: AUTHORIZED.topic,
    };
  }

  return defineApi({
    request: DescribeTopicPartitionsRequest,
    response: DescribeTopicPartitionsResponse,
    handle({ topics, responsePartitionLimit, cursor }) {
      const limit = Math.max(1, Math.min(responsePartitionLimit, MAX_PARTITIONS_PER_PAGE));
      const asked = topics.length > 0 ? topics : [...broker.topics()];
      const names = [...new Set(asked.map(({ name }) => name))]
        .filter((name) => cursor === null || name >= cursor.topicName)
        .sort();
      if (cursor !== null && isOutside(cursor, topics.length === 0 ? null : names)) {
        const refused = topics.map(({ name }) => nothing(KAFKA_ERRORS.INVALID_REQUEST, name));
        return { throttleTimeMs: 0, topics: refused, nextCursor: null };
      }
      const rows = [];
      let room = limit;
      for (const name of names) {
        const first = cursor?.topicName === name ? cursor.partitionIndex : 0;
        if (room === 0) {
          return {
            throttleTimeMs: 0,
            topics: rows,
            nextCursor: { topicName: name, partitionIndex: first },
          };
        }
        const found = row(name, first, room);
        rows.push(found);
        room -= found.partitions.length;
        const next = first + found.partitions.length;
        if (next < (broker.topic(name)?.partitions.length ?? 0)) {
          return {
            throttleTimeMs: 0,
            topics: rows,
            nextCursor: { topicName: name, partitionIndex: next },
          };
        }
      }
      return { throttleTimeMs: 0, topics: rows, nextCursor: null };
    },
  });
}
