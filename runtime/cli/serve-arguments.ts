import { resolve } from "node:path";
import { type ListenerSpec, MAX_BROKERS } from "../core/listener.ts";
import { parseConfigs } from "./configs.ts";
import { checkPorts, checkUsers, parseListeners } from "./listeners.ts";
import { DATA, integer, MAX_INT32, noneOf, parse, TEXT } from "./options.ts";
import { UsageError } from "./usage.ts";

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 9092;
const MAX_PORT = 65_535;
const MAX_DEFAULT_PARTITIONS = 1_000;

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

/** Throws UsageError. */
export function parseServe(argv: readonly string[]): ServeCommand {
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
