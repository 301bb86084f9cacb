import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type CreatePartitionsRequest as Request,
  CreatePartitionsRequest,
  CreatePartitionsResponse,
} from "../../../wire/kafka/messages/37-create-partitions.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* CreatePartitions, versions 0-3 (KIP-195). The count is the new total and can only grow. */

type Wanted = Request["topics"][number];

const OUTCOMES = {
  grown: KAFKA_ERRORS.NONE,
  unknown: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
  "invalid-partitions": KAFKA_ERRORS.INVALID_PARTITIONS,
  "invalid-assignment": KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT,
  "invalid-replication-factor": KAFKA_ERRORS.INVALID_REPLICATION_FACTOR,
  disk: KAFKA_ERRORS.KAFKA_STORAGE_ERROR,
} as const;

export function createPartitions({ broker }: Gateway): KafkaApi {
  async function grow({ name, count, assignments }: Wanted, validateOnly: boolean) {
    const replicas = assignments?.map(({ brokerIds }) => brokerIds);
    const outcome = await broker.growTopic(name, count, validateOnly, replicas);
    const errorMessage = outcome.kind === "grown" ? null : outcome.message;
    return { name, errorCode: OUTCOMES[outcome.kind], errorMessage };
  }

  return defineApi({
    request: CreatePartitionsRequest,
    response: CreatePartitionsResponse,
    async handle({ topics, validateOnly }) {
      const results = topics.map((topic) => grow(topic, validateOnly));
      return { throttleTimeMs: 0, results: await Promise.all(results) };
    },
  });
}
