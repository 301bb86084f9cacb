import { LabError } from "../api/errors.ts";
import type { Lab } from "../api/lab.ts";
import type { GroupDetails, ResetStep, ResetTarget } from "../api/model.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterGroups, GroupDescription } from "../cluster/groups.ts";
import { type PartitionProgress, progressOf, topicsOf } from "../groups/lag.ts";
import { applyReset, planReset } from "../groups/reset.ts";
import { Params } from "./params.ts";

const MAX_INDEX = 2 ** 31 - 1;
/** Most partitions that one reset can change. */
const MAX_RESET_STEPS = 10_000;

type GroupMethods = "groups/describe" | "groups/planReset" | "groups/reset";

/** Answers what is asked about consumer groups. */
export function createGroupHandlers(
  cluster: Cluster,
  groups: ClusterGroups,
): Pick<Handlers<Lab>, GroupMethods> {
  return {
    "groups/describe": async (params) => {
      const groupId = new Params(params).text("groupId");
      const group = await groups.describe(groupId);
      if (group === undefined) throw new LabError("unknown-group", `There is no group ${groupId}.`);
      return details(group, progressOf(group, await topicsOf(cluster, group)));
    },
    "groups/planReset": async (params) => {
      const given = new Params(params);
      const partition = given.optionalInteger("partition", 0, MAX_INDEX);
      const scope = {
        groupId: given.text("groupId"),
        topic: given.text("topic"),
        partitions: partition === undefined ? undefined : [partition],
      };
      const plan = await planReset(cluster, groups, scope, readTarget(given.object("target")));
      if (plan.kind === "plan") return { steps: plan.steps };
      throw new LabError(CODES[plan.reason], plan.message);
    },
    "groups/reset": async (params) => {
      const given = new Params(params);
      const steps = given.objects("steps", MAX_RESET_STEPS).map(readStep);
      const outcome = await applyReset(groups, given.text("groupId"), steps);
      if (outcome.kind === "reset") return {};
      throw new LabError(CODES[outcome.reason], outcome.message);
    },
  };
}

const CODES = {
  "unknown-group": "unknown-group",
  "unknown-topic": "unknown-topic",
  active: "group-active",
  changed: "busy",
  failed: "internal",
} as const;

function details(
  { groupId, type, state, epoch, assignor, members }: GroupDescription,
  progress: readonly PartitionProgress[],
): GroupDetails {
  return {
    ...{ groupId, type, state, epoch, assignor },
    members: members.map(({ memberId, instanceId, clientId, clientHost }) => ({
      ...{ memberId, instanceId, clientId, clientHost },
    })),
    progress: progress.map(({ topic, partition, committed, extent, lag, member }) => ({
      ...{ topic, partition, committed, lag, member },
      endOffset: extent?.endOffset,
    })),
  };
}

function readTarget(target: Params): ResetTarget {
  const kind = target.text("kind");
  const { MAX_SAFE_INTEGER: most } = Number;
  switch (kind) {
    case "earliest":
    case "latest":
      return { kind };
    case "offset":
      return { kind, offset: target.integer("offset", 0, most) };
    case "time":
      return { kind, timestampMs: target.integer("timestampMs", 0, most) };
    case "shift":
      return { kind, by: target.integer("by", -most, most) };
    default:
      return target.fail("kind", "earliest, latest, offset, time or shift");
  }
}

function readStep(step: Params): ResetStep {
  return {
    topic: step.text("topic"),
    partition: step.integer("partition", 0, MAX_INDEX),
    from: step.optionalInteger("from", 0, Number.MAX_SAFE_INTEGER),
    to: step.integer("to", 0, Number.MAX_SAFE_INTEGER),
    clamped: step.flag("clamped"),
  };
}
