import type { Gateway, KafkaApi } from "./api.ts";
import { produce } from "./handlers/00-produce.ts";
import { fetch } from "./handlers/01-fetch.ts";
import { listOffsets } from "./handlers/02-list-offsets.ts";
import { metadata } from "./handlers/03-metadata.ts";
import { offsetCommit } from "./handlers/08-offset-commit.ts";
import { offsetFetch } from "./handlers/09-offset-fetch.ts";
import { findCoordinator } from "./handlers/10-find-coordinator.ts";
import { joinGroup } from "./handlers/11-join-group.ts";
import { heartbeat } from "./handlers/12-heartbeat.ts";
import { leaveGroup } from "./handlers/13-leave-group.ts";
import { syncGroup } from "./handlers/14-sync-group.ts";
import { describeGroups } from "./handlers/15-describe-groups.ts";
import { listGroups } from "./handlers/16-list-groups.ts";
import { saslHandshake } from "./handlers/17-sasl-handshake.ts";
import { apiVersions } from "./handlers/18-api-versions.ts";
import { createTopics } from "./handlers/19-create-topics.ts";
import { deleteTopics } from "./handlers/20-delete-topics.ts";
import { initProducerId } from "./handlers/22-init-producer-id.ts";
import { describeConfigs } from "./handlers/32-describe-configs.ts";
import { saslAuthenticate } from "./handlers/36-sasl-authenticate.ts";
import { createPartitions } from "./handlers/37-create-partitions.ts";
import { deleteGroups } from "./handlers/42-delete-groups.ts";
import { describeCluster } from "./handlers/60-describe-cluster.ts";
import { describeTopicPartitions } from "./handlers/75-describe-topic-partitions.ts";

/** Every API the gateway serves. Adding one here is all it takes to advertise it. */
const APIS: readonly ((gateway: Gateway) => KafkaApi)[] = [
  produce,
  fetch,
  listOffsets,
  metadata,
  offsetCommit,
  offsetFetch,
  findCoordinator,
  joinGroup,
  heartbeat,
  leaveGroup,
  syncGroup,
  describeGroups,
  listGroups,
  saslHandshake,
  apiVersions,
  createTopics,
  deleteTopics,
  initProducerId,
  describeConfigs,
  saslAuthenticate,
  createPartitions,
  deleteGroups,
  describeCluster,
  describeTopicPartitions,
];

/** Builds the table that requests are dispatched by and that ApiVersions answers from. */
export function kafkaApis(deps: Omit<Gateway, "apis">): ReadonlyMap<number, KafkaApi> {
  const apis = new Map<number, KafkaApi>();
  const gateway: Gateway = { ...deps, apis };
  for (const build of APIS) {
    const api = build(gateway);
    apis.set(api.key, api);
  }
  return apis;
}
