import type { LogLine } from "../core/logger.ts";
import type { ServeCommand } from "./serve-arguments.ts";
import type { StartLab } from "./lab-options.ts";
import type { Output } from "./output.ts";

/** Signals that end the lab in order: Ctrl+C, kill, and a terminal that was closed. */
const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** As much of `process` as serving needs. */
export interface Signals {
  once(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
}

/**
 * Runs a lab until a signal or a client ends it. Prints exactly one line, in JSON, on `output` when
 * the lab accepts connections; its log goes to `log`.
 */
export async function runServe(
  command: ServeCommand,
  startLab: StartLab,
  version: string,
  signals: Signals,
  output: Output,
  log: (line: string) => void,
): Promise<void> {
  const { dataFolder, listeners, usersFile, leaseMs, defaultPartitions, configs } = command;
  const onLog = (line: LogLine) => {
    if (line.level !== "debug") log(printLine(line));
  };
  // Taken once each: a second signal of a kind has the system's own effect and ends the process at once.
  const handlers: { readonly signal: NodeJS.Signals; readonly end: () => void }[] = [];
  const asked = new Promise<string>((resolve) => {
    for (const signal of END_SIGNALS) handlers.push({ signal, end: () => resolve(signal) });
  });
  for (const { signal, end } of handlers) signals.once(signal, end);
  try {
    const lab = await startLab({
      ...{ dataFolder, listeners, usersFile, leaseMs, defaultPartitions, configs },
      ...{ brokers: command.brokers, version, onLog },
    });
    const { bootstrap, pid, data } = lab.info;
    const { control } = lab;
    const nodes = lab.brokers.map((broker) => ({ id: broker.id, listeners: broker.listeners }));
    const ready = {
      ...{ ready: true, bootstrap, control, pid, data },
      ...{ listeners: lab.listeners, brokers: nodes },
    };
    await output.line(JSON.stringify(ready));
    await output.flush();
    await Promise.race([lab.ended, asked.then((reason) => lab.stop(reason))]);
  } finally {
    for (const { signal, end } of handlers) signals.off(signal, end);
  }
}

function printLine({ atMs, level, source, message }: LogLine): string {
  return `${new Date(atMs).toISOString()} ${level} ${source}: ${message}`;
}
