import type { AppendRefusal, AppendResult } from "../../../broker/append.ts";
import type { Partition } from "../../../broker/partition.ts";
import type { Topic } from "../../../broker/topic.ts";
import { codecNumberOf } from "../../../record/batch.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type ProduceRequest as Request,
  ProduceRequest,
  ProduceResponse,
} from "../../../wire/kafka/messages/00-produce.ts";
import {
  CloseConnection,
  defineApi,
  type Gateway,
  type KafkaApi,
  type RequestContext,
  SILENCE,
} from "../api.ts";
import { leaderAddresses, leaderOf } from "../node-addresses.ts";
import { addsPartitions, transactionFaults } from "../produce-transaction.ts";

/*
 * Produce, versions 3-13; 0-2 are advertised but not served: with a minimum of 3, librdkafka 2.0
 * quietly sends its batches uncompressed (KAFKA-18659). Batches are checked, stamped with their
 * offset and stored as they came. Batches of a transaction need one that is open and has the partition;
 * from version 12 on they add it themselves (KIP-890). A node that does not lead a partition says who
 * does, from version 10 on (KIP-951).
 */

const ZSTD = 4;
const ZSTD_SINCE_VERSION = 7;
const ALL_IN_SYNC = -1;

const REFUSALS: Readonly<Record<AppendRefusal, number>> = {
  corrupt: KAFKA_ERRORS.CORRUPT_MESSAGE,
  "invalid-record": KAFKA_ERRORS.INVALID_RECORD,
  "too-large": KAFKA_ERRORS.MESSAGE_TOO_LARGE,
  "invalid-timestamp": KAFKA_ERRORS.INVALID_TIMESTAMP,
  "unsupported-compression": KAFKA_ERRORS.UNSUPPORTED_COMPRESSION_TYPE,
  "out-of-order-sequence": KAFKA_ERRORS.OUT_OF_ORDER_SEQUENCE_NUMBER,
  "producer-fenced": KAFKA_ERRORS.INVALID_PRODUCER_EPOCH,
  "invalid-transaction": KAFKA_ERRORS.INVALID_TXN_STATE,
  "unknown-partition": KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
  disk: KAFKA_ERRORS.KAFKA_STORAGE_ERROR,
};

type PartitionData = Request["topicData"][number]["partitionData"][number];

function partitionError(index: number, errorCode: number, errorMessage: string | null) {
  const recordErrors: { batchIndex: number; batchIndexErrorMessage: string | null }[] = [];
  return {
    index,
    errorCode,
    baseOffset: -1,
    logAppendTimeMs: -1,
    logStartOffset: -1,
    recordErrors,
    errorMessage,
  };
}

type PartitionResponse = ReturnType<typeof partitionError> & {
  readonly currentLeader?: ReturnType<typeof leaderOf>;
};

/** What keeps this node from appending to a partition, before its batch is looked at. */
function partitionFault(
  { index, placement, isUnderMinIsr }: Partition,
  nodeId: number,
  acks: number,
): PartitionResponse | undefined {
  if (placement.leader !== nodeId) {
    const error = partitionError(index, KAFKA_ERRORS.NOT_LEADER_OR_FOLLOWER, null);
    return { ...error, currentLeader: leaderOf(placement) };
  }
  if (acks !== ALL_IN_SYNC || !isUnderMinIsr) return undefined;
  const why = `Only ${placement.isr.length} replica(s) are in sync, fewer than min.insync.replicas.`;
  return partitionError(index, KAFKA_ERRORS.NOT_ENOUGH_REPLICAS, why);
}

function toResponse(index: number, result: AppendResult): PartitionResponse {
  if (result.kind === "refused") {
    const recordErrors = (result.records ?? []).map((record) => ({
      batchIndex: record.index,
      batchIndexErrorMessage: record.message,
    }));
    return { ...partitionError(index, REFUSALS[result.reason], result.message), recordErrors };
  }
  return {
    ...partitionError(index, KAFKA_ERRORS.NONE, null),
    baseOffset: result.baseOffset,
    logAppendTimeMs: result.logAppendTimeMs,
    logStartOffset: result.startOffset,
  };
}

/** A producer that asked for no acknowledgement learns of an error only by losing its connection. */
function unacknowledged(
  responses: readonly { partitionResponses: readonly PartitionResponse[] }[],
) {
  const failed = responses
    .flatMap((topic) => topic.partitionResponses)
    .find((partition) => partition.errorCode !== KAFKA_ERRORS.NONE);
  return failed === undefined
    ? SILENCE
    : new CloseConnection(`produce with acks=0 failed with error ${failed.errorCode}`);
}

export function produce({ broker }: Gateway): KafkaApi {
  async function append(
    topic: Topic | undefined,
    unknownTopic: number,
    data: PartitionData,
    acks: number,
    transactionFault: number | undefined,
    { version, endpoint }: RequestContext,
  ): Promise<PartitionResponse> {
    if (topic === undefined) return partitionError(data.index, unknownTopic, null);
    const partition = topic.partitions[data.index];
    if (partition === undefined || topic.internal) {
      const code = topic.internal
        ? KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION
        : KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
      return partitionError(data.index, code, null);
    }
    const fault = partitionFault(partition, endpoint.nodeId, acks);
    if (fault !== undefined) return fault;
    const { records } = data;
    if (records === null) {
      return partitionError(data.index, KAFKA_ERRORS.INVALID_RECORD, "There is no record batch.");
    }
    if (version < ZSTD_SINCE_VERSION && codecNumberOf(records, 0) === ZSTD) {
      return partitionError(
        data.index,
        KAFKA_ERRORS.UNSUPPORTED_COMPRESSION_TYPE,
        `Produce before version ${ZSTD_SINCE_VERSION} cannot carry zstd.`,
      );
    }
    if (transactionFault !== undefined) return partitionError(data.index, transactionFault, null);
    return toResponse(data.index, await partition.append(records, addsPartitions(version)));
  }

  return defineApi({
    request: ProduceRequest,
    response: ProduceResponse,
    advertiseFrom: 0,
    pipelined: true,
    async handle(request, context) {
      const { version, endpoint } = context;
      const acksKnown = request.acks === -1 || request.acks === 0 || request.acks === 1;
      const enlisting = acksKnown ? transactionFaults(broker, request, version) : undefined;
      const faults = enlisting && (await enlisting);
      const responses = await Promise.all(
        request.topicData.map(async ({ name, topicId, partitionData }) => {
          const byId = version >= 13;
          const topic = byId ? broker.topicById(topicId) : broker.topic(name);
          const unknown = byId
            ? KAFKA_ERRORS.UNKNOWN_TOPIC_ID
            : KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
          const partitionResponses = await Promise.all(
            partitionData.map(async (data): Promise<PartitionResponse> =>
              acksKnown
                ? append(topic, unknown, data, request.acks, faults?.get(data), context)
                : partitionError(data.index, KAFKA_ERRORS.INVALID_REQUIRED_ACKS, null),
            ),
          );
          return { name, topicId, partitionResponses };
        }),
      );
      if (request.acks !== 0) {
        const answers = responses.map(({ partitionResponses }) => partitionResponses);
        const nodeEndpoints = leaderAddresses(answers, endpoint);
        return { responses, throttleTimeMs: 0, nodeEndpoints };
      }
      return unacknowledged(responses);
    },
  });
}
