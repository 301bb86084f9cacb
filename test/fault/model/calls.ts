/** What the model asks of a lab, in Kafka's words; errors are Kafka's numbers. */
import {
  ProduceRequest,
  ProduceResponse,
} from "../../../runtime/wire/kafka/messages/00-produce.ts";
import { FetchRequest, FetchResponse } from "../../../runtime/wire/kafka/messages/01-fetch.ts";
import {
  ListOffsetsRequest,
  ListOffsetsResponse,
} from "../../../runtime/wire/kafka/messages/02-list-offsets.ts";
import {
  MetadataRequest,
  MetadataResponse,
} from "../../../runtime/wire/kafka/messages/03-metadata.ts";
import {
  OffsetFetchRequest,
  OffsetFetchResponse,
} from "../../../runtime/wire/kafka/messages/09-offset-fetch.ts";
import {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../../runtime/wire/kafka/messages/19-create-topics.ts";
import {
  DeleteTopicsRequest,
  DeleteTopicsResponse,
} from "../../../runtime/wire/kafka/messages/20-delete-topics.ts";
import {
  DeleteRecordsRequest,
  DeleteRecordsResponse,
} from "../../../runtime/wire/kafka/messages/21-delete-records.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../runtime/wire/kafka/messages/22-init-producer-id.ts";
import {
  AddPartitionsToTxnRequest,
  AddPartitionsToTxnResponse,
} from "../../../runtime/wire/kafka/messages/24-add-partitions-to-txn.ts";
import {
  AddOffsetsToTxnRequest,
  AddOffsetsToTxnResponse,
} from "../../../runtime/wire/kafka/messages/25-add-offsets-to-txn.ts";
import { EndTxnRequest, EndTxnResponse } from "../../../runtime/wire/kafka/messages/26-end-txn.ts";
import {
  TxnOffsetCommitRequest,
  TxnOffsetCommitResponse,
} from "../../../runtime/wire/kafka/messages/28-txn-offset-commit.ts";
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../../runtime/wire/kafka/messages/44-incremental-alter-configs.ts";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../../../runtime/wire/kafka/messages/65-describe-transactions.ts";
import type { ModelledLab } from "./lab.ts";

export interface Place {
  readonly topic: string;
  readonly partition: number;
}

export interface ProducerName {
  readonly producerId: number;
  readonly epoch: number;
}

const TIMEOUT_MS = 10_000;
const TOPIC_RESOURCE = 2;
const SET = 0;

/** The one answer to the one thing asked for. */
function only<T>(answers: readonly T[] | undefined): T {
  const [answer] = answers ?? [];
  if (answer === undefined || answers?.length !== 1) throw new Error("not one answer");
  return answer;
}

export async function produce(
  lab: ModelledLab,
  place: Place,
  transactionalId: string | null,
  records: Buffer,
) {
  const partitionData = [{ index: place.partition, records }];
  const answer = await lab.ask(ProduceRequest, ProduceResponse, 9, {
    transactionalId,
    acks: -1,
    timeoutMs: TIMEOUT_MS,
    topicData: [{ name: place.topic, partitionData }],
  });
  const { errorCode, baseOffset } = only(only(answer.responses).partitionResponses);
  return { error: errorCode, baseOffset };
}

export async function fetch(
  lab: ModelledLab,
  place: Place,
  offset: number,
  options: { readonly committed: boolean; readonly maxBytes: number },
) {
  const partition = {
    partition: place.partition,
    fetchOffset: offset,
    partitionMaxBytes: options.maxBytes,
  };
  const answer = await lab.ask(FetchRequest, FetchResponse, 12, {
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: options.maxBytes,
    isolationLevel: options.committed ? 1 : 0,
    topics: [{ topic: place.topic, partitions: [partition] }],
  });
  const found = only(only(answer.responses).partitions);
  return {
    error: found.errorCode,
    endOffset: found.highWatermark,
    lastStableOffset: found.lastStableOffset ?? -1,
    startOffset: found.logStartOffset ?? -1,
    aborted: found.abortedTransactions,
    bytes: found.records ?? Buffer.alloc(0),
  };
}

/** The first offset (-2) or the end (-1) as readers of either kind see it. */
export async function offsetAt(
  lab: ModelledLab,
  place: Place,
  timestamp: number,
  committed: boolean,
) {
  const answer = await lab.ask(ListOffsetsRequest, ListOffsetsResponse, 7, {
    replicaId: -1,
    isolationLevel: committed ? 1 : 0,
    topics: [{ name: place.topic, partitions: [{ partitionIndex: place.partition, timestamp }] }],
  });
  const { errorCode, offset } = only(only(answer.topics).partitions);
  return { error: errorCode, offset: offset ?? -1 };
}

/** Partitions by the names of topics; the lab's own topics are left out. */
export async function topics(lab: ModelledLab): Promise<Map<string, number>> {
  const answer = await lab.ask(MetadataRequest, MetadataResponse, 9, {
    topics: null,
    allowAutoTopicCreation: false,
  });
  return new Map(
    answer.topics.flatMap(({ name, isInternal, partitions }) =>
      name === null || isInternal ? [] : [[name, partitions.length]],
    ),
  );
}

export async function createTopic(
  lab: ModelledLab,
  name: string,
  partitions: number,
  configs: Readonly<Record<string, string>>,
): Promise<number> {
  const topic = {
    name,
    numPartitions: partitions,
    replicationFactor: 1,
    assignments: [],
    configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
  };
  const answer = await lab.ask(CreateTopicsRequest, CreateTopicsResponse, 5, {
    topics: [topic],
    timeoutMs: TIMEOUT_MS,
    validateOnly: false,
  });
  return only(answer.topics).errorCode;
}

export async function deleteTopic(lab: ModelledLab, name: string): Promise<number> {
  const value = { topicNames: [name], timeoutMs: TIMEOUT_MS };
  const answer = await lab.ask(DeleteTopicsRequest, DeleteTopicsResponse, 4, value);
  return only(answer.responses).errorCode;
}

export async function alterTopic(
  lab: ModelledLab,
  name: string,
  configs: Readonly<Record<string, string>>,
): Promise<number> {
  const changes = Object.entries(configs).map(([key, value]) => ({
    name: key,
    value,
    configOperation: SET,
  }));
  const resource = { resourceType: TOPIC_RESOURCE, resourceName: name, configs: changes };
  const answer = await lab.ask(IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse, 1, {
    resources: [resource],
    validateOnly: false,
  });
  return only(answer.responses).errorCode;
}

export async function deleteRecords(lab: ModelledLab, place: Place, offset: number) {
  const partitions = [{ partitionIndex: place.partition, offset }];
  const answer = await lab.ask(DeleteRecordsRequest, DeleteRecordsResponse, 2, {
    topics: [{ name: place.topic, partitions }],
    timeoutMs: TIMEOUT_MS,
  });
  const { errorCode, lowWatermark } = only(only(answer.topics).partitions);
  return { error: errorCode, startOffset: lowWatermark };
}

export async function initProducer(
  lab: ModelledLab,
  transactionalId: string | null,
  transactionTimeoutMs: number,
) {
  const value = { transactionalId, transactionTimeoutMs };
  const answer = await lab.ask(InitProducerIdRequest, InitProducerIdResponse, 4, value);
  const { errorCode: error, producerId, producerEpoch: epoch } = answer;
  return { error, producerId, epoch };
}

export async function addPartition(
  lab: ModelledLab,
  transactionalId: string,
  { producerId, epoch }: ProducerName,
  { topic, partition }: Place,
): Promise<number> {
  const answer = await lab.ask(AddPartitionsToTxnRequest, AddPartitionsToTxnResponse, 3, {
    v3AndBelowTransactionalId: transactionalId,
    v3AndBelowProducerId: producerId,
    v3AndBelowProducerEpoch: epoch,
    v3AndBelowTopics: [{ name: topic, partitions: [partition] }],
  });
  return only(only(answer.resultsByTopicV3AndBelow).resultsByPartition).partitionErrorCode;
}

export async function endTransaction(
  lab: ModelledLab,
  transactionalId: string,
  { producerId, epoch }: ProducerName,
  committed: boolean,
): Promise<number> {
  const value = { transactionalId, producerId, producerEpoch: epoch, committed };
  return (await lab.ask(EndTxnRequest, EndTxnResponse, 3, value)).errorCode;
}

export async function addOffsets(
  lab: ModelledLab,
  transactionalId: string,
  { producerId, epoch }: ProducerName,
  groupId: string,
): Promise<number> {
  const value = { transactionalId, producerId, producerEpoch: epoch, groupId };
  return (await lab.ask(AddOffsetsToTxnRequest, AddOffsetsToTxnResponse, 3, value)).errorCode;
}

export async function commitOffset(
  lab: ModelledLab,
  transactionalId: string,
  { producerId, epoch }: ProducerName,
  groupId: string,
  { topic, partition }: Place,
  offset: number,
): Promise<number> {
  const partitions = [
    { partitionIndex: partition, committedOffset: offset, committedMetadata: null },
  ];
  const answer = await lab.ask(TxnOffsetCommitRequest, TxnOffsetCommitResponse, 3, {
    transactionalId,
    groupId,
    producerId,
    producerEpoch: epoch,
    topics: [{ name: topic, partitions }],
  });
  return only(only(answer.topics).partitions).errorCode;
}

/** Committed offsets of a group by `topic-partition`. */
export async function committedOffsets(
  lab: ModelledLab,
  groupId: string,
): Promise<Map<string, number>> {
  const value = { groupId, topics: null };
  const answer = await lab.ask(OffsetFetchRequest, OffsetFetchResponse, 5, value);
  return new Map(
    answer.topics.flatMap(({ name, partitions }) =>
      partitions
        .filter(({ committedOffset }) => committedOffset >= 0)
        .map(({ partitionIndex, committedOffset }) => [
          `${name}-${partitionIndex}`,
          committedOffset,
        ]),
    ),
  );
}

export interface DescribedTransaction {
  readonly producerId: number;
  readonly epoch: number;
  /** As Kafka names it: Ongoing, PrepareCommit and so on. */
  readonly state: string;
  readonly startMs: number;
  readonly places: readonly Place[];
}

/** Where a transactional id stands; undefined when the lab knows of none. */
export async function describeTransaction(
  lab: ModelledLab,
  transactionalId: string,
): Promise<DescribedTransaction | undefined> {
  const answer = await lab.ask(DescribeTransactionsRequest, DescribeTransactionsResponse, 0, {
    transactionalIds: [transactionalId],
  });
  const found = only(answer.transactionStates);
  if (found.errorCode !== 0) return undefined;
  const { transactionState: state, producerId, producerEpoch: epoch, topics: parts } = found;
  const places = parts.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
  return { state, producerId, epoch, startMs: found.transactionStartTimeMs, places };
}
