import { NO_BYTES, protocolMetadata, type ClassicGroup } from "./classic-group.ts";
import type { GroupError } from "./group-errors.ts";
import type { DescribedGroup, DescribedMember, ListedGroup } from "./group-requests.ts";

export interface ListFilter {
  /** State names in any case; none or an empty list means all. */
  readonly states?: readonly string[];
  /** Group types in any case; only `classic` exists. */
  readonly types?: readonly string[];
}

export function listGroups(groups: readonly ClassicGroup[], filter: ListFilter): ListedGroup[] {
  if (!matches(filter.types, "classic")) return [];
  return groups
    .filter(({ state }) => matches(filter.states, state))
    .map(({ groupId, protocolType, state }) => ({
      groupId,
      protocolType: protocolType ?? "",
      state,
      type: "classic",
    }));
}

function matches(wanted: readonly string[] | undefined, name: string): boolean {
  if (wanted === undefined || wanted.length === 0) return true;
  return wanted.some((one) => one.toLowerCase() === name.toLowerCase());
}

/** What DescribeGroups tells of a group; protocol, metadata and assignments only while it is Stable. */
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
      assignment: stable ? member.assignment : NO_BYTES,
    })),
  };
}
