import type { Topic } from "../../../broker/topic.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type DescribeLogDirsRequest as Request,
  DescribeLogDirsRequest,
  DescribeLogDirsResponse,
} from "../../../wire/kafka/messages/35-describe-log-dirs.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * DescribeLogDirs, versions 1-5 (KIP-113): the data folder with the size of each partition that the node
 * has a replica of; the nodes of a lab share their logs. How large
 * its disk is, is not told.
 */
export function describeLogDirs({ broker }: Gateway): KafkaApi {
  function row(topic: Topic, node: number, wanted: (index: number) => boolean) {
    const partitions = topic.partitions
      .filter(({ index, placement }) => wanted(index) && placement.replicas.includes(node))
      .map(({ index, log }) => ({
        partitionIndex: index,
        partitionSize: log.sizeBytes,
        offsetLag: 0,
        isFutureKey: false,
      }));
    return partitions.length === 0 ? [] : [{ name: topic.name, partitions }];
  }

  function find(topics: Request["topics"], node: number) {
    if (topics === null) {
      return Array.from(broker.topics(), (topic) => row(topic, node, () => true));
    }
    return topics.map((asked) => {
      const topic = broker.topic(asked.topic);
      const indexes = new Set(asked.partitions);
      return topic === undefined ? [] : row(topic, node, (index) => indexes.has(index));
    });
  }

  return defineApi({
    request: DescribeLogDirsRequest,
    response: DescribeLogDirsResponse,
    handle: ({ topics }, { endpoint }) => ({
      throttleTimeMs: 0,
      errorCode: KAFKA_ERRORS.NONE,
      results: [
        {
          errorCode: KAFKA_ERRORS.NONE,
          logDir: broker.dataFolder,
          topics: find(topics, endpoint.nodeId).flat(),
        },
      ],
    }),
  });
}
