import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  AlterReplicaLogDirsRequest,
  AlterReplicaLogDirsResponse,
} from "../../../wire/kafka/messages/34-alter-replica-log-dirs.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * AlterReplicaLogDirs, versions 1-2 (KIP-113): every partition lies in the data folder, and can be moved
 * there alone, which changes nothing. Only a node with a replica of it can be asked.
 */
export function alterReplicaLogDirs({ broker }: Gateway): KafkaApi {
  function move(topic: string, partitionIndex: number, path: string, node: number) {
    if (path !== broker.dataFolder) {
      return { partitionIndex, errorCode: KAFKA_ERRORS.LOG_DIR_NOT_FOUND };
    }
    const replicas = broker.partition(topic, partitionIndex)?.placement.replicas;
    const isHere = replicas?.includes(node) === true;
    const errorCode = isHere ? KAFKA_ERRORS.NONE : KAFKA_ERRORS.REPLICA_NOT_AVAILABLE;
    return { partitionIndex, errorCode };
  }

  return defineApi({
    request: AlterReplicaLogDirsRequest,
    response: AlterReplicaLogDirsResponse,
    handle: ({ dirs }, { endpoint }) => ({
      throttleTimeMs: 0,
      results: dirs.flatMap(({ path, topics }) =>
        topics.map(({ name, partitions }) => ({
          topicName: name,
          partitions: partitions.map((index) => move(name, index, path, endpoint.nodeId)),
        })),
      ),
    }),
  });
}
