import type { GroupOverview } from "../api/group-admin.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterGroups, GroupDescription } from "../cluster/groups.ts";
import { progressOf, topicsOf } from "./lag.ts";

/** The named groups, or all of them, as a list shows them. Those that do not exist are left out. */
export async function listGroups(
  cluster: Cluster,
  groups: ClusterGroups,
  names: readonly string[] | undefined,
): Promise<GroupOverview[]> {
  const wanted = names ?? (await groups.list()).map(({ groupId }) => groupId);
  const found: GroupOverview[] = [];
  for (const groupId of new Set(wanted)) {
    const group = await groups.describe(groupId);
    if (group !== undefined) found.push(await overviewOf(cluster, group));
  }
  return found;
}

async function overviewOf(cluster: Cluster, group: GroupDescription): Promise<GroupOverview> {
  const { groupId, type, state, epoch, members } = group;
  const lags = progressOf(group, await topicsOf(cluster, group)).flatMap(({ lag }) => lag ?? []);
  const lag = lags.length === 0 ? undefined : lags.reduce((sum, one) => sum + one, 0);
  return { groupId, type, state, epoch, memberCount: members.length, lag };
}
