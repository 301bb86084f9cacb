import { resolve } from "node:path";
import type { MessageFilter, Position, SearchedPart } from "../api/model.ts";
import { MAX_BUCKETS } from "../api/survey.ts";
import { MAX_LOAD_DURATION_MS, MAX_LOAD_MESSAGES, MAX_LOAD_RATE } from "../api/load.ts";
import { MAX_SEED } from "../api/produce-settings.ts";
import {
  DATA,
  FLAG,
  integer,
  MAX_INT32,
  number,
  oneTopic,
  parse,
  position,
  TEXT,
} from "./options.ts";
import { UsageError } from "./usage.ts";

/** Longest time of a load. */
const MAX_SECONDS = MAX_LOAD_DURATION_MS / 1_000;

export interface PeekCommand {
  readonly name: "peek" | "search";
  readonly dataFolder: string;
  readonly topic: string;
  readonly partition: number | undefined;
  readonly from: Position;
  /** 0 for all up to the end. */
  readonly limit: number;
  readonly json: boolean;
  /** Which messages are wanted; all when undefined. */
  readonly filter: MessageFilter | undefined;
}
export interface ProduceCommand {
  readonly name: "produce";
  readonly dataFolder: string;
  readonly topic: string;
  /** Standard input when undefined. */
  readonly file: string | undefined;
}
/** How many messages there are. */
export interface CountCommand {
  readonly name: "count";
  readonly dataFolder: string;
  readonly topic: string;
  readonly partition: number | undefined;
  readonly from: Position;
  /** The end when undefined. */
  readonly to: Position | undefined;
  /** All are counted when undefined. */
  readonly filter: MessageFilter | undefined;
  /** Over time in at most so many buckets; a single number when undefined. */
  readonly buckets: number | undefined;
  readonly json: boolean;
}
/** Messages made of a template, produced by the lab. */
export interface LoadCommand {
  readonly name: "load";
  readonly dataFolder: string;
  readonly topic: string;
  readonly templateFile: string;
  /** What the template says where undefined. */
  readonly seed: number | undefined;
  readonly count: number | undefined;
  readonly durationMs: number | undefined;
  readonly rate: number | undefined;
  /** Only print the messages. */
  readonly dryRun: boolean;
  readonly json: boolean;
}
/** One key or value as text. */
export interface DecodeCommand {
  readonly name: "decode";
  readonly dataFolder: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly side: "key" | "value";
  /** Whatever reads the bytes when undefined. */
  readonly decoder: string | undefined;
  /** A file with the schema. */
  readonly schemaFile: string | undefined;
  /** The address of a schema registry. */
  readonly registry: string | undefined;
}

const READ_OPTIONS = {
  data: DATA,
  json: FLAG,
  partition: TEXT,
  from: { type: "string", default: "earliest" },
  limit: { type: "string", default: "0" },
} as const;
export const FILTER_OPTIONS = {
  ...{ text: TEXT, regexp: TEXT, where: TEXT, "ignore-case": FLAG },
  in: { type: "string", default: "anywhere" },
} as const;
const PARTS: readonly SearchedPart[] = ["anywhere", "key", "value", "headers"];

/** Throws UsageError. */
export function parsePeek(argv: readonly string[]): PeekCommand {
  const { values, positionals } = parse(argv, READ_OPTIONS);
  return { name: "peek", ...readOptions(values, positionals), filter: undefined };
}

/** Throws UsageError. */
export function parseSearch(argv: readonly string[]): PeekCommand {
  const { values, positionals } = parse(argv, { ...READ_OPTIONS, ...FILTER_OPTIONS });
  const filter = filterOf("search", values);
  if (filter === undefined) {
    throw new UsageError("search: expected one of --text, --regexp and --where.");
  }
  return { name: "search", ...readOptions(values, positionals), filter };
}

/** Throws UsageError. */
export function parseCount(argv: readonly string[]): CountCommand {
  const { values, positionals } = parse(argv, {
    ...{ data: DATA, json: FLAG, partition: TEXT, to: TEXT, buckets: TEXT, ...FILTER_OPTIONS },
    from: { type: "string", default: "earliest" },
  });
  return {
    ...{ name: "count", dataFolder: resolve(values.data), topic: oneTopic(positionals) },
    partition: integer("--partition", values.partition, 0, MAX_INT32),
    from: position(values.from),
    to: values.to === undefined ? undefined : position(values.to, "--to"),
    filter: filterOf("count", values),
    buckets: integer("--buckets", values.buckets, 1, MAX_BUCKETS),
    json: values.json,
  };
}

