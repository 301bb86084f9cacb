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
 * CreateTopics, versions 2-7, with a number of replicas or a manual assignment of each partition.
 */

/** Where Kafka keeps what the lab keeps in its catalogue. */
const METADATA_TOPIC = "__cluster_metadata";

type Wanted = Request["topics"][number];

const OUTCOMES: Readonly<Record<Exclude<CreateOutcome["kind"], "created" | "valid">, number>> = {
  exists: KAFKA_ERRORS.TOPIC_ALREADY_EXISTS,
  "invalid-name": KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION,
  "invalid-partitions": KAFKA_ERRORS.INVALID_PARTITIONS,
  "invalid-config": KAFKA_ERRORS.INVALID_CONFIG,
  "invalid-replication-factor": KAFKA_ERRORS.INVALID_REPLICATION_FACTOR,
  "invalid-assignment": KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT,
  disk: KAFKA_ERRORS.KAFKA_STORAGE_ERROR,
};

function failure(name: string, errorCode: number, errorMessage: string) {
  return { name, topicId: NO_TOPIC_ID, errorCode, errorMessage, configs: [] };
}

/** What the protocol says of partitions and replicas, as the broker takes it, or why it cannot be meant. */
function shapeOf({ name, numPartitions, replicationFactor, assignments }: Wanted) {
  if (assignments.length === 0) {
    return {
      partitions: numPartitions === -1 ? undefined : numPartitions,
      replicationFactor: replicationFactor === -1 ? undefined : replicationFactor,
    };
  }
  if (numPartitions !== -1 || replicationFactor !== -1) {
    const why = "Both a manual assignment and a number of partitions or replicas were given.";
    return failure(name, KAFKA_ERRORS.INVALID_REQUEST, why);
  }
  const inOrder = assignments.toSorted((a, b) => a.partitionIndex - b.partitionIndex);
  if (inOrder.some(({ partitionIndex }, i) => partitionIndex !== i)) {
    const why = "Partitions must be a consecutive 0-based integer sequence, each assigned once.";
    return failure(name, KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT, why);
  }
  return { assignments: inOrder.map(({ brokerIds }) => brokerIds) };
}

function sizeOf(outcome: Extract<CreateOutcome, { kind: "created" | "valid" }>) {
  if (outcome.kind === "valid") {
    return { numPartitions: outcome.partitions, replicationFactor: outcome.replicationFactor };
  }
  const { partitions } = outcome.topic;
  const replicationFactor = partitions[0]?.placement.replicas.length ?? -1;
  return { numPartitions: partitions.length, replicationFactor };
}

export function createTopics({ broker }: Gateway): KafkaApi {
  async function create(wanted: Wanted, validateOnly: boolean) {
    const { name } = wanted;
    if (name === METADATA_TOPIC) {
      const why = `Creation of internal topic ${name} is prohibited.`;
      return failure(name, KAFKA_ERRORS.INVALID_REQUEST, why);
    }
    const shape = shapeOf(wanted);
    if ("errorCode" in shape) return shape;
    const configs: Record<string, string> = {};
    for (const config of wanted.configs) {
      if (config.value === null) {
        const why = `Null value not supported for topic configs: ${config.name}`;
        return failure(name, KAFKA_ERRORS.INVALID_CONFIG, why);
      }
      configs[config.name] = config.value;
    }
    const outcome = await broker.createTopic({ name, ...shape, configs, validateOnly });
    if (outcome.kind !== "created" && outcome.kind !== "valid") {
      return failure(name, OUTCOMES[outcome.kind], outcome.message);
    }
    return {
      name,
      topicId: outcome.kind === "created" ? outcome.topic.id : NO_TOPIC_ID,
      errorCode: KAFKA_ERRORS.NONE,
      errorMessage: null,
      ...sizeOf(outcome),
      configs: describeTopicConfigs(configs).map((entry) => ({ ...entry })),
    };
  }

  return defineApi({
    request: CreateTopicsRequest,
    response: CreateTopicsResponse,
    async handle({ topics, validateOnly }) {
      const times = new Map<string, number>();
      for (const { name } of topics) times.set(name, (times.get(name) ?? 0) + 1);
      const unique = topics.filter(({ name }) => times.get(name) === 1);
      const doubled = [...times].filter(([, count]) => count > 1);
      return {
        throttleTimeMs: 0,
        topics: [
          ...(await Promise.all(unique.map((wanted) => create(wanted, validateOnly)))),
          ...doubled.map(([name]) =>
            failure(name, KAFKA_ERRORS.INVALID_REQUEST, "Duplicate topic name."),
          ),
        ],
      };
    },
  });
}
