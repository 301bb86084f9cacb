import {
  type ExportMove,
  FILE_FORMATS,
  type FileFormat,
  type ImportMove,
  MAX_PATH_LENGTH,
  MAX_SELECTED_MESSAGES,
  type Move,
  type MoveSource,
} from "../api/moves.ts";
import type { Params } from "./params.ts";
import { readFilter } from "./read-filter.ts";
import { readFrom } from "./read-from.ts";

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
    default:
      return move.fail("kind", "export or import");
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
