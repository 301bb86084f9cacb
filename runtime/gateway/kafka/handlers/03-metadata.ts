import { createsTopicsAskedFor } from "../../../broker/static-config.ts";
import type { Broker } from "../../../broker/broker.ts";
import { topicNameFault } from "../../../broker/topic-name.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type MetadataRequest as Request,
  MetadataRequest,
  MetadataResponse,
} from "../../../wire/kafka/messages/03-metadata.ts";
import { NO_TOPIC_ID } from "../../../wire/kafka/primitives.ts";
import { AUTHORIZED, NOT_ASKED } from "../authorized-operations.ts";
import { EncodedBodies } from "../encoded-bodies.ts";
import { liveAddresses } from "../node-addresses.ts";
import { TopicRows } from "../topic-rows.ts";
import { defineApi, EncodedResponse, type Endpoint, type Gateway, type KafkaApi } from "../api.ts";

/*
 * Metadata, versions 0-13. The nodes that are up, and who leads what. Topics that a client names and that
 * do not exist are created, unless it asked not to or the lab does not do so (Kafka's
 * auto.create.topics.enable). The answer about all topics is the same for everyone on a listener: it is
 * kept, encoded, until a topic comes, goes, grows or moves.
 */

/** Versions 10 and 11 have topic ids in their form only: asking by one is an error (KAFKA-10774). */
const BY_ID_SINCE_VERSION = 12;

type Wanted = NonNullable<Request["topics"]>[number];

function missing(errorCode: number, name: string | null, topicId: string) {
  return { errorCode, name, topicId, isInternal: false, partitions: [] };
}

/** A topic that is asked for twice is described once. */
function distinct(topics: readonly Wanted[]): Wanted[] {
  return [...new Map(topics.map((one) => [`${one.topicId} ${one.name ?? ""}`, one])).values()];
}

/** Which operations are named in the answer (KIP-430). */
interface Operations {
  readonly topic: number;
  readonly cluster: number;
}

function operationsOf(request: Request): Operations {
  const { includeTopicAuthorizedOperations, includeClusterAuthorizedOperations } = request;
  return {
    topic: includeTopicAuthorizedOperations ? AUTHORIZED.topic : NOT_ASKED,
    cluster: includeClusterAuthorizedOperations ? AUTHORIZED.cluster : NOT_ASKED,
  };
}

function answer<Row extends { errorCode: number }>(
  broker: Broker,
  endpoint: Endpoint,
  topics: Row[],
  operations: Operations,
) {
  const described = (row: Row) => ({
    ...row,
    topicAuthorizedOperations: row.errorCode === KAFKA_ERRORS.NONE ? operations.topic : NOT_ASKED,
  });
  return {
    throttleTimeMs: 0,
    brokers: liveAddresses(broker.nodes, endpoint),
    clusterId: broker.clusterId,
    controllerId: broker.nodes.controller,
    topics: operations.topic === NOT_ASKED ? topics : topics.map(described),
    clusterAuthorizedOperations: operations.cluster,
    errorCode: KAFKA_ERRORS.NONE,
  };
}

export function metadata({ broker }: Gateway): KafkaApi {
  const mayCreate = createsTopicsAskedFor(broker.configs);
  const bodies = new EncodedBodies();
  const rows = new TopicRows(broker.nodes);

  async function find({ name, topicId }: Wanted, create: boolean) {
    // The Java client sends an empty name along with an id.
    if (name === null || topicId !== NO_TOPIC_ID) {
      const topic = broker.topicById(topicId);
      return topic === undefined
        ? missing(KAFKA_ERRORS.UNKNOWN_TOPIC_ID, null, topicId)
        : rows.describe(topic);
    }
    const topic = broker.topic(name);
    if (topic !== undefined) return rows.describe(topic);
    if (topicNameFault(name) !== undefined) {
      return missing(KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION, name, NO_TOPIC_ID);
    }
    if (!create) return missing(KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION, name, NO_TOPIC_ID);
    const outcome = await broker.createTopic({ name });
    // Another client may have been first.
    const made = outcome.kind === "created" ? outcome.topic : broker.topic(name);
    return made === undefined
      ? missing(KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION, name, NO_TOPIC_ID)
      : rows.describe(made);
  }

  return defineApi({
    request: MetadataRequest,
    response: MetadataResponse,
    async handle(request, { version, endpoint }) {
      const { host, port } = endpoint;
      const operations = operationsOf(request);
      if (request.topics === null || (version === 0 && request.topics.length === 0)) {
        const form = `${version} ${host} ${port} ${Object.values(operations).join(" ")}`;
        const body = bodies.get(broker.topicsVersion, form, () => {
          const topics = Array.from(broker.topics(), (topic) => rows.describe(topic));
          return MetadataResponse.encode(version, answer(broker, endpoint, topics, operations));
        });
        return new EncodedResponse(body);
      }
      const byId = request.topics.filter(
        ({ name, topicId }) => name === null || topicId !== NO_TOPIC_ID,
      );
      if (version < BY_ID_SINCE_VERSION && byId.length > 0) {
        const refused = request.topics.map(({ name, topicId }) =>
          missing(KAFKA_ERRORS.INVALID_REQUEST, name ?? "", topicId),
        );
        return answer(broker, endpoint, refused, operations);
      }
      const create = mayCreate && (version < 4 || request.allowAutoTopicCreation);
      const found = distinct(request.topics).map((one) => find(one, create));
      return answer(broker, endpoint, await Promise.all(found), operations);
    },
  });
}
