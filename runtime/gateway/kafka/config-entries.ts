import type { ConfigSpec, ConfigType } from "../../broker/config-spec.ts";
import { TOPIC_CONFIG_TEXTS } from "../../broker/config-texts.ts";
import { TOPIC_CONFIGS, type TopicOverrides } from "../../broker/topic-config.ts";

/** Where a value comes from, numbered as DescribeConfigs does (KIP-226). */
export const CONFIG_SOURCE = { topic: 1, staticBroker: 4, default: 5 } as const;

/** Kinds of things that have a configuration, numbered as Kafka's ConfigResource.Type. */
export const RESOURCE = { topic: 2, broker: 4 } as const;

/** Value types, numbered as DescribeConfigs does (KIP-569). */
const TYPE_CODES: Readonly<Record<ConfigType, number>> = {
  boolean: 1,
  string: 2,
  int: 3,
  short: 4,
  long: 5,
  double: 6,
  list: 7,
};

/** One configuration value as DescribeConfigs and CreateTopics answer it. */
export interface ConfigEntry {
  readonly name: string;
  /** Null for one that another setting stands for. */
  readonly value: string | null;
  readonly readOnly: boolean;
  readonly configSource: number;
  readonly isSensitive: boolean;
  readonly configType: number;
  readonly documentation: string | null;
  readonly synonyms: { name: string; value: string; source: number }[];
}

function entry(
  spec: ConfigSpec,
  override: string | undefined,
  source: number = CONFIG_SOURCE.topic,
): ConfigEntry {
  const synonyms = [
    ...(override === undefined ? [] : [{ name: spec.name, value: override, source }]),
    ...(spec.brokerName === undefined || spec.brokerUnset === true
      ? []
      : [{ name: spec.brokerName, value: spec.defaultValue, source: CONFIG_SOURCE.default }]),
  ];
  return {
    name: spec.name,
    value: override ?? spec.defaultValue,
    readOnly: false,
    configSource: override === undefined ? CONFIG_SOURCE.default : source,
    isSensitive: false,
    configType: TYPE_CODES[spec.type],
    documentation: spec.documentation ?? TOPIC_CONFIG_TEXTS.get(spec.name) ?? null,
    synonyms,
  };
}

/** Every configuration of a topic with its source, in order of name. */
export function describeTopicConfigs(overrides: TopicOverrides): ConfigEntry[] {
  return TOPIC_CONFIGS.map((spec) => entry(spec, overrides[spec.name]));
}

/**
 * The given broker configurations, fixed while the lab runs: those in `given` as it was started with,
 * the others at their defaults.
 */
export function describeBrokerConfigs(
  specs: readonly ConfigSpec[],
  given: Readonly<Record<string, string>>,
): ConfigEntry[] {
  return specs.map((spec) => {
    const value = given[spec.name];
    const override = value === spec.defaultValue ? undefined : value;
    const named = entry({ ...spec, brokerName: spec.name }, override, CONFIG_SOURCE.staticBroker);
    const unset = override === undefined && spec.brokerUnset === true;
    return { ...named, value: unset ? null : named.value, readOnly: true };
  });
}
