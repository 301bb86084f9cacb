import { LabError } from "../api/errors.ts";
import type { Lab } from "../api/lab.ts";
import type { TopicSummary } from "../api/model.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Cluster, ClusterTopic } from "../cluster/cluster.ts";
import { Params } from "./params.ts";

/** Most topics that one request can delete. */
const MAX_DELETE_TOPICS = 10_000;
/** Most partitions that a topic can have. */
const MAX_PARTITIONS = 10_000;

type TopicMethods = "topics/list" | "topics/create" | "topics/delete";

/** Answers what is asked about topics. */
export function createTopicHandlers(cluster: Cluster): Pick<Handlers<Lab>, TopicMethods> {
  return {
    "topics/list": async (params) => {
      const includeInternal = new Params(params).flag("includeInternal");
      const topics = await cluster.topics();
      return { topics: topics.filter((topic) => includeInternal || !topic.internal).map(summary) };
    },
    "topics/create": async (params) => {
      const given = new Params(params);
      const outcome = await cluster.createTopic({
        name: given.text("name"),
        partitions: given.optionalInteger("partitions", 1, MAX_PARTITIONS),
        configs: given.textMap("configs"),
      });
      if (outcome.kind === "created") return summary(outcome.topic);
      throw new LabError(CREATE_CODES[outcome.reason], outcome.message);
    },
    "topics/delete": (params) =>
      deleteTopics(cluster, new Params(params).texts("names", MAX_DELETE_TOPICS)),
  };
}

const CREATE_CODES = {
  exists: "topic-exists",
  "invalid-name": "invalid-topic",
  "invalid-partitions": "invalid-partitions",
  "invalid-config": "bad-request",
  "invalid-replication-factor": "bad-request",
  "invalid-assignment": "bad-request",
  disk: "disk",
} as const;

const DELETE_CODES = { unknown: "unknown-topic", internal: "invalid-topic", disk: "disk" } as const;

/** Deletes what can be deleted; what could not is named in the error. */
async function deleteTopics(
  cluster: Cluster,
  names: readonly string[],
): Promise<Record<string, never>> {
  const failures: LabError[] = [];
  for (const name of new Set(names)) {
    const outcome = await cluster.deleteTopic(name);
    if (outcome.kind === "refused") {
      failures.push(new LabError(DELETE_CODES[outcome.reason], outcome.message));
    }
  }
  const [first] = failures;
  if (first === undefined) return {};
  const shown = failures.slice(0, 10).map(({ message }) => message);
  const rest = failures.length > shown.length ? ` And ${failures.length - shown.length} more.` : "";
  throw new LabError(first.code, shown.join(" ") + rest);
}

function summary({ name, id, internal, partitions }: ClusterTopic): TopicSummary {
  return { name, id, internal, partitions };
}
