import type { ClassicMember, WaiterId } from "./classic-group.ts";
import { failedJoin, type GroupDraft } from "./group-draft.ts";
import type { JoinRequest } from "./group-requests.ts";

type Offer = Pick<ClassicMember, "protocols" | "sessionTimeoutMs" | "rebalanceTimeoutMs">;

/** What a join request sets of a member. Bytes are copied, as the request's frame is not ours. */
export function offeredBy(request: JoinRequest): Offer {
  const { sessionTimeoutMs, rebalanceTimeoutMs } = request;
  return {
    protocols: request.protocols.map(({ name, metadata }) => ({
      name,
      metadata: Buffer.from(metadata),
    })),
    sessionTimeoutMs,
    rebalanceTimeoutMs: rebalanceTimeoutMs < 0 ? sessionTimeoutMs : rebalanceTimeoutMs,
  };
}

/** Takes over what the request says of a known member and parks the request until the join ends. */
export function parkJoin(
  draft: GroupDraft,
  waiter: WaiterId,
  request: JoinRequest,
  member: ClassicMember,
): ClassicMember {
  // A second join of the same member means that it gave up on the first.
  const freed = draft.answerJoin(member, failedJoin("REBALANCE_IN_PROGRESS", member.memberId));
  return draft.update(freed, { ...offeredBy(request), joinWaiter: waiter });
}
