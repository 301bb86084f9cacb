import { resolve } from "node:path";
import type { ResetTarget } from "../api/model.ts";
import {
  DATA,
  FLAG,
  integer,
  MAX_INT32,
  noneOf,
  parse,
  someNames,
  TEXT,
  time,
  whole,
} from "./options.ts";
import { UsageError } from "./usage.ts";

export interface GroupsCommand {
  readonly name: "groups";
  readonly dataFolder: string;
  readonly action: GroupsAction;
  readonly json: boolean;
}
export type GroupsAction =
  | { readonly verb: "list" }
  | { readonly verb: "describe"; readonly group: string }
  | { readonly verb: "delete"; readonly groups: readonly string[] }
  | {
      readonly verb: "delete-offsets";
      readonly group: string;
      readonly topic: string;
      /** All that the group committed for when undefined. */
      readonly partition: number | undefined;
    };
export interface ResetCommand {
  readonly name: "reset";
  readonly dataFolder: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number | undefined;
  readonly target: ResetTarget;
  /** Shows what would be done, and does nothing. */
  readonly dryRun: boolean;
  readonly json: boolean;
}

/** Throws UsageError. */
export function parseGroups(argv: readonly string[]): GroupsCommand {
  const { values, positionals } = parse(argv, { data: DATA, json: FLAG, partition: TEXT });
  const action = groupsAction(positionals, values.partition);
  if (values.partition !== undefined && action.verb !== "delete-offsets") {
    throw new UsageError("--partition is not expected here.");
  }
  return { name: "groups", dataFolder: resolve(values.data), action, json: values.json };
}

function groupsAction(positionals: readonly string[], partition: string | undefined): GroupsAction {
  const [verb, ...names] = positionals;
  const [group, topic, ...more] = names;
  switch (verb) {
    case undefined:
      return { verb: "list" };
    case "delete":
      return { verb, groups: someNames("groups delete", names) };
    case "delete-offsets":
      if (group === undefined || topic === undefined) {
        throw new UsageError("groups delete-offsets: expected a group and a topic.");
      }
      noneOf(more);
      return { verb, group, topic, partition: integer("--partition", partition, 0, MAX_INT32) };
    case "describe":
      if (group === undefined) throw new UsageError("groups describe: expected a group.");
      noneOf(names.slice(1));
      return { verb, group };
    default:
      noneOf(names);
      return { verb: "describe", group: verb };
  }
}

/** Throws UsageError. */
export function parseReset(argv: readonly string[]): ResetCommand {
  const { values, positionals } = parse(argv, {
    ...{ data: DATA, json: FLAG, partition: TEXT, to: TEXT, "dry-run": FLAG },
  });
  const [group, topic, ...more] = positionals;
  if (group === undefined || topic === undefined) {
    throw new UsageError("reset: expected a group and a topic.");
  }
  noneOf(more);
  if (values.to === undefined) throw new UsageError(`reset: expected --to ${TARGETS}.`);
  return {
    ...{ name: "reset", dataFolder: resolve(values.data), group, topic },
    partition: integer("--partition", values.partition, 0, MAX_INT32),
    target: target(values.to),
    dryRun: values["dry-run"],
    json: values.json,
  };
}

const TARGETS = "earliest, latest, offset:N, time:ISO or by:N";

function target(text: string): ResetTarget {
  if (text === "earliest" || text === "latest") return { kind: text };
  const [, kind = "", value = ""] = /^(offset|time|by):(.*)$/.exec(text) ?? [];
  switch (kind) {
    case "offset":
      return { kind, offset: whole("--to offset:", value, 0, Number.MAX_SAFE_INTEGER) };
    case "time":
      return { kind, timestampMs: time("--to time:", value) };
    case "by": {
      const count = whole("--to by:", value.replace(/^[-+]/, ""), 0, Number.MAX_SAFE_INTEGER);
      return { kind: "shift", by: value.startsWith("-") ? -count : count };
    }
    default:
      throw new UsageError(`--to: expected ${TARGETS}, not "${text}".`);
  }
}
