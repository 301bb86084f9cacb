import { type Broker, GROUP_OFFSETS } from "../../../broker/broker.ts";
import type {
  TransactionWriter,
  WriterKind,
} from "../../../broker/transactions/transaction-writer.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from "../../../wire/kafka/messages/28-txn-offset-commit.ts";
import { defineApi, type Endpoint, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/*
 * TxnOffsetCommit, versions 0-6: offsets that count once the producer's transaction is committed. From
 * version 3 on the consumer's membership is checked as for OffsetCommit (KIP-447). Version 5 adds the
 * group's offsets to the transaction (KIP-890); before it AddOffsetsToTxn has to have done so.
 */

const ADDS_SINCE_VERSION = 5;
const ABORTABLE_SINCE_VERSION = 4;
const TOPIC_IDS_SINCE_VERSION = 6;

type Topic = TxnOffsetCommitRequest["topics"][number];

function kindOf(version: number): WriterKind {
  if (version >= ADDS_SINCE_VERSION) return "adds";
  return version >= ABORTABLE_SINCE_VERSION ? "knows-abortable" : "knows-invalid-state";
}

/** What can be committed of a topic of the request; the rest is unknown. */
function committable(broker: Broker, topic: Topic, version: number) {
  const byId = version >= TOPIC_IDS_SINCE_VERSION;
  const found = byId ? broker.topicById(topic.topicId) : broker.topic(topic.name);
  const unknown =
    byId && found === undefined
      ? KAFKA_ERRORS.UNKNOWN_TOPIC_ID
      : KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
  const partitions = topic.partitions
    .filter(({ partitionIndex }) => found?.partitions[partitionIndex] !== undefined)
    .map((partition) => ({
      partition: partition.partitionIndex,
      offset: partition.committedOffset,
      leaderEpoch: partition.committedLeaderEpoch,
      metadata: partition.committedMetadata,
    }));
  return { unknown, topic: found?.name ?? topic.name, partitions };
}

export function txnOffsetCommit({ broker }: Gateway): KafkaApi {
  /** Why offsets cannot be committed for the group here, or NONE once the transaction has them. */
  async function admit(
    writer: TransactionWriter,
    groupId: string,
    writes: boolean,
    endpoint: Endpoint,
  ) {
    if (groupId === "") return "INVALID_GROUP_ID";
    if (isElsewhere(broker, groupId, endpoint)) return "NOT_COORDINATOR";
    const [fault] = writes ? await broker.transactions.enlist(writer, [GROUP_OFFSETS]) : [];
    return fault ?? "NONE";
  }

  return defineApi({
    request: TxnOffsetCommitRequest,
    response: TxnOffsetCommitResponse,
    async handle(request, { version, endpoint }) {
      const { transactionalId, groupId, producerId, producerEpoch: epoch } = request;
      const producer = { producerId, epoch };
      const topics = request.topics.map((topic) => committable(broker, topic, version));
      const writes = topics.some(({ partitions }) => partitions.length > 0);
      const writer = { transactionalId, producer, kind: kindOf(version) };
      const fault = await admit(writer, groupId, writes, endpoint);
      const result =
        fault === "NONE"
          ? await broker.groups.commit({
              groupId,
              producer,
              generation: request.generationIdOrMemberEpoch,
              memberId: request.memberId,
              instanceId: request.groupInstanceId,
              apiVersion: version,
              topics,
            })
          : undefined;
      return {
        throttleTimeMs: 0,
        topics: request.topics.map(({ name, topicId, partitions }, i) => {
          const outcomes = new Map(
            topics[i]?.partitions.map(({ partition }, j) => {
              const outcome = result?.topics[i]?.partitions[j];
              return [partition, KAFKA_ERRORS[outcome?.error ?? fault]];
            }),
          );
          const unknown = topics[i]?.unknown ?? KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
          return {
            name,
            topicId,
            partitions: partitions.map(({ partitionIndex }) => ({
              partitionIndex,
              errorCode: outcomes.get(partitionIndex) ?? unknown,
            })),
          };
        }),
      };
    },
  });
}
