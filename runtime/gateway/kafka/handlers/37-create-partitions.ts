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
      const times = new Map<string, number>();
      for (const { name } of topics) times.set(name, (times.get(name) ?? 0) + 1);
      const unique = [...new Map(topics.map((topic) => [topic.name, topic])).values()];
      const results = unique.map(async (topic) =>
        times.get(topic.name) === 1
          ? grow(topic, validateOnly)
          : {
              name: topic.name,
              errorCode: KAFKA_ERRORS.INVALID_REQUEST,
              errorMessage: "Duplicate topic name.",
            },
      );
      return { throttleTimeMs: 0, results: await Promise.all(results) };
    },
  });
}
