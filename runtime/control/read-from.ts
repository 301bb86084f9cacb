import type { From } from "../messages/start.ts";
import type { Params } from "./params.ts";

/** Most partitions that one read can carry cursors for, and that a topic can have. */
const MAX_PARTITIONS = 10_000;
const MAX_INDEX = 2 ** 31 - 1;

/** A place in every partition, or one for each, out of the parameters of a request. */
export function readFrom(from: Params): From {
  const kind = from.text("kind");
  switch (kind) {
    case "earliest":
    case "latest":
      return { kind };
    case "offset":
      return { kind, offset: from.integer("offset", 0, Number.MAX_SAFE_INTEGER) };
    case "time":
      return { kind, timestampMs: from.integer("timestampMs", 0, Number.MAX_SAFE_INTEGER) };
    case "last":
      return { kind, count: from.integer("count", 0, Number.MAX_SAFE_INTEGER) };
    case "cursors":
      return {
        kind,
        cursors: from.objects("cursors", MAX_PARTITIONS).map((cursor) => ({
          partition: cursor.integer("partition", 0, MAX_INDEX),
          offset: cursor.integer("offset", 0, Number.MAX_SAFE_INTEGER),
        })),
      };
    default:
      return from.fail("kind", "earliest, latest, offset, time, last or cursors");
  }
}
