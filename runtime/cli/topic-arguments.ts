import { resolve } from "node:path";
import {
  type DeletionTarget,
  MAX_TOPIC_PARTITIONS,
  type TopicConfigChange,
} from "../api/topic-admin.ts";
import { parseConfigs } from "./configs.ts";
import {
  DATA,
  FLAG,
  integer,
  MAX_INT32,
  noneOf,
  oneTopic,
  parse,
  someNames,
  TEXT,
  time,
  whole,
} from "./options.ts";
import { UsageError } from "./usage.ts";

export interface TopicsCommand {
  readonly name: "topics";
  readonly dataFolder: string;
  readonly action: TopicsAction;
  readonly json: boolean;
}

export type TopicsAction =
  | {
      readonly verb: "list";
      /** Those of the broker itself too. */
      readonly internal: boolean;
    }
  | { readonly verb: "describe" | "delete" | "empty"; readonly topics: readonly string[] }
  | {
      readonly verb: "create";
      readonly topic: string;
      /** The lab's default when undefined. */
      readonly partitions: number | undefined;
      readonly configs: Readonly<Record<string, string>>;
    }
  | {
      readonly verb: "config";
      readonly topic: string;
      /** None for a look only. */
      readonly changes: readonly TopicConfigChange[];
      readonly dryRun: boolean;
    }
  | { readonly verb: "add-partitions"; readonly topic: string; readonly total: number }
  | {
      readonly verb: "delete-records";
      readonly topic: string;
      /** All when undefined. */
      readonly partition: number | undefined;
      readonly target: DeletionTarget;
      readonly dryRun: boolean;
    };

const COMMON = { data: DATA, json: FLAG };
const MANY = { ...TEXT, multiple: true, default: [] as string[] } as const;

type ParsedAction = Omit<TopicsCommand, "name">;
type ActionParser = (argv: readonly string[]) => ParsedAction;

const VERBS: Readonly<Record<string, ActionParser>> = {
  create(argv) {
    const options = { ...COMMON, partitions: TEXT, config: MANY };
    const { values, positionals } = parse(argv, options);
    const partitions = integer("--partitions", values.partitions, 1, MAX_TOPIC_PARTITIONS);
    const configs = Object.fromEntries(parseConfigs(values.config));
    const topic = oneTopic(positionals);
    return common(values, { verb: "create", topic, partitions, configs });
  },
  config(argv) {
    const options = { ...COMMON, set: MANY, unset: MANY, "dry-run": FLAG };
    const { values, positionals } = parse(argv, options);
    const set = [...parseConfigs(values.set, "--set")].map(([name, value]) => ({ name, value }));
    const changes = [...set, ...values.unset.map((name) => ({ name, value: null }))];
    const topic = oneTopic(positionals);
    return common(values, { verb: "config", topic, changes, dryRun: values["dry-run"] });
  },
  "add-partitions"(argv) {
    const { values, positionals } = parse(argv, { ...COMMON, total: TEXT });
    const total = integer("--total", values.total, 1, MAX_TOPIC_PARTITIONS);
    if (total === undefined) {
      throw new UsageError("topics add-partitions: expected --total N, how many there shall be.");
    }
    return common(values, { verb: "add-partitions", topic: oneTopic(positionals), total });
  },
  "delete-records"(argv) {
    const options = { ...COMMON, partition: TEXT, before: TEXT, "dry-run": FLAG };
    const { values, positionals } = parse(argv, options);
    if (values.before === undefined) {
      throw new UsageError(`topics delete-records: expected --before ${DELETION_TARGETS}.`);
    }
    return common(values, {
      ...{ verb: "delete-records", topic: oneTopic(positionals), dryRun: values["dry-run"] },
      partition: integer("--partition", values.partition, 0, MAX_INT32),
      target: deletionTarget(values.before),
    });
  },
  describe: (argv) => named("describe", argv),
  delete: (argv) => named("delete", argv),
  empty: (argv) => named("empty", argv),
};

/** Throws UsageError. */
export function parseTopics(argv: readonly string[]): TopicsCommand {
  const [verb = "", ...rest] = argv;
  if (verb === "" || verb.startsWith("-")) return { name: "topics", ...list(argv) };
  const parseAction = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (parseAction !== undefined) return { name: "topics", ...parseAction(rest) };
  const known = Object.keys(VERBS).join(", ");
  throw new UsageError(`topics: there is no ${verb}; expected one of ${known}, or none to list.`);
}

function list(argv: readonly string[]): ParsedAction {
  const { values, positionals } = parse(argv, { ...COMMON, internal: FLAG });
  noneOf(positionals);
  return common(values, { verb: "list", internal: values.internal });
}

function named(verb: "describe" | "delete" | "empty", argv: readonly string[]): ParsedAction {
  const { values, positionals } = parse(argv, COMMON);
  return common(values, { verb, topics: someNames(`topics ${verb}`, positionals) });
}

function common(
  { data, json }: { readonly data: string; readonly json: boolean },
  action: TopicsAction,
): ParsedAction {
  return { dataFolder: resolve(data), json, action };
}

const DELETION_TARGETS = "end, offset:N or time:ISO";

function deletionTarget(text: string): DeletionTarget {
  if (text === "end") return { kind: text };
  const [, kind = "", value = ""] = /^(offset|time):(.*)$/.exec(text) ?? [];
  switch (kind) {
    case "offset":
      return { kind, offset: whole("--before offset:", value, 0, Number.MAX_SAFE_INTEGER) };
    case "time":
      return { kind, timestampMs: time("--before time:", value) };
    default:
      throw new UsageError(`--before: expected ${DELETION_TARGETS}, not "${text}".`);
  }
}
