import { BROKER_CONFIGS } from "../../../broker/broker-config.ts";
import { internalReplicationFactor } from "../../../broker/placement/place-topic.ts";
import { topicNameFault } from "../../../broker/topic-name.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type DescribeConfigsRequest as Request,
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../wire/kafka/messages/32-describe-configs.ts";
import { defineApi, type Endpoint, type Gateway, type KafkaApi } from "../api.ts";
import {
  type ConfigEntry,
  describeBrokerConfigs,
  describeTopicConfigs,
  RESOURCE,
} from "../config-entries.ts";

/*
 * DescribeConfigs, versions 1-4: every configuration of a topic or of the broker with its source and,
 * if asked for, its synonyms and what it does.
 */

type Resource = Request["resources"][number];

interface Found {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly entries: readonly ConfigEntry[];
}

function refuse(errorCode: number, errorMessage: string): Found {
  return { errorCode, errorMessage, entries: [] };
}

function accept(entries: readonly ConfigEntry[]): Found {
  return { errorCode: KAFKA_ERRORS.NONE, errorMessage: null, entries };
}

export function describeConfigs({ broker }: Gateway): KafkaApi {
  const internalReplicas = String(internalReplicationFactor(broker.nodes.count));
  // A client is told of its own listener, at the address by which it came.
  const brokerConfigs = ({ nodeId, protocol, host, port }: Endpoint) =>
    describeBrokerConfigs(BROKER_CONFIGS, {
      ...broker.configs,
      "advertised.listeners": `${protocol}://${host}:${port}`,
      "broker.id": String(nodeId),
      "node.id": String(nodeId),
      "num.partitions": String(broker.defaultPartitions),
      "offsets.topic.replication.factor": internalReplicas,
      "transaction.state.log.replication.factor": internalReplicas,
    });

  function find({ resourceType, resourceName }: Resource, endpoint: Endpoint): Found {
    const { nodeId } = endpoint;
    switch (resourceType) {
      case RESOURCE.topic: {
        const fault = topicNameFault(resourceName);
        if (fault !== undefined) return refuse(KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION, fault);
        const topic = broker.topic(resourceName);
        return topic === undefined
          ? refuse(KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, `There is no topic '${resourceName}'.`)
          : accept(describeTopicConfigs(topic.overrides));
      }
      case RESOURCE.broker:
        return resourceName === String(nodeId) || resourceName === ""
          ? accept(resourceName === "" ? [] : brokerConfigs(endpoint))
          : refuse(
              KAFKA_ERRORS.INVALID_REQUEST,
              `Unexpected broker id, expected ${nodeId} but received ${resourceName}`,
            );
      default:
        return refuse(
          KAFKA_ERRORS.INVALID_REQUEST,
          `Resource type ${resourceType} has no configuration here.`,
        );
    }
  }

  return defineApi({
    request: DescribeConfigsRequest,
    response: DescribeConfigsResponse,
    handle: ({ resources, includeSynonyms, includeDocumentation }, { endpoint }) => ({
      throttleTimeMs: 0,
      results: resources.map((resource) => {
        const { resourceType, resourceName, configurationKeys } = resource;
        const { errorCode, errorMessage, entries } = find(resource, endpoint);
        // No names are all names, as in Kafka.
        const named = configurationKeys !== null && configurationKeys.length > 0;
        const wanted = named ? new Set(configurationKeys) : undefined;
        const configs = entries
          .filter(({ name }) => wanted?.has(name) ?? true)
          .map((entry) => ({
            ...entry,
            synonyms: includeSynonyms ? entry.synonyms : [],
            documentation: includeDocumentation ? entry.documentation : null,
          }));
        return { errorCode, errorMessage, resourceType, resourceName, configs };
      }),
    }),
  });
}
