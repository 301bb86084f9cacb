/** One well-formed request of every API about transactions, logins and the end of topics and groups, as in valid-requests.ts. */
import { SaslHandshakeRequest } from "../../../runtime/wire/kafka/messages/17-sasl-handshake.ts";
import { DeleteTopicsRequest } from "../../../runtime/wire/kafka/messages/20-delete-topics.ts";
import { AddPartitionsToTxnRequest } from "../../../runtime/wire/kafka/messages/24-add-partitions-to-txn.ts";
import { AddOffsetsToTxnRequest } from "../../../runtime/wire/kafka/messages/25-add-offsets-to-txn.ts";
import { EndTxnRequest } from "../../../runtime/wire/kafka/messages/26-end-txn.ts";
import { TxnOffsetCommitRequest } from "../../../runtime/wire/kafka/messages/28-txn-offset-commit.ts";
import { AlterReplicaLogDirsRequest } from "../../../runtime/wire/kafka/messages/34-alter-replica-log-dirs.ts";
import { SaslAuthenticateRequest } from "../../../runtime/wire/kafka/messages/36-sasl-authenticate.ts";
import { DeleteGroupsRequest } from "../../../runtime/wire/kafka/messages/42-delete-groups.ts";
import { DescribeProducersRequest } from "../../../runtime/wire/kafka/messages/61-describe-producers.ts";
import { DescribeTransactionsRequest } from "../../../runtime/wire/kafka/messages/65-describe-transactions.ts";
import { ListTransactionsRequest } from "../../../runtime/wire/kafka/messages/66-list-transactions.ts";
import { ListConfigResourcesRequest } from "../../../runtime/wire/kafka/messages/74-list-config-resources.ts";
import { DescribeTopicPartitionsRequest } from "../../../runtime/wire/kafka/messages/75-describe-topic-partitions.ts";
import { encodeAll } from "./encode-all.ts";

/** The requests, about a topic that is there. */
export function laterRequests(topic: string): Buffer[] {
  const transactionalId = "hostile";
  const producer = { producerId: 0, producerEpoch: 0 };
  const offset = { partitionIndex: 0, committedOffset: 1, committedMetadata: "note" };
  return [
    ...encodeAll(SaslHandshakeRequest, [0, 1], { mechanism: "PLAIN" }),
    ...encodeAll(SaslAuthenticateRequest, [0, 2], { authBytes: Buffer.from("\0u\0p") }),
    // A topic that is not there: the others are used by other requests.
    ...encodeAll(DeleteTopicsRequest, [1, 6], {
      topics: [{ name: "nowhere", topicId: "AAAAAAAAAAAAAAAAAAAAAA" }],
      topicNames: ["nowhere"],
      timeoutMs: 1_000,
    }),
    ...encodeAll(DeleteGroupsRequest, [0, 2], { groupsNames: ["hostile-offsets"] }),
    ...encodeAll(AddPartitionsToTxnRequest, [0, 3], {
      v3AndBelowTransactionalId: transactionalId,
      v3AndBelowProducerId: 0,
      v3AndBelowProducerEpoch: 0,
      v3AndBelowTopics: [{ name: topic, partitions: [0] }],
    }),
    ...encodeAll(AddOffsetsToTxnRequest, [0, 4], {
      ...{ transactionalId, ...producer },
      groupId: "hostile-offsets",
    }),
    ...encodeAll(EndTxnRequest, [0, 4], { transactionalId, ...producer, committed: true }),
    ...encodeAll(TxnOffsetCommitRequest, [0, 4], {
      ...{ transactionalId, ...producer },
      groupId: "hostile-offsets",
      topics: [{ name: topic, partitions: [offset] }],
    }),
    ...encodeAll(AlterReplicaLogDirsRequest, [1, 2], {
      dirs: [{ path: "/nowhere", topics: [{ name: topic, partitions: [0] }] }],
    }),
    ...encodeAll(ListConfigResourcesRequest, [0, 1], { resourceTypes: [2] }),
    ...encodeAll(DescribeProducersRequest, [0], {
      topics: [{ name: topic, partitionIndexes: [0] }],
    }),
    ...encodeAll(DescribeTransactionsRequest, [0], { transactionalIds: [transactionalId] }),
    ...encodeAll(ListTransactionsRequest, [0, 2], {
      stateFilters: ["Ongoing"],
      producerIdFilters: [0],
      durationFilter: 1,
      transactionalIdPattern: "(h|o)+stile",
    }),
    ...encodeAll(DescribeTopicPartitionsRequest, [0], {
      topics: [{ name: topic }],
      responsePartitionLimit: 10,
      cursor: { topicName: topic, partitionIndex: 0 },
    }),
  ];
}
