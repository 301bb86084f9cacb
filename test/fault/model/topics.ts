import type { Random } from "../wire/random.ts";
import type { HistoryRules } from "./history.ts";

const POLICIES = ["delete", "delete", "compact", "compact", "compact,delete"];
const NEVER = -1;

/** The settings of a new topic: small segments, so that much happens to them. */
export function newTopic(
  random: Random,
  mayExpire: boolean,
): {
  readonly configs: Record<string, string>;
  readonly rules: HistoryRules;
} {
  const policy = random.pick(POLICIES);
  const retentionMs = mayExpire && random.below(3) === 0 ? 30_000 : NEVER;
  const retentionBytes = mayExpire && random.below(3) === 0 ? random.below(4_000) : NEVER;
  const deleteRetentionMs = random.below(2) * 20_000;
  return {
    configs: {
      "cleanup.policy": policy,
      "internal.segment.bytes": String(300 + random.below(2_500)),
      "index.interval.bytes": String(random.below(600)),
      "retention.ms": String(retentionMs),
      "retention.bytes": String(retentionBytes),
      "delete.retention.ms": String(deleteRetentionMs),
      "min.cleanable.dirty.ratio": random.pick(["0", "0.01", "0.5"]),
    },
    rules: {
      compacted: policy.includes("compact"),
      deletes: policy.includes("delete"),
      retentionMs: policy.includes("delete") ? retentionMs : NEVER,
      retentionBytes: policy.includes("delete") ? retentionBytes : NEVER,
      deleteRetentionMs,
    },
  };
}
