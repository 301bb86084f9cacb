import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DeleteTopicsRequest,
  DeleteTopicsResponse,
} from "../../../wire/kafka/messages/20-delete-topics.ts";
import { NO_TOPIC_ID } from "../../../wire/kafka/primitives.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/* DeleteTopics, versions 1-6: by name, or from version 6 on by topic id as well (KIP-516). */

const OUTCOMES = {
  deleted: KAFKA_ERRORS.NONE,
  unknown: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
  internal: KAFKA_ERRORS.INVALID_REQUEST,
  disk: KAFKA_ERRORS.KAFKA_STORAGE_ERROR,
} as const;

export function deleteTopics({ broker }: Gateway): KafkaApi {
  async function remove(name: string | null, topicId: string) {
    const topic = name === null ? broker.topicById(topicId) : broker.topic(name);
    if (topic === undefined) {
      const byId = name === null;
      return {
        name,
        topicId: byId ? topicId : NO_TOPIC_ID,
        errorCode: byId ? KAFKA_ERRORS.UNKNOWN_TOPIC_ID : KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
        errorMessage: "There is no such topic.",
      };
    }
    const gone = { name: topic.name, topicId: topic.id };
    const outcome = await broker.deleteTopic(topic.name);
    const errorMessage = outcome.kind === "deleted" ? null : outcome.message;
    return { ...gone, errorCode: OUTCOMES[outcome.kind], errorMessage };
  }

  return defineApi({
    request: DeleteTopicsRequest,
    response: DeleteTopicsResponse,
    async handle({ topics, topicNames }, { version }) {
      const wanted =
        version >= 6 ? topics : topicNames.map((name) => ({ name, topicId: NO_TOPIC_ID }));
      return {
        throttleTimeMs: 0,
        responses: await Promise.all(wanted.map(({ name, topicId }) => remove(name, topicId))),
      };
    },
  });
}
