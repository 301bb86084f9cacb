import { resolve } from "node:path";
import {
  FILE_FORMATS,
  MAX_SPEED,
  MIN_SPEED,
  type FileFormat,
  type Move,
  type MoveSource,
  MOVE_ACTIONS,
  type MoveAction,
} from "../api/moves.ts";
import { FILTER_OPTIONS, filterOf, type FilterValues } from "./message-arguments.ts";
import {
  DATA,
  FLAG,
  integer,
  MAX_INT32,
  oneTopic,
  parse,
  position,
  TEXT,
  noneOf,
} from "./options.ts";
import { rewriting, REWRITING_OPTIONS } from "./rewriting-arguments.ts";
import { UsageError } from "./usage.ts";

/** A command that moves messages. */
export interface MoveCommand {
  readonly name: Move["kind"];
  readonly dataFolder: string;
  readonly move: Move;
  /** Shows what would be moved, and moves nothing. */
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Shows what would be moved, and asks before it is. */
  readonly asks: boolean;
  /** The move goes on in the lab, and the command ends. */
  readonly detach: boolean;
}

/** Lists the moves that run, or does something to one. */
export interface MovesCommand {
  readonly name: "moves";
  readonly dataFolder: string;
  readonly json: boolean;
  readonly change: { readonly action: MoveAction; readonly id: string } | undefined;
}

const MOVE_OPTIONS = { data: DATA, json: FLAG, "dry-run": FLAG, detach: FLAG } as const;
const RANGE_OPTIONS = {
  ...FILTER_OPTIONS,
  ...{ partition: TEXT, to: TEXT, limit: TEXT },
  from: { type: "string", default: "earliest" },
} as const;

interface MoveValues {
  readonly data: string;
  readonly json: boolean;
  readonly "dry-run": boolean;
  readonly detach: boolean;
}

interface RangeValues extends FilterValues {
  readonly partition?: string | undefined;
  readonly from: string;
  readonly to?: string | undefined;
  readonly limit?: string | undefined;
}

/** Throws UsageError. */
export function parseExport(argv: readonly string[]): MoveCommand {
  const { values, positionals } = parse(argv, {
    ...{ ...MOVE_OPTIONS, ...RANGE_OPTIONS },
    ...{ file: TEXT, format: TEXT, offsets: FLAG, overwrite: FLAG },
  });
  const source = range("export", oneTopic(positionals), values);
  if (values.file === undefined) throw new UsageError("export: expected --file and a file.");
  const { offsets, overwrite } = values;
  const format = formatOf(values.file, values.format);
  const path = resolve(values.file);
  return command(values, { kind: "export", source, path, format, offsets, overwrite });
}

/** Throws UsageError. */
export function parseImport(argv: readonly string[]): MoveCommand {
  const { values, positionals } = parse(argv, {
    ...{ ...MOVE_OPTIONS, file: TEXT, format: TEXT, skip: TEXT },
    ...{ "by-key": FLAG, now: FLAG },
  });
  const topic = oneTopic(positionals);
  if (values.file === undefined) throw new UsageError("import: expected --file and a file.");
  return command(values, {
    ...{ kind: "import", topic, path: resolve(values.file) },
    format: formatOf(values.file, values.format),
    keepPartition: !values["by-key"],
    keepTimestamp: !values.now,
    skip: integer("--skip", values.skip, 0, Number.MAX_SAFE_INTEGER) ?? 0,
  });
}

