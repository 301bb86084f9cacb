import type { Rewriting } from "../api/moves.ts";
import { FLAG, integer, MAX_INT32, TEXT } from "./options.ts";
import { UsageError } from "./usage.ts";

/** The options that say what becomes of the parts of a message; without them it stays as it is. */
export const REWRITING_OPTIONS = {
  ...{ "set-key": TEXT, "set-value": TEXT, "drop-key": FLAG, "drop-headers": FLAG },
  ...{ "by-key": FLAG, "into-partition": TEXT, now: FLAG },
} as const;

interface RewritingValues {
  readonly "set-key"?: string | undefined;
  readonly "set-value"?: string | undefined;
  readonly "drop-key": boolean;
  readonly "drop-headers": boolean;
  readonly "by-key": boolean;
  readonly "into-partition"?: string | undefined;
  readonly now: boolean;
}

/** Throws UsageError. */
export function rewriting(values: RewritingValues): Rewriting {
  const setKey = values["set-key"];
  const setValue = values["set-value"];
  const into = integer("--into-partition", values["into-partition"], 0, MAX_INT32);
  if (setKey !== undefined && values["drop-key"]) {
    throw new UsageError("replay: expected one of --set-key and --drop-key.");
  }
  if (into !== undefined && values["by-key"]) {
    throw new UsageError("replay: expected one of --by-key and --into-partition.");
  }
  const keptKey = values["drop-key"] ? "drop" : "keep";
  return {
    key: setKey === undefined ? keptKey : { sql: setKey },
    value: setValue === undefined ? "keep" : { sql: setValue },
    headers: values["drop-headers"] ? "drop" : "keep",
    partition: into ?? (values["by-key"] ? "by-key" : "keep"),
    timestamp: values.now ? "now" : "keep",
  };
}
