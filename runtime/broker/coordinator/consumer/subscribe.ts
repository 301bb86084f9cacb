import { ConsumerRefusal, type ConsumerDraft } from "./consumer-draft.ts";
import type { ConsumerMember } from "./consumer-group.ts";
import type { ConsumerHeartbeatRequest } from "./consumer-requests.ts";
import type { ConsumerSubscription } from "./records.ts";
import { subscriptionOf } from "./identify.ts";
import { TopicRegex } from "./regex.ts";
import { metadataHash } from "./topics.ts";

/** Takes in what a heartbeat says of its member. True when the group needs a new target assignment. */
export function subscribe(
  draft: ConsumerDraft,
  request: ConsumerHeartbeatRequest,
): boolean | ConsumerRefusal {
  const { groupId, memberId } = request;
  const before = draft.group.members.get(memberId);
  const value = subscriptionAfter(before, request);
  if (value.regex !== null && !draft.group.regexes.has(value.regex)) {
    const refusal = resolve(draft, value.regex);
    if (refusal !== undefined) return refusal;
  }
  if (before !== undefined && sameSubscription(before, value)) return false;
  draft.write({ kind: "member", groupId, memberId, value });
  forgetUnusedRegexes(draft);
  if (before === undefined) return value.regex !== null || value.topics.length > 0;
  return before.regex !== value.regex || !sameNames(before.topics, value.topics);
}

function subscriptionAfter(
  before: ConsumerMember | undefined,
  request: ConsumerHeartbeatRequest,
): ConsumerSubscription {
  const { regex, rebalanceTimeoutMs, topics } = request;
  return {
    instanceId: request.instanceId ?? before?.instanceId ?? null,
    rackId: request.rackId ?? before?.rackId ?? null,
    clientId: request.clientId,
    clientHost: request.clientHost,
    topics: topics === null ? (before?.topics ?? []) : [...new Set(topics)].sort(),
    // An empty expression ends the subscription by expression.
    regex: regex === null ? (before?.regex ?? null) : regex === "" ? null : regex,
    rebalanceTimeoutMs:
      rebalanceTimeoutMs < 0 ? (before?.rebalanceTimeoutMs ?? -1) : rebalanceTimeoutMs,
    assignor: request.assignor ?? before?.assignor ?? null,
  };
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, index) => name === b[index]);

function sameSubscription(before: ConsumerMember, after: ConsumerSubscription): boolean {
  const { topics: namesBefore, ...plainBefore } = subscriptionOf(before);
  const { topics: namesAfter, ...plainAfter } = after;
  return (
    sameNames(namesBefore, namesAfter) && JSON.stringify(plainBefore) === JSON.stringify(plainAfter)
  );
}

function resolve(draft: ConsumerDraft, pattern: string): ConsumerRefusal | undefined {
  const regex = TopicRegex.compile(pattern);
  if (typeof regex === "string") {
    const why = `SubscribedTopicRegex \`${pattern}\` is not a valid regular expression: ${regex}.`;
    return new ConsumerRefusal("INVALID_REGULAR_EXPRESSION", why);
  }
  const topics = [...draft.topics.names()].filter((name) => regex.matches(name)).sort();
  const value = { topics, version: draft.topics.version, timestampMs: draft.nowMs };
  draft.write({ kind: "regex", groupId: draft.group.groupId, pattern, value });
  return undefined;
}

export function forgetUnusedRegexes(draft: ConsumerDraft): void {
  const { groupId, members, regexes } = draft.group;
  const used = new Set(Array.from(members.values(), ({ regex }) => regex));
  for (const pattern of regexes.keys()) {
    if (!used.has(pattern)) draft.write({ kind: "regex", groupId, pattern, value: null });
  }
}

/** Looks at the topics again after they have changed: which of them the expressions mean now. */
export function refreshRegexes(draft: ConsumerDraft): void {
  for (const [pattern, before] of draft.group.regexes) {
    const regex = TopicRegex.compile(pattern);
    if (typeof regex === "string") continue;
    const topics = [...draft.topics.names()].filter((name) => regex.matches(name)).sort();
    if (sameNames(before, topics)) continue;
    const value = { topics, version: draft.topics.version, timestampMs: draft.nowMs };
    draft.write({ kind: "regex", groupId: draft.group.groupId, pattern, value });
  }
}

/** Raises the group epoch when it `must` be, or when the topics are not those of the last epoch. */
export function raiseEpoch(draft: ConsumerDraft, must: boolean): void {
  if (!must && draft.knowsTopics) return;
  if (!draft.knowsTopics) refreshRegexes(draft);
  const hash = metadataHash(draft.group, draft.topics);
  draft.topicsCompared();
  const { groupId, epoch } = draft.group;
  if (!must && hash === draft.group.metadataHash) return;
  draft.write({ kind: "group", groupId, value: { epoch: epoch + 1, metadataHash: hash } });
}
