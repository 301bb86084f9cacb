import type { TopicAdmin } from "../../runtime/cluster/topic-admin.ts";

const refused = { kind: "refused", reason: "unknown", message: "There is no such topic." } as const;

/** A cluster whose topics cannot be changed. */
export const noTopicAdmin: TopicAdmin = {
  configs: () => Promise.resolve(undefined),
  alterConfigs: () => Promise.resolve(refused),
  addPartitions: () => Promise.resolve(refused),
  deleteRecords: () => Promise.resolve(refused),
};
