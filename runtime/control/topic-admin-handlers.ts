import { LabError } from "../api/errors.ts";
import type { Lab } from "../api/lab.ts";
import type { Handlers } from "../api/rpc.ts";
import {
  type DeletionTarget,
  MAX_CONFIG_CHANGES,
  MAX_CONFIG_LENGTH,
  MAX_NAMED_TOPICS,
  MAX_TOPIC_PARTITIONS,
  type TopicAdminRequests,
  type TopicConfigChange,
} from "../api/topic-admin.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { TopicAdmin } from "../cluster/topic-admin.ts";
import { deleteRecords, emptyTopic, planDeletion } from "../topics/delete-records.ts";
import { Params } from "./params.ts";
import { forEachName } from "./refusals.ts";
import { topicSummary } from "./topic-handlers.ts";

const MAX_INDEX = 2 ** 31 - 1;

/** Answers what is asked to change topics. */
export function createTopicAdminHandlers(
  cluster: Cluster,
  admin: TopicAdmin,
): Pick<Handlers<Lab>, keyof TopicAdminRequests> {
  return {
    "topics/describe": async (params) => {
      const names = new Set(new Params(params).texts("names", MAX_NAMED_TOPICS));
      const found = await Promise.all([...names].map((name) => cluster.topic(name)));
      return { topics: found.filter((topic) => topic !== undefined).map(topicSummary) };
    },
    "topics/configs": async (params) => {
      const topic = new Params(params).text("topic");
      const configs = await admin.configs(topic);
      if (configs !== undefined) return { configs };
      throw new LabError("unknown-topic", `There is no topic ${topic}.`);
    },
    "topics/alterConfigs": async (params) => {
      const given = new Params(params);
      const changes = given.objects("changes", MAX_CONFIG_CHANGES).map(readChange);
      const validateOnly = given.flag("validateOnly");
      const outcome = await admin.alterConfigs(given.text("topic"), changes, validateOnly);
      if (outcome.kind === "altered") return { faults: [] };
      if (outcome.kind === "invalid") return { faults: outcome.faults };
      throw new LabError(CODES[outcome.reason], outcome.message);
    },
    "topics/addPartitions": async (params) => {
      const given = new Params(params);
      const total = given.integer("total", 1, MAX_TOPIC_PARTITIONS);
      const outcome = await admin.addPartitions(given.text("topic"), total);
      if (outcome.kind === "added") return topicSummary(outcome.topic);
      throw new LabError(CODES[outcome.reason], outcome.message);
    },
    ...createDeletionHandlers(cluster, admin),
  };
}

function createDeletionHandlers(cluster: Cluster, admin: TopicAdmin) {
  return {
    "topics/planDeleteRecords": async (params: unknown) => {
      const given = new Params(params);
      const partition = given.optionalInteger("partition", 0, MAX_INDEX);
      const target = readTarget(given.object("target"));
      const plan = await planDeletion(cluster, given.text("topic"), partition, target);
      if (plan.kind === "plan") return { steps: plan.steps };
      throw new LabError(CODES[plan.reason], plan.message);
    },
    "topics/deleteRecords": async (params: unknown) => {
      const given = new Params(params);
      const topic = given.text("topic");
      const steps = given.objects("steps", MAX_TOPIC_PARTITIONS).map((step) => ({
        partition: step.integer("partition", 0, MAX_INDEX),
        to: step.integer("to", 0, Number.MAX_SAFE_INTEGER),
      }));
      const outcome = await deleteRecords(admin, topic, steps);
      if (outcome.kind === "refused") throw new LabError(CODES[outcome.reason], outcome.message);
      return { partitions: (await cluster.topic(topic))?.partitions ?? [] };
    },
    "topics/empty": (params: unknown) =>
      forEachName(new Params(params).texts("names", MAX_NAMED_TOPICS), async (name) => {
        const outcome = await emptyTopic(cluster, admin, name);
        if (outcome.kind === "deleted") return undefined;
        return new LabError(CODES[outcome.reason], outcome.message);
      }),
  };
}

const CODES = {
  unknown: "unknown-topic",
  internal: "invalid-topic",
  compacted: "invalid-topic",
  "invalid-partitions": "invalid-partitions",
  "out-of-range": "offset-out-of-range",
  disk: "disk",
} as const;

function readChange(change: Params): TopicConfigChange {
  const name = change.text("name");
  return { name, value: change.nullableText("value", MAX_CONFIG_LENGTH) };
}

function readTarget(target: Params): DeletionTarget {
  const kind = target.text("kind");
  switch (kind) {
    case "end":
      return { kind };
    case "offset":
      return { kind, offset: target.integer("offset", 0, Number.MAX_SAFE_INTEGER) };
    case "time":
      return { kind, timestampMs: target.integer("timestampMs", 0, Number.MAX_SAFE_INTEGER) };
    default:
      return target.fail("kind", "end, offset or time");
  }
}
