import { LabError } from "../api/errors.ts";
import type { Lab } from "../api/lab.ts";
import type { TopicSummary } from "../api/model.ts";
import type { Handlers } from "../api/rpc.ts";
import { MAX_NAMED_TOPICS, MAX_TOPIC_PARTITIONS } from "../api/topic-admin.ts";
import type { Cluster, ClusterTopic } from "../cluster/cluster.ts";
import { Params } from "./params.ts";
import { forEachName } from "./refusals.ts";

type TopicMethods = "topics/list" | "topics/create" | "topics/delete";

/** Answers what is asked about topics. */
export function createTopicHandlers(cluster: Cluster): Pick<Handlers<Lab>, TopicMethods> {
  return {
    "topics/list": async (params) => {
      const includeInternal = new Params(params).flag("includeInternal");
      const topics = await cluster.topics();
      return {
        topics: topics.filter((topic) => includeInternal || !topic.internal).map(topicSummary),
      };
    },
    "topics/create": async (params) => {
      const given = new Params(params);
      const outcome = await cluster.createTopic({
        name: given.text("name"),
        partitions: given.optionalInteger("partitions", 1, MAX_TOPIC_PARTITIONS),
        configs: given.textMap("configs"),
      });
      if (outcome.kind === "created") return topicSummary(outcome.topic);
      throw new LabError(CREATE_CODES[outcome.reason], outcome.message);
    },
    "topics/delete": (params) =>
      forEachName(new Params(params).texts("names", MAX_NAMED_TOPICS), async (name) => {
        const outcome = await cluster.deleteTopic(name);
        if (outcome.kind === "deleted") return undefined;
        return new LabError(DELETE_CODES[outcome.reason], outcome.message);
      }),
  };
}

const CREATE_CODES = {
  exists: "topic-exists",
  "invalid-name": "invalid-topic",
  "invalid-partitions": "invalid-partitions",
  "invalid-config": "bad-request",
  "invalid-replication-factor": "bad-request",
  "invalid-assignment": "bad-request",
  "read-only": "read-only",
  disk: "disk",
} as const;

const DELETE_CODES = {
  unknown: "unknown-topic",
  internal: "invalid-topic",
  "read-only": "read-only",
  disk: "disk",
} as const;

/** What the contract tells of a topic. */
export function topicSummary({ name, id, internal, partitions }: ClusterTopic): TopicSummary {
  return { name, id, internal, partitions };
}
