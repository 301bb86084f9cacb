import type { CreateOutcome } from "../../../broker/outcomes.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type CreateTopicsRequest as Request,
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../../wire/kafka/messages/19-create-topics.ts";
import { NO_TOPIC_ID } from "../../../wire/kafka/primitives.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { describeTopicConfigs } from "../config-entries.ts";

/*
 * CreateTopics, versions 2-7. With one broker every replication factor but 1 (or -1, the default) is
 * refused, as Kafka does, and a manual assignment may name that broker only.
 */

/** Where Kafka keeps what the lab keeps in its catalogue. */
const METADATA_TOPIC = "__cluster_metadata";

type Wanted = Request["topics"][number];

const OUTCOMES: Readonly<Record<Exclude<CreateOutcome["kind"], "created" | "valid">, number>> = {
  exists: KAFKA_ERRORS.TOPIC_ALREADY_EXISTS,
  "invalid-name": KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION,
  "invalid-partitions": KAFKA_ERRORS.INVALID_PARTITIONS,
  "invalid-config": KAFKA_ERRORS.INVALID_CONFIG,
  disk: KAFKA_ERRORS.KAFKA_STORAGE_ERROR,
};

function failure(name: string, errorCode: number, errorMessage: string) {
  return { name, topicId: NO_TOPIC_ID, errorCode, errorMessage, configs: [] };
}

/** Checks what only the protocol knows; the number of partitions when it is sound. */
function partitionsOf(
  { name, numPartitions, replicationFactor, assignments }: Wanted,
  nodeId: number,
  defaultPartitions: number,
): number | ReturnType<typeof failure> {
  if (assignments.length > 0) {
    if (numPartitions !== -1 || replicationFactor !== -1) {
      const why = "Both a manual assignment and a number of partitions or replicas were given.";
      return failure(name, KAFKA_ERRORS.INVALID_REQUEST, why);
    }
    const inOrder = assignments
      .map(({ partitionIndex }) => partitionIndex)
      .sort((a, b) => a - b)
      .every((partition, i) => partition === i);
    const onlyHere = assignments.every(
      ({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === nodeId,
    );
    if (inOrder && onlyHere) return assignments.length;
    const why = `Partitions must be numbered from 0 without a gap, each on broker ${nodeId} alone.`;
    return failure(name, KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT, why);
  }
  if (replicationFactor !== 1 && replicationFactor !== -1) {
    const why = `Unable to replicate the partition ${replicationFactor} time(s): the lab has 1 broker. Ask for a replication factor of 1, or -1.`;
    return failure(name, KAFKA_ERRORS.INVALID_REPLICATION_FACTOR, why);
  }
  return numPartitions === -1 ? defaultPartitions : numPartitions;
}

export function createTopics({ broker }: Gateway): KafkaApi {
  async function create(wanted: Wanted, validateOnly: boolean, nodeId: number) {
    const { name } = wanted;
    if (name === METADATA_TOPIC) {
      const why = `Creation of internal topic ${name} is prohibited.`;
      return failure(name, KAFKA_ERRORS.INVALID_REQUEST, why);
    }
    const partitions = partitionsOf(wanted, nodeId, broker.defaultPartitions);
    if (typeof partitions !== "number") return partitions;
    const configs: Record<string, string> = {};
    for (const config of wanted.configs) {
      if (config.value === null) {
        const why = `Null value not supported for topic configs: ${config.name}`;
        return failure(name, KAFKA_ERRORS.INVALID_CONFIG, why);
      }
      configs[config.name] = config.value;
    }
    const outcome = await broker.createTopic({ name, partitions, configs, validateOnly });
    if (outcome.kind !== "created" && outcome.kind !== "valid") {
      return failure(name, OUTCOMES[outcome.kind], outcome.message);
    }
    return {
      name,
      topicId: outcome.kind === "created" ? outcome.topic.id : NO_TOPIC_ID,
      errorCode: KAFKA_ERRORS.NONE,
      errorMessage: null,
      numPartitions: partitions,
      replicationFactor: 1,
      configs: describeTopicConfigs(configs).map((entry) => ({ ...entry })),
    };
  }

  return defineApi({
    request: CreateTopicsRequest,
    response: CreateTopicsResponse,
    async handle({ topics, validateOnly }, { endpoint }) {
      const times = new Map<string, number>();
      for (const { name } of topics) times.set(name, (times.get(name) ?? 0) + 1);
      const unique = topics.filter(({ name }) => times.get(name) === 1);
      const doubled = [...times].filter(([, count]) => count > 1);
      return {
        throttleTimeMs: 0,
        topics: [
          ...(await Promise.all(
            unique.map((wanted) => create(wanted, validateOnly, endpoint.nodeId)),
          )),
          ...doubled.map(([name]) =>
            failure(name, KAFKA_ERRORS.INVALID_REQUEST, "Duplicate topic name."),
          ),
        ],
      };
    },
  });
}
