import type { ClassicGroup } from "./classic-group.ts";
import { CONSUMER_PROTOCOL_TYPE } from "./consumer-protocol.ts";
import type { GroupOffsets } from "./group-store.ts";
import { isSubscribed } from "./offsets.ts";
import {
  encodeGroup,
  encodeOffset,
  type CommittedOffset,
  type CoordinatorRecord,
} from "./records.ts";

/**
 * Tombstones for what retention takes from one group at `nowMs` (KIP-211): offsets older than
 * `retentionMs`, counted from when the group became empty, or from the commit when the group never
 * had members or is stable and no longer subscribed to the topic. An empty group without offsets
 * goes too.
 */
export function expiredRecords(
  group: ClassicGroup,
  offsets: GroupOffsets,
  nowMs: number,
  retentionMs: number,
): CoordinatorRecord[] {
  const { groupId } = group;
  const startMs = retentionStart(group);
  const records: CoordinatorRecord[] = [];
  let left = 0;
  for (const [topic, partitions] of offsets) {
    const kept = startMs === null || isSubscribed(group, topic);
    for (const [partition, committed] of partitions) {
      if (!kept && nowMs >= (committed.expireTimeMs ?? startMs(committed) + retentionMs)) {
        records.push(encodeOffset({ groupId, topic, partition }, null));
      } else {
        left += 1;
      }
    }
  }
  if (left === 0 && group.state === "Empty" && group.pending.size === 0) {
    records.push(encodeGroup(groupId, null));
  }
  return records;
}

/** From when on an offset ages, or null while the group keeps all its offsets. */
function retentionStart(group: ClassicGroup): ((committed: CommittedOffset) => number) | null {
  if (group.protocolType === null) return ({ commitTimeMs }) => commitTimeMs;
  if (group.state === "Empty") return ({ commitTimeMs }) => group.stateSinceMs ?? commitTimeMs;
  if (group.state === "Stable" && group.protocolType === CONSUMER_PROTOCOL_TYPE) {
    return ({ commitTimeMs }) => commitTimeMs;
  }
  return null;
}
