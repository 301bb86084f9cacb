import type { ElectOutcome } from "../../../broker/placement/leadership.ts";
import type { Election } from "../../../broker/placement/placement.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from "../../../wire/kafka/messages/43-elect-leaders.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * ElectLeaders, versions 0-2 (KIP-183, KIP-460): of the preferred replica, or of any that is up where
 * there is no leader. Asked for all partitions, those that need no election are left out of the answer.
 */

const ELECTIONS: readonly Election[] = ["preferred", "unclean"];

export function electLeaders({ broker }: Gateway): KafkaApi {
  async function elect(topic: string, partitions: readonly number[], election: Election) {
    const outcomes = await broker.leadership.elect(topic, partitions, election);
    return outcomes.map((outcome, i) => ({
      partitionId: partitions[i] ?? -1,
      errorCode: errorCodeOf(outcome.kind, election),
      errorMessage: "message" in outcome ? outcome.message : null,
    }));
  }

  async function electAll(election: Election) {
    const all = Array.from(broker.topics(), async ({ name, partitions }) => {
      const indexes = partitions.map(({ index }) => index);
      const results = await elect(name, indexes, election);
      return {
        topic: name,
        partitionResult: results.filter(
          ({ errorCode }) => errorCode !== KAFKA_ERRORS.ELECTION_NOT_NEEDED,
        ),
      };
    });
    // Asked for all, Kafka names every topic and leaves out the partitions that need no election.
    return Promise.all(all);
  }

  return defineApi({
    request: ElectLeadersRequest,
    response: ElectLeadersResponse,
    async handle({ electionType, topicPartitions }) {
      const election = ELECTIONS[electionType];
      if (election === undefined) {
        const errorCode = KAFKA_ERRORS.INVALID_REQUEST;
        return { throttleTimeMs: 0, errorCode, replicaElectionResults: [] };
      }
      const results =
        topicPartitions === null
          ? await electAll(election)
          : await Promise.all(
              topicPartitions.map(async ({ topic, partitions }) => ({
                topic,
                partitionResult: await elect(topic, partitions, election),
              })),
            );
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS.NONE,
        replicaElectionResults: results,
      };
    },
  });
}

function errorCodeOf(kind: ElectOutcome["kind"], election: Election): number {
  switch (kind) {
    case "elected":
      return KAFKA_ERRORS.NONE;
    case "unknown":
      return KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION;
    case "not-needed":
      return KAFKA_ERRORS.ELECTION_NOT_NEEDED;
    case "not-available":
      return election === "preferred"
        ? KAFKA_ERRORS.PREFERRED_LEADER_NOT_AVAILABLE
        : KAFKA_ERRORS.ELIGIBLE_LEADERS_NOT_AVAILABLE;
    case "disk":
      return KAFKA_ERRORS.KAFKA_STORAGE_ERROR;
  }
}
