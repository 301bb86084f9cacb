import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type OffsetFetchRequest as Request,
  OffsetFetchRequest,
  OffsetFetchResponse,
} from "../../../wire/kafka/messages/09-offset-fetch.ts";
import { NO_TOPIC_ID } from "../../../wire/kafka/primitives.ts";
import { defineApi, type Endpoint, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/*
 * OffsetFetch, versions 1-10: one group up to version 7, many from version 8 on (KIP-709), topic ids
 * from version 10 on. Members of consumer groups (KIP-848) are checked from version 9 on. A partition
 * without a commit has offset -1. With requireStable (version 7) one that an open transaction has
 * offsets for answers UNSTABLE_OFFSET_COMMIT (KIP-447).
 */

interface WantedTopic {
  readonly name: string;
  readonly topicId: string;
  readonly partitionIndexes: readonly number[];
}

type WantedGroup = Pick<Request["groups"][number], "groupId" | "memberId" | "memberEpoch"> & {
  readonly topics: readonly WantedTopic[] | null;
};

function nothing(partitionIndex: number, errorCode: number) {
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: "", errorCode };
}

function nothingOf({ name, topicId, partitionIndexes }: WantedTopic, errorCode: number) {
  const partitions = partitionIndexes.map((index) => nothing(index, errorCode));
  return { name, topicId, partitions };
}

export function offsetFetch({ broker }: Gateway): KafkaApi {
  /** Topics named by an id that is not known are answered without asking the coordinator. */
  function named(topic: WantedTopic, byId: boolean): string | undefined {
    return byId ? broker.topicById(topic.topicId)?.name : topic.name;
  }

  async function fetchGroup(
    group: WantedGroup,
    requireStable: boolean,
    byId: boolean,
    endpoint: Endpoint,
  ) {
    const { groupId, memberId, memberEpoch, topics } = group;
    if (isElsewhere(broker, groupId, endpoint)) {
      return { groupId, topics: [], errorCode: KAFKA_ERRORS.NOT_COORDINATOR };
    }
    const wanted =
      topics?.flatMap((topic) => {
        const name = named(topic, byId);
        return name === undefined ? [] : [{ topic: name, partitions: topic.partitionIndexes }];
      }) ?? null;
    const result = await broker.groups.fetchOffsets({
      ...{ groupId, memberId, memberEpoch },
      ...{ requireStable, topics: wanted },
    });
    const found = result.topics.map(({ topic, partitions }) => ({
      name: topic,
      topicId: broker.topic(topic)?.id ?? NO_TOPIC_ID,
      partitions: partitions.map(({ partition, error, offset, leaderEpoch, metadata }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedLeaderEpoch: leaderEpoch,
        metadata,
        errorCode: KAFKA_ERRORS[error],
      })),
    }));
    const unknown = (topics ?? [])
      .filter((topic) => named(topic, byId) === undefined)
      .map((topic) => nothingOf(topic, KAFKA_ERRORS.UNKNOWN_TOPIC_ID));
    return { groupId, topics: [...found, ...unknown], errorCode: KAFKA_ERRORS[result.error] };
  }

  return defineApi({
    request: OffsetFetchRequest,
    response: OffsetFetchResponse,
    async handle(request, { version, endpoint }) {
      const { requireStable } = request;
      if (version >= 8) {
        const groups = request.groups.map((group) =>
          fetchGroup(group, requireStable, version >= 10, endpoint),
        );
        return { throttleTimeMs: 0, groups: await Promise.all(groups) };
      }
      const topics = request.topics?.map((topic) => ({ ...topic, topicId: NO_TOPIC_ID })) ?? null;
      const { groupId } = request;
      const { errorCode, ...group } = await fetchGroup(
        { groupId, memberId: null, memberEpoch: -1, topics },
        requireStable,
        false,
        endpoint,
      );
      if (version >= 2 || errorCode === KAFKA_ERRORS.NONE) {
        return { throttleTimeMs: 0, topics: group.topics, errorCode };
      }
      // Version 1 has no error of its own: every partition carries it.
      const failed = (topics ?? []).map((topic) => nothingOf(topic, errorCode));
      return { throttleTimeMs: 0, topics: failed };
    },
  });
}
