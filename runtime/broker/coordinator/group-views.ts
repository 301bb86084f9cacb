import { NO_BYTES, protocolMetadata, type ClassicGroup } from "./classic-group.ts";
import { stateOf, type ConsumerGroup } from "./consumer/consumer-group.ts";
import type { GroupError } from "./group-errors.ts";
import { CONSUMER_PROTOCOL_TYPE } from "./consumer-protocol.ts";
import type { DescribedGroup, DescribedMember, ListedGroup } from "./group-requests.ts";

export interface ListFilter {
  /** State names in any case; none or an empty list means all. */
  readonly states?: readonly string[];
  /** Group types in any case: `classic` or `consumer`. */
  readonly types?: readonly string[];
}

export function listGroups(
  groups: readonly ClassicGroup[],
  consumers: Iterable<ConsumerGroup>,
  filter: ListFilter,
): ListedGroup[] {
  const classic = groups.map(({ groupId, protocolType, state }) => ({
    groupId,
    protocolType: protocolType ?? "",
    state,
    type: "classic" as const,
  }));
  const modern = Array.from(consumers, (group) => ({
    groupId: group.groupId,
    protocolType: CONSUMER_PROTOCOL_TYPE,
    state: stateOf(group),
    type: "consumer" as const,
  }));
  return [...classic, ...modern].filter(
    ({ state, type }) => matches(filter.states, state) && matches(filter.types, type),
  );
}

function matches(wanted: readonly string[] | undefined, name: string): boolean {
  if (wanted === undefined || wanted.length === 0) return true;
  return wanted.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** What DescribeGroups tells of a group; protocol and metadata only while it is Stable. */
export function describeGroup(
  groupId: string,
  group: ClassicGroup | undefined,
  availability: GroupError,
): DescribedGroup {
  if (availability !== "NONE" || group === undefined) {
    const error = availability === "NONE" ? "GROUP_ID_NOT_FOUND" : availability;
    const nothing = { protocolType: "", protocol: "", generation: -1, members: [] };
    return { error, groupId, state: "Dead", ...nothing };
  }
  const stable = group.state === "Stable";
  return {
    error: "NONE",
    groupId,
    state: group.state,
    protocolType: group.protocolType ?? "",
    protocol: stable ? (group.protocol ?? "") : "",
    generation: group.generation,
    members: [...group.members.values()].map((member): DescribedMember => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      metadata: stable ? protocolMetadata(member, group.protocol) : NO_BYTES,
      // During a rebalance it is still the one of the generation before.
      assignment: member.assignment,
    })),
  };
}