interface ReadValues {
  readonly data: string;
  readonly json: boolean;
  readonly partition?: string | undefined;
  readonly from: string;
  readonly limit: string;
}

function readOptions(values: ReadValues, positionals: readonly string[]) {
  return {
    dataFolder: resolve(values.data),
    topic: oneTopic(positionals),
    partition: integer("--partition", values.partition, 0, MAX_INT32),
    from: position(values.from),
    limit: integer("--limit", values.limit, 0, Number.MAX_SAFE_INTEGER) ?? 0,
    json: values.json,
  };
}

export interface FilterValues {
  readonly text?: string | undefined;
  readonly regexp?: string | undefined;
  readonly where?: string | undefined;
  readonly in: string;
  readonly "ignore-case": boolean;
}

/** Undefined when none is given. */
export function filterOf(
  command: string,
  { text, regexp, where, ...values }: FilterValues,
): MessageFilter | undefined {
  const given = [text, regexp, where].filter((each) => each !== undefined);
  if (given.length === 0) return undefined;
  if (given.length > 1) {
    throw new UsageError(`${command}: expected one of --text, --regexp and --where.`);
  }
  if (where !== undefined) return { kind: "sql", expression: where };
  const part = PARTS.find((each) => each === values.in);
  if (part === undefined) {
    throw new UsageError(`--in: expected ${PARTS.join(", ")}, not "${values.in}".`);
  }
  const matchCase = !values["ignore-case"];
  return text === undefined
    ? { kind: "regexp", pattern: regexp ?? "", part, matchCase }
    : { kind: "text", text, part, matchCase };
}

/** Throws UsageError. */
export function parseProduce(argv: readonly string[]): ProduceCommand | LoadCommand {
  const { values, positionals } = parse(argv, {
    ...{ data: DATA, file: TEXT, template: TEXT, seed: TEXT, count: TEXT, rate: TEXT, for: TEXT },
    ...{ "dry-run": FLAG, json: FLAG },
  });
  const { template, file } = values;
  const dataFolder = resolve(values.data);
  const topic = oneTopic(positionals);
  if (template === undefined) {
    const given = ["seed", "count", "rate", "for"].find((name) => Object.hasOwn(values, name));
    if (given !== undefined) throw new UsageError(`--${given}: only with --template.`);
    if (values.json || values["dry-run"]) {
      throw new UsageError("--json and --dry-run: only with --template.");
    }
    return { name: "produce", dataFolder, topic, file };
  }
  if (file !== undefined) throw new UsageError("produce: expected --file or --template, not both.");
  const { rate: perSecond } = values;
  const rate = perSecond === undefined ? undefined : number("--rate", perSecond, MAX_LOAD_RATE);
  const seconds = values.for === undefined ? undefined : number("--for", values.for, MAX_SECONDS);
  return {
    ...{ name: "load", dataFolder, topic, rate, dryRun: values["dry-run"], json: values.json },
    templateFile: resolve(template),
    seed: integer("--seed", values.seed, 0, MAX_SEED),
    count: integer("--count", values.count, 1, MAX_LOAD_MESSAGES),
    durationMs: seconds === undefined ? undefined : Math.max(1, Math.round(seconds * 1_000)),
  };
}

/** Throws UsageError. */
export function parseDecode(argv: readonly string[]): DecodeCommand {
  const { values, positionals } = parse(argv, {
    ...{
      data: DATA,
      partition: TEXT,
      offset: TEXT,
      key: FLAG,
      as: TEXT,
      schema: TEXT,
      registry: TEXT,
    },
  });
  const offset = integer("--offset", values.offset, 0, Number.MAX_SAFE_INTEGER);
  if (offset === undefined) throw new UsageError("decode: expected --offset N.");
  return {
    ...{ name: "decode", dataFolder: resolve(values.data), topic: oneTopic(positionals), offset },
    partition: integer("--partition", values.partition, 0, MAX_INT32) ?? 0,
    side: values.key ? "key" : "value",
    decoder: values.as,
    schemaFile: values.schema === undefined ? undefined : resolve(values.schema),
    registry: values.registry,
  };
}
