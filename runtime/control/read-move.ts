import {
  type ExportMove,
  FILE_FORMATS,
  type FileFormat,
  type ImportMove,
  MAX_PATH_LENGTH,
  MAX_SELECTED_MESSAGES,
  MAX_SPEED,
  MIN_SPEED,
  type Move,
  type MoveSource,
  type ReplayMove,
} from "../api/moves.ts";
import type { Params } from "./params.ts";
import { readFilter } from "./read-filter.ts";
import { readFrom } from "./read-from.ts";
import { readRewriting } from "./read-rewriting.ts";

const MAX_INDEX = 2 ** 31 - 1;
const { MAX_SAFE_INTEGER } = Number;

/** A move out of the parameters of a request. */
export function readMove(move: Params): Move {
  const kind = move.text("kind");
  switch (kind) {
    case "export":
      return readExport(move);
    case "import":
      return readImport(move);
    case "replay":
      return readReplay(move);
    case "copy":
      return { kind, topic: move.text("topic"), target: move.text("target") };
    case "redrive":
      return {
        kind,
        source: readSource(move.object("source")),
        header: move.has("header") ? move.text("header") : undefined,
        keepErrorHeaders: move.flag("keepErrorHeaders"),
      };
    default:
      return move.fail("kind", "export, import, replay, copy or redrive");
  }
}

function readExport(move: Params): ExportMove {
  return {
    kind: "export",
    source: readSource(move.object("source")),
    path: move.text("path", MAX_PATH_LENGTH),
    format: readFormat(move),
    offsets: move.flag("offsets"),
    overwrite: move.flag("overwrite"),
  };
}

function readImport(move: Params): ImportMove {
  return {
    kind: "import",
    path: move.text("path", MAX_PATH_LENGTH),
    format: readFormat(move),
    topic: move.text("topic"),
    keepPartition: move.flag("keepPartition"),
    keepTimestamp: move.flag("keepTimestamp"),
    skip: move.integer("skip", 0, MAX_SAFE_INTEGER),
  };
}

function readReplay(move: Params): ReplayMove {
  return {
    kind: "replay",
    source: readSource(move.object("source")),
    topic: move.text("topic"),
    speed: move.has("speed") ? move.number("speed", MIN_SPEED, MAX_SPEED) : undefined,
    maxGapMs: move.optionalInteger("maxGapMs", 0, MAX_SAFE_INTEGER),
    rewriting: readRewriting(move.object("rewriting")),
    paused: move.flag("paused"),
  };
}

function readFormat(move: Params): FileFormat {
  const named = move.text("format");
  const format = FILE_FORMATS.find((each) => each === named);
  return format ?? move.fail("format", FILE_FORMATS.join(", "));
}

function readSource(source: Params): MoveSource {
  const kind = source.text("kind");
  const topic = source.text("topic");
  switch (kind) {
    case "range":
      return {
        ...{ kind, topic },
        partition: source.optionalInteger("partition", 0, MAX_INDEX),
        from: readFrom(source.object("from")),
        to: source.has("to") ? readFrom(source.object("to")) : undefined,
        limit: source.optionalInteger("limit", 1, MAX_SAFE_INTEGER),
        filter: source.has("filter") ? readFilter(source.object("filter")) : undefined,
      };
    case "selection": {
      const messages = source.objects("messages", MAX_SELECTED_MESSAGES).map((message) => ({
        partition: message.integer("partition", 0, MAX_INDEX),
        offset: message.integer("offset", 0, MAX_SAFE_INTEGER),
      }));
      return { kind, topic, messages };
    }
    default:
      return source.fail("kind", "range or selection");
  }
}