/** Throws UsageError. */
export function parseReplay(argv: readonly string[]): MoveCommand {
  const { values, positionals } = parse(argv, {
    ...{ ...MOVE_OPTIONS, ...RANGE_OPTIONS, ...REWRITING_OPTIONS },
    ...{ into: TEXT, speed: TEXT, fast: FLAG, "max-gap": TEXT, yes: FLAG },
  });
  const source = range("replay", oneTopic(positionals), values);
  if (values.into === undefined) throw new UsageError("replay: expected --into and a topic.");
  if (values.fast && values.speed !== undefined) {
    throw new UsageError("replay: expected one of --speed and --fast.");
  }
  const move: Move = {
    ...{ kind: "replay", source, topic: values.into, rewriting: rewriting(values), paused: false },
    speed: values.fast ? undefined : speedOf(values.speed ?? "1"),
    maxGapMs: integer("--max-gap", values["max-gap"], 0, Number.MAX_SAFE_INTEGER),
  };
  return command(values, move, !values.yes);
}

/** Throws UsageError. */
export function parseCopy(argv: readonly string[]): MoveCommand {
  const { values, positionals } = parse(argv, { ...MOVE_OPTIONS, into: TEXT });
  const topic = oneTopic(positionals);
  if (values.into === undefined) throw new UsageError("copy: expected --into and a new topic.");
  return command(values, { kind: "copy", topic, target: values.into });
}

/** Throws UsageError. */
export function parseRedrive(argv: readonly string[]): MoveCommand {
  const { values, positionals } = parse(argv, {
    ...{ ...MOVE_OPTIONS, ...RANGE_OPTIONS },
    ...{ header: TEXT, "keep-error-headers": FLAG, yes: FLAG },
  });
  const source = range("redrive", oneTopic(positionals), values);
  const { header } = values;
  const keepErrorHeaders = values["keep-error-headers"];
  return command(values, { kind: "redrive", source, header, keepErrorHeaders }, !values.yes);
}

/** Throws UsageError. */
export function parseMoves(argv: readonly string[]): MovesCommand {
  const { values, positionals } = parse(argv, { data: DATA, json: FLAG });
  const [named, id, ...more] = positionals;
  noneOf(more);
  const dataFolder = resolve(values.data);
  const { json } = values;
  if (named === undefined) return { name: "moves", dataFolder, json, change: undefined };
  const action = MOVE_ACTIONS.find((each) => each === named);
  if (action === undefined) {
    throw new UsageError(`moves: expected ${MOVE_ACTIONS.join(", ")}, not ${named}.`);
  }
  if (id === undefined) throw new UsageError(`moves ${action}: expected the id of a move.`);
  return { name: "moves", dataFolder, json, change: { action, id } };
}

function speedOf(text: string): number {
  const speed = /^x?(\d+(?:\.\d+)?)$/.exec(text)?.[1];
  const factor = Number(speed ?? NaN);
  if (factor >= MIN_SPEED && factor <= MAX_SPEED) return factor;
  throw new UsageError(
    `--speed: expected a factor from ${MIN_SPEED} to ${MAX_SPEED}, not "${text}".`,
  );
}

function command(values: MoveValues, move: Move, asks = false): MoveCommand {
  const { data, json, detach } = values;
  const dryRun = values["dry-run"];
  if (detach && dryRun) {
    throw new UsageError(`${move.kind}: expected one of --dry-run and --detach.`);
  }
  return { name: move.kind, dataFolder: resolve(data), move, dryRun, json, asks, detach };
}

function range(command: string, topic: string, values: RangeValues): MoveSource {
  return {
    ...{ kind: "range", topic, from: position(values.from) },
    partition: integer("--partition", values.partition, 0, MAX_INT32),
    to: values.to === undefined ? undefined : position(values.to, "--to"),
    limit: integer("--limit", values.limit, 1, Number.MAX_SAFE_INTEGER),
    filter: filterOf(command, values),
  };
}

/** The format asked for, or that of the file's name: one without a suffix is a folder. */
function formatOf(file: string, asked: string | undefined): FileFormat {
  const suffix = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? "raw";
  const named = asked ?? (suffix === "ndjson" ? "jsonl" : suffix);
  const format = FILE_FORMATS.find((each) => each === named);
  if (format !== undefined) return format;
  throw new UsageError(`--format: expected ${FILE_FORMATS.join(", ")}, not "${named}".`);
}
