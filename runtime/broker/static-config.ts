import { BROKER_CONFIGS } from "./broker-config.ts";
import { configFault } from "./config-spec.ts";
import type { GroupConfig } from "./coordinator/group-config.ts";

/** Kafka's broker configurations that a lab can be started with, as Kafka's server.properties has them. */
const STATIC_CONFIG_NAMES = [
  "auto.create.topics.enable",
  "group.consumer.heartbeat.interval.ms",
  "group.consumer.session.timeout.ms",
  "group.initial.rebalance.delay.ms",
  "group.max.session.timeout.ms",
  "group.min.session.timeout.ms",
] as const;
type StaticConfigName = (typeof STATIC_CONFIG_NAMES)[number];

export type StaticConfigs = Readonly<Partial<Record<StaticConfigName, string>>>;

/** The lab cannot be started with these; the message says why. */
export class StaticConfigError extends Error {
  override readonly name = "StaticConfigError";
}

const isName = (name: string): name is StaticConfigName =>
  STATIC_CONFIG_NAMES.some((known) => known === name);

/** Takes in what was given by name. Throws {@link StaticConfigError}. */
export function staticConfigs(given: ReadonlyMap<string, string>): StaticConfigs {
  const configs: Partial<Record<StaticConfigName, string>> = {};
  for (const [name, value] of given) {
    const spec = BROKER_CONFIGS.find((each) => each.name === name);
    if (spec === undefined || !isName(name)) {
      const names = STATIC_CONFIG_NAMES.join(", ");
      throw new StaticConfigError(`a lab is not started with ${name}: there are ${names}.`);
    }
    const fault = configFault(spec, value);
    if (fault !== undefined) throw new StaticConfigError(`${fault}.`);
    configs[name] = value;
  }
  return configs;
}

export const createsTopicsAskedFor = (configs: StaticConfigs): boolean =>
  configs["auto.create.topics.enable"] !== "false";

/** The settings of the coordinator under their names of Kafka. */
const GROUP_SETTINGS = {
  "group.consumer.heartbeat.interval.ms": "consumerHeartbeatIntervalMs",
  "group.consumer.session.timeout.ms": "consumerSessionTimeoutMs",
  "group.initial.rebalance.delay.ms": "initialRebalanceDelayMs",
  "group.max.session.timeout.ms": "maxSessionTimeoutMs",
  "group.min.session.timeout.ms": "minSessionTimeoutMs",
} as const satisfies Partial<Record<StaticConfigName, keyof GroupConfig>>;

/** What differs from the coordinator's defaults. */
export function groupConfigOf(configs: StaticConfigs): Partial<GroupConfig> {
  const config: { -readonly [K in keyof GroupConfig]?: number } = {};
  for (const [name, value] of Object.entries(configs)) {
    if (isGroupSetting(name)) config[GROUP_SETTINGS[name]] = Number(value);
  }
  return config;
}

const isGroupSetting = (name: string): name is keyof typeof GROUP_SETTINGS =>
  Object.hasOwn(GROUP_SETTINGS, name);
