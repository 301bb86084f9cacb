import { LabError } from "../api/errors.ts";
import { type GroupAdminRequests, MAX_NAMED_GROUPS } from "../api/group-admin.ts";
import type { Lab } from "../api/lab.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterGroups } from "../cluster/groups.ts";
import { deleteOffsets } from "../groups/delete-offsets.ts";
import { listGroups } from "../groups/overview.ts";
import { Params } from "./params.ts";
import { forEachName } from "./refusals.ts";

const MAX_INDEX = 2 ** 31 - 1;

/** Answers what is asked about many groups, and to take them or their offsets away. */
export function createGroupAdminHandlers(
  cluster: Cluster,
  groups: ClusterGroups,
): Pick<Handlers<Lab>, keyof GroupAdminRequests> {
  return {
    "groups/list": async (params) => {
      const given = new Params(params);
      const names = given.has("names") ? given.texts("names", MAX_NAMED_GROUPS) : undefined;
      return { groups: await listGroups(cluster, groups, names) };
    },
    "groups/delete": (params) =>
      forEachName(new Params(params).texts("names", MAX_NAMED_GROUPS), async (name) => {
        const outcome = await groups.delete(name);
        if (outcome.kind === "deleted") return undefined;
        return new LabError(CODES[outcome.reason], outcome.message);
      }),
    "groups/deleteOffsets": async (params) => {
      const given = new Params(params);
      const partition = given.optionalInteger("partition", 0, MAX_INDEX);
      const [groupId, topic] = [given.text("groupId"), given.text("topic")];
      const outcome = await deleteOffsets(groups, groupId, topic, partition);
      if (outcome.kind === "deleted") return { partitions: outcome.partitions };
      throw new LabError(CODES[outcome.reason], outcome.message);
    },
  };
}

const CODES = {
  unknown: "unknown-group",
  active: "group-active",
  "unknown-partition": "unknown-partition",
  failed: "internal",
} as const;
