export type LogLevel = "debug" | "info" | "warn" | "error";

/** One thing that happened, without message payloads or secrets. */
export interface LogLine {
  readonly atMs: number;
  readonly level: LogLevel;
  /** The part of the lab that speaks, such as `log` or `gateway`. */
  readonly source: string;
  readonly message: string;
}

/** Where a part of the lab says what happened. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** A logger for a part of this part. */
  child(source: string): Logger;
}

/** Builds a logger that hands each line to `sink`. */
export function createLogger(
  source: string,
  nowMs: () => number,
  sink: (line: LogLine) => void,
): Logger {
  const at = (level: LogLevel) => (message: string) =>
    sink({ atMs: nowMs(), level, source, message });
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (name) => createLogger(name, nowMs, sink),
  };
}

/** Drops every line. */
export const silentLogger: Logger = createLogger(
  "",
  () => 0,
  () => undefined,
);
