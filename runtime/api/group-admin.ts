import type { GroupSummary } from "./model.ts";

/** Most groups that one request can name. */
export const MAX_NAMED_GROUPS = 10_000;

/** A group as a list shows it. */
export interface GroupOverview extends GroupSummary {
  /** The generation of a classic group, the epoch of one of KIP-848. */
  readonly epoch: number;
  readonly memberCount: number;
  /** Records that the group has still to read where it has committed; undefined when it has nowhere. */
  readonly lag?: number | undefined;
}

/** What may be asked about groups beside describing and resetting them. */
export interface GroupAdminRequests {
  "groups/list": {
    /** All groups when no names are given; of those, the ones that exist. */
    params: { readonly names?: readonly string[] | undefined };
    result: { readonly groups: readonly GroupOverview[] };
  };
  /** Deletes each named group with what it committed; names those that could not be in the error. */
  "groups/delete": {
    params: { readonly names: readonly string[] };
    result: Record<string, never>;
  };
  /** Forgets what a group committed for a topic; refused while a member reads it. */
  "groups/deleteOffsets": {
    params: {
      readonly groupId: string;
      readonly topic: string;
      /** All that it committed for when undefined. */
      readonly partition?: number | undefined;
    };
    /** The partitions whose offsets were forgotten. */
    result: { readonly partitions: readonly number[] };
  };
}
