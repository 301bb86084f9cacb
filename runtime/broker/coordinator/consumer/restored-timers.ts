import type { GroupConfig } from "../group-config.ts";
import type { ConsumerGroup, ConsumerTimers, Revocation } from "./consumer-group.ts";

/** Timers for all members a group has: those there were, and fresh ones for who has none. */
export function restoredTimers(
  group: ConsumerGroup | undefined,
  timers: ConsumerTimers,
  nowMs: number,
  config: GroupConfig,
): ConsumerTimers {
  const sessions = new Map<string, number>();
  const revocations = new Map<string, Revocation>();
  for (const member of group?.members.values() ?? []) {
    const { memberId, epoch, state, rebalanceTimeoutMs } = member;
    const freshMs = nowMs + config.consumerSessionTimeoutMs;
    sessions.set(memberId, timers.sessions.get(memberId) ?? freshMs);
    if (state !== "UnrevokedPartitions") continue;
    const known = timers.revocations.get(memberId);
    const fresh = { epoch, dueMs: nowMs + Math.max(rebalanceTimeoutMs, 0) };
    revocations.set(memberId, known?.epoch === epoch ? known : fresh);
  }
  return { sessions, revocations, topicsVersion: -1 };
}
