import { resolve } from "node:path";
import { MAX_BROKERS } from "../core/listener.ts";
import {
  type GroupsCommand,
  parseGroups,
  parseReset,
  type ResetCommand,
} from "./group-arguments.ts";
import {
  type CountCommand,
  type DecodeCommand,
  type LoadCommand,
  parseCount,
  parseDecode,
  parsePeek,
  parseProduce,
  parseSearch,
  type PeekCommand,
  type ProduceCommand,
} from "./message-arguments.ts";
import {
  type MoveCommand,
  type MovesCommand,
  parseCopy,
  parseExport,
  parseImport,
  parseMoves,
  parseRedrive,
  parseReplay,
} from "./move-arguments.ts";
import { DATA, FLAG, noneOf, parse, whole } from "./options.ts";
import { parseServe, type ServeCommand } from "./serve-arguments.ts";
import { parseTopics, type TopicsCommand } from "./topic-arguments.ts";
import { UsageError } from "./usage.ts";

export interface BrokersCommand {
  readonly name: "brokers";
  readonly dataFolder: string;
  readonly json: boolean;
  /** Undefined for a look only. */
  readonly change: { readonly verb: "stop" | "start"; readonly id: number } | undefined;
}
export type Command =
  | ServeCommand
  | TopicsCommand
  | BrokersCommand
  | GroupsCommand
  | ResetCommand
  | PeekCommand
  | CountCommand
  | DecodeCommand
  | ProduceCommand
  | LoadCommand
  | MoveCommand
  | MovesCommand
  | { readonly name: "help" | "version" };

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Command>> = {
  serve: parseServe,
  topics: parseTopics,
  brokers: parseBrokers,
  groups: parseGroups,
  reset: parseReset,
  peek: parsePeek,
  search: parseSearch,
  count: parseCount,
  decode: parseDecode,
  produce: parseProduce,
  export: parseExport,
  import: parseImport,
  replay: parseReplay,
  copy: parseCopy,
  redrive: parseRedrive,
  moves: parseMoves,
};

/** Understands a command line (without node and script). Throws UsageError. */
export function parseCommand(argv: readonly string[]): Command {
  const [first, ...rest] = argv;
  if (argv.includes("--help") || argv.includes("-h") || first === "help") return { name: "help" };
  if (argv.includes("--version")) return { name: "version" };
  const known = Object.keys(COMMANDS)
    .join(", ")
    .replace(/, (\w+)$/, " or $1");
  if (first === undefined) throw new UsageError(`expected a command: ${known}.`);
  const parseRest = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  if (parseRest === undefined) throw new UsageError(`there is no command ${first}: use ${known}.`);
  return parseRest(rest);
}

function parseBrokers(argv: readonly string[]): BrokersCommand {
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
