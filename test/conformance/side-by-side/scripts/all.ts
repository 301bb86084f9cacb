import type { Script } from "../script.ts";
import { security, storage } from "./administration.ts";
import { apiVersions, coordinators, describing, metadata } from "./cluster.ts";
import { compaction } from "./compaction.ts";
import { alteringConfigs, describingConfigs } from "./configs.ts";
import { consumerGroup, consumerRequests, expressions } from "./consumer-groups.ts";
import { offsetRequests } from "./committed-offsets.ts";
import { membership, staticMembers, strangers } from "./groups.ts";
import { fetching, idempotence, offsets, producing, sessions } from "./records.ts";
import { creating, deleting, growing } from "./topics.ts";
import { transactionsV2 } from "./transactions-v2.ts";
import { fencing, transaction, transactionRequests } from "./transactions.ts";

/** In the order in which they run. */
export const SCRIPTS: readonly Script[] = [
  ...[apiVersions, metadata, coordinators, describing],
  ...[creating, deleting, growing],
  ...[describingConfigs, alteringConfigs],
  ...[producing, idempotence, fetching, sessions, offsets],
  ...[offsetRequests, strangers, membership, staticMembers],
  ...[consumerRequests, consumerGroup, expressions],
  ...[transactionRequests, transaction, fencing, transactionsV2],
  ...[security, storage, compaction],
];
