import type { ClusterGroups } from "../../runtime/cluster/groups.ts";

const refused = { kind: "refused", reason: "unknown", message: "There is no such group." } as const;

/** A cluster without consumer groups. */
export const noGroups: ClusterGroups = {
  list: () => Promise.resolve([]),
  describe: () => Promise.resolve(undefined),
  commit: () => Promise.resolve(refused),
  deleteOffsets: () => Promise.resolve(refused),
  delete: () => Promise.resolve(refused),
  onChange: () => ({ dispose: () => undefined }),
};
