import { resolve } from "node:path";
import {
  FILE_FORMATS,
  type FileFormat,
  type Move,
  type MoveSource,
  type RangeEnd,
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
  time,
  whole,
} from "./options.ts";
import { UsageError } from "./usage.ts";

/** A command that moves messages. */
export interface MoveCommand {
  readonly name: Move["kind"];
  readonly dataFolder: string;
  readonly move: Move;
  /** Shows what would be moved, and moves nothing. */
  readonly dryRun: boolean;
  readonly json: boolean;
}

const MOVE_OPTIONS = { data: DATA, json: FLAG, "dry-run": FLAG } as const;
const RANGE_OPTIONS = {
  ...FILTER_OPTIONS,
  ...{ partition: TEXT, until: TEXT, limit: TEXT },
  from: { type: "string", default: "earliest" },
} as const;

interface MoveValues {
  readonly data: string;
  readonly json: boolean;
  readonly "dry-run": boolean;
}

interface RangeValues extends FilterValues {
  readonly partition?: string | undefined;
  readonly from: string;
  readonly until?: string | undefined;
  readonly limit?: string | undefined;
}

/** Throws UsageError. */
export function parseExport(argv: readonly string[]): MoveCommand {
  const { values, positionals } = parse(argv, {
    ...{ ...MOVE_OPTIONS, ...RANGE_OPTIONS },
    ...{ to: TEXT, format: TEXT, offsets: FLAG, overwrite: FLAG },
  });
  const source = range(oneTopic(positionals), values);
  if (values.to === undefined) throw new UsageError("export: expected --to and a file.");
  const { offsets, overwrite } = values;
  const format = formatOf(values.to, values.format);
  const path = resolve(values.to);
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

function command(values: MoveValues, move: Move): MoveCommand {
  const { data, json } = values;
  const dryRun = values["dry-run"];
  return { name: move.kind, dataFolder: resolve(data), move, dryRun, json };
}

function range(topic: string, values: RangeValues): MoveSource {
  return {
    ...{ kind: "range", topic, from: position(values.from) },
    partition: integer("--partition", values.partition, 0, MAX_INT32),
    until: values.until === undefined ? undefined : rangeEnd(values.until),
    limit: integer("--limit", values.limit, 1, Number.MAX_SAFE_INTEGER),
    filter: filterOf(values),
  };
}

function rangeEnd(text: string): RangeEnd {
  const [, kind = "", value = ""] = /^(offset|time):(.*)$/.exec(text) ?? [];
  switch (kind) {
    case "offset":
      return { kind, offset: whole("--until offset:", value, 0, Number.MAX_SAFE_INTEGER) };
    case "time":
      return { kind, timestampMs: time("--until time:", value) };
    default:
      throw new UsageError(`--until: expected offset:N or time:ISO, not "${text}".`);
  }
}

/** The format asked for, or that of the file's name: one without a suffix is a folder. */
function formatOf(file: string, asked: string | undefined): FileFormat {
  const suffix = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? "raw";
  const named = asked ?? (suffix === "ndjson" ? "jsonl" : suffix);
  const format = FILE_FORMATS.find((each) => each === named);
  if (format !== undefined) return format;
  throw new UsageError(`--format: expected ${FILE_FORMATS.join(", ")}, not "${named}".`);
}
