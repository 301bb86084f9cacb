import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import type { Position } from "../api/model.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "../api/timestamp.ts";
import { type ListenerSpec, MAX_BROKERS } from "../core/listener.ts";
import { parseConfigs } from "./configs.ts";
import { checkPorts, checkUsers, parseListeners } from "./listeners.ts";
import { UsageError } from "./usage.ts";

export interface ServeCommand {
  readonly name: "serve";
  readonly dataFolder: string;
  readonly listeners: readonly ListenerSpec[];
  readonly usersFile: string | undefined;
  readonly leaseMs: number | undefined;
  readonly defaultPartitions: number;
  readonly brokers: number;
  readonly configs: ReadonlyMap<string, string>;
}
export interface TopicsCommand {
  readonly name: "topics";
  readonly dataFolder: string;
  readonly json: boolean;
}
export interface BrokersCommand {
  readonly name: "brokers";
  readonly dataFolder: string;
  readonly json: boolean;
  /** Undefined for a look only. */
  readonly change: { readonly verb: "stop" | "start"; readonly id: number } | undefined;
}
export interface PeekCommand {
  readonly name: "peek";
  readonly dataFolder: string;
  readonly topic: string;
  readonly partition: number | undefined;
  readonly from: Position;
  /** 0 for all up to the end. */
  readonly limit: number;
  readonly json: boolean;
}
export interface ProduceCommand {
  readonly name: "produce";
  readonly dataFolder: string;
  readonly topic: string;
  /** Standard input when undefined. */
  readonly file: string | undefined;
}
export type Command =
  | ServeCommand
  | TopicsCommand
  | BrokersCommand
  | PeekCommand
  | ProduceCommand
  | { readonly name: "help" | "version" };

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 9092;
const MAX_PORT = 65_535;
const MAX_INT32 = 2 ** 31 - 1;
const MAX_DEFAULT_PARTITIONS = 1_000;
const DATA = { type: "string", default: ".streamside" } as const;
const FLAG = { type: "boolean", default: false } as const;
const TEXT = { type: "string" } as const;

/** Understands a command line (without node and script). Throws UsageError. */
export function parseCommand(argv: readonly string[]): Command {
  const [first, ...rest] = argv;
  if (argv.includes("--help") || argv.includes("-h") || first === "help") return { name: "help" };
  if (argv.includes("--version")) return { name: "version" };
  switch (first) {
    case "serve":
      return serve(rest);
    case "topics":
      return topics(rest);
    case "brokers":
      return brokers(rest);
    case "peek":
      return peek(rest);
    case "produce":
      return produce(rest);
    case undefined:
      throw new UsageError("expected a command: serve, topics, brokers, peek or produce.");
    default:
      throw new UsageError(
        `there is no command ${first}: use serve, topics, brokers, peek or produce.`,
      );
  }
}

function serve(argv: readonly string[]): ServeCommand {
  const { values, positionals } = parse(argv, {
    data: DATA,
    host: TEXT,
    port: TEXT,
    listener: { type: "string", multiple: true },
    users: TEXT,
    "lease-ms": TEXT,
    "default-partitions": TEXT,
    brokers: TEXT,
    config: { type: "string", multiple: true },
  });
  noneOf(positionals);
  const port = integer("--port", values.port, 0, MAX_PORT);
  if (values.listener !== undefined && (values.host !== undefined || port !== undefined)) {
    throw new UsageError("--listener says host and port itself: leave out --host and --port.");
  }
  const listeners: readonly ListenerSpec[] =
    values.listener === undefined
      ? [{ protocol: "PLAINTEXT", host: values.host ?? DEFAULT_HOST, port: port ?? DEFAULT_PORT }]
      : parseListeners(values.listener);
  checkUsers(listeners, values.users);
  const brokers = integer("--brokers", values.brokers, 1, MAX_BROKERS) ?? 1;
  checkPorts(listeners, brokers);
  return {
    name: "serve",
    dataFolder: resolve(values.data),
    listeners,
    usersFile: values.users === undefined ? undefined : resolve(values.users),
    leaseMs: integer("--lease-ms", values["lease-ms"], 0, MAX_INT32),
    defaultPartitions:
      integer("--default-partitions", values["default-partitions"], 1, MAX_DEFAULT_PARTITIONS) ?? 1,
    brokers,
    configs: parseConfigs(values.config ?? []),
  };
}

