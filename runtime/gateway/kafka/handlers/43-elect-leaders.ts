import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from "../../../wire/kafka/messages/43-elect-leaders.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * ElectLeaders, versions 0-2 (KIP-183, KIP-460). Every partition has its one replica for leader, so an
 * election is never needed.
 */

const UNCLEAN = 1;

export function electLeaders({ broker }: Gateway): KafkaApi {
  function elect(topic: string, partitionId: number) {
    if (broker.partition(topic, partitionId) === undefined) {
      const errorMessage = `There is no partition ${topic}-${partitionId}.`;
      return { partitionId, errorCode: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, errorMessage };
    }
    const errorMessage = "Leader election not needed for topic partition.";
    return { partitionId, errorCode: KAFKA_ERRORS.ELECTION_NOT_NEEDED, errorMessage };
  }

  /** Asked for all, Kafka names every topic and leaves out the partitions that need no election. */
  const allTopics = () =>
    Array.from(broker.topics(), ({ name }) => ({ topic: name, partitions: [] }));

  return defineApi({
    request: ElectLeadersRequest,
    response: ElectLeadersResponse,
    handle({ electionType, topicPartitions }) {
      const known = electionType >= 0 && electionType <= UNCLEAN;
      return {
        throttleTimeMs: 0,
        errorCode: known ? KAFKA_ERRORS.NONE : KAFKA_ERRORS.INVALID_REQUEST,
        replicaElectionResults: (known ? (topicPartitions ?? allTopics()) : []).map(
          ({ topic, partitions }) => ({
            topic,
            partitionResult: partitions.map((index) => elect(topic, index)),
          }),
        ),
      };
    },
  });
}
