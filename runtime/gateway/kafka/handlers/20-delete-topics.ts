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

interface Wanted {
  readonly name: string | null;
  readonly topicId: string;
}

const keyOf = ({ name, topicId }: Wanted): string => `${topicId} ${name ?? ""}`;

/** What is wrong with a topic as it was asked for; then nothing is deleted. */
function faultOf({ name, topicId }: Wanted, times: number) {
  const refuse = (errorMessage: string) => ({
    errorCode: KAFKA_ERRORS.INVALID_REQUEST,
    errorMessage,
  });
  const hasId = topicId !== NO_TOPIC_ID;
  if (name === null && !hasId) return refuse("Neither topic name nor id were specified.");
  if (name !== null && hasId) return refuse("You may not specify both topic name and topic id.");
  return times > 1 ? refuse("Duplicate topic.") : undefined;
}

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
      const times = new Map<string, number>();
      for (const one of wanted) times.set(keyOf(one), (times.get(keyOf(one)) ?? 0) + 1);
      const unique = [...new Map(wanted.map((one) => [keyOf(one), one])).values()];
      return {
        throttleTimeMs: 0,
        responses: await Promise.all(
          unique.map(async (one) => {
            const fault = faultOf(one, times.get(keyOf(one)) ?? 0);
            return fault === undefined ? remove(one.name, one.topicId) : { ...one, ...fault };
          }),
        ),
      };
    },
  });
}