function topics(argv: readonly string[]): TopicsCommand {
  const { values, positionals } = parse(argv, { data: DATA, json: FLAG });
  noneOf(positionals);
  return { name: "topics", dataFolder: resolve(values.data), json: values.json };
}

function brokers(argv: readonly string[]): BrokersCommand {
  const { values, positionals } = parse(argv, { data: DATA, json: FLAG });
  const [verb, id, extra] = positionals;
  const asked = { name: "brokers", dataFolder: resolve(values.data), json: values.json } as const;
  if (verb === undefined) return { ...asked, change: undefined };
  if (verb !== "stop" && verb !== "start") {
    throw new UsageError(`brokers: expected stop or start, not ${verb}.`);
  }
  if (id === undefined) throw new UsageError(`brokers ${verb}: expected the id of a broker.`);
  noneOf(extra === undefined ? [] : [extra]);
  return { ...asked, change: { verb, id: whole(`brokers ${verb}`, id, 1, MAX_BROKERS) } };
}

function peek(argv: readonly string[]): PeekCommand {
  const { values, positionals } = parse(argv, {
    data: DATA,
    json: FLAG,
    partition: TEXT,
    from: { type: "string", default: "earliest" },
    limit: { type: "string", default: "0" },
  });
  return {
    name: "peek",
    dataFolder: resolve(values.data),
    topic: oneTopic(positionals),
    partition: integer("--partition", values.partition, 0, MAX_INT32),
    from: position(values.from),
    limit: integer("--limit", values.limit, 0, Number.MAX_SAFE_INTEGER) ?? 0,
    json: values.json,
  };
}

function produce(argv: readonly string[]): ProduceCommand {
  const { values, positionals } = parse(argv, { data: DATA, file: TEXT });
  const dataFolder = resolve(values.data);
  return { name: "produce", dataFolder, topic: oneTopic(positionals), file: values.file };
}

function parse<const O extends NonNullable<ParseArgsConfig["options"]>>(
  argv: readonly string[],
  options: O,
) {
  try {
    return parseArgs({ args: [...argv], options, strict: true, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split("\n")[0]?.replace(/\.? To specify.*$/, ".") ?? message);
  }
}

function noneOf(positionals: readonly string[]): void {
  if (positionals.length > 0) throw new UsageError(`${positionals[0]} is not expected here.`);
}

function oneTopic(positionals: readonly string[]): string {
  const [topic, second] = positionals;
  if (topic === undefined || topic === "") throw new UsageError("expected the name of a topic.");
  if (second !== undefined) throw new UsageError(`expected one topic, but ${second} is there too.`);
  return topic;
}

function position(text: string): Position {
  if (text === "earliest" || text === "latest") return { kind: text };
  const [, kind = "", value = ""] = /^(offset|time|last):(.*)$/.exec(text) ?? [];
  switch (kind) {
    case "offset":
      return { kind, offset: whole("--from offset:", value, 0, Number.MAX_SAFE_INTEGER) };
    case "last":
      return { kind, count: whole("--from last:", value, 0, Number.MAX_SAFE_INTEGER) };
    case "time": {
      const timestampMs = parseTimestamp(value);
      if (timestampMs !== undefined) return { kind, timestampMs };
      throw new UsageError(`--from time: expected ${TIMESTAMP_FORMS}, not "${value}".`);
    }
    default:
      throw new UsageError(
        `--from: expected earliest, latest, offset:N, time:ISO or last:N, not "${text}".`,
      );
  }
}

function integer(
  option: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  return text === undefined ? undefined : whole(option, text, least, most);
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(
    `${option}: expected a whole number from ${least} to ${most}, not "${text}".`,
  );
}
