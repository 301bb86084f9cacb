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
  disk: KAFKA_ERRORS.KAFKA_STORAGE_ERROR,
} as const;

export function createPartitions({ broker }: Gateway): KafkaApi {
  async function grow({ name, count, assignments }: Wanted, validateOnly: boolean, nodeId: number) {
    const added = count - (broker.topic(name)?.partitions.length ?? 0);
    const sound =
      assignments === null ||
      (assignments.length === added &&
        assignments.every(({ brokerIds }) => brokerIds.length === 1 && brokerIds[0] === nodeId));
    if (!sound && added > 0) {
      return {
        name,
        errorCode: KAFKA_ERRORS.INVALID_REPLICA_ASSIGNMENT,
        errorMessage: `Each of the ${added} new partition(s) needs an assignment to broker ${nodeId} alone.`,
      };
    }
    const outcome = await broker.growTopic(name, count, validateOnly);
    const errorMessage = outcome.kind === "grown" ? null : outcome.message;
    return { name, errorCode: OUTCOMES[outcome.kind], errorMessage };
  }

  return defineApi({
    request: CreatePartitionsRequest,
    response: CreatePartitionsResponse,
    async handle({ topics, validateOnly }, { endpoint }) {
      const times = new Map<string, number>();
      for (const { name } of topics) times.set(name, (times.get(name) ?? 0) + 1);
      const unique = [...new Map(topics.map((topic) => [topic.name, topic])).values()];
      const results = unique.map(async (topic) =>
        times.get(topic.name) === 1
          ? grow(topic, validateOnly, endpoint.nodeId)
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
