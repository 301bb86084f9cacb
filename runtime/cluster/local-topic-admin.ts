import type { Broker } from "../broker/broker.ts";
import { type ConfigSpec, configFault } from "../broker/config-spec.ts";
import { TOPIC_CONFIG_TEXTS } from "../broker/config-texts.ts";
import { TOPIC_CONFIG_BY_NAME, TOPIC_CONFIGS } from "../broker/topic-config.ts";
import { describeTopic } from "./local.ts";
import type {
  AddPartitionsOutcome,
  AlterConfigsOutcome,
  ConfigChange,
  ConfigFault,
  DeleteRecordsOutcome,
  TopicAdmin,
  TopicConfig,
} from "./topic-admin.ts";

/** Changes topics of the lab's own broker. */
export class LocalTopicAdmin implements TopicAdmin {
  readonly #broker: Broker;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  configs(topic: string): Promise<readonly TopicConfig[] | undefined> {
    const overrides = this.#broker.topic(topic)?.overrides;
    return Promise.resolve(
      overrides && TOPIC_CONFIGS.map((spec) => configOf(spec, overrides[spec.name])),
    );
  }

  async alterConfigs(
    topic: string,
    changes: readonly ConfigChange[],
    validateOnly: boolean,
  ): Promise<AlterConfigsOutcome> {
    const faults = changes.flatMap((change) => faultOf(change) ?? []);
    if (faults.length > 0) return { kind: "invalid", faults };
    const steps = changes.map(({ name, value }) =>
      value === null ? { op: "delete" as const, name } : { op: "set" as const, name, value },
    );
    const change = { kind: "steps", steps } as const;
    const outcome = await this.#broker.alterTopicConfigs(topic, change, validateOnly);
    if (outcome.kind === "altered") return outcome;
    const { kind, message } = outcome;
    if (kind !== "invalid-config") return { kind: "refused", reason: kind, message };
    const name = changes.find((one) => message.includes(one.name))?.name;
    return { kind: "invalid", faults: [{ name, message }] };
  }

  async addPartitions(topic: string, total: number): Promise<AddPartitionsOutcome> {
    const outcome = await this.#broker.growTopic(topic, total, false);
    const grown = this.#broker.topic(topic);
    if (outcome.kind === "grown" && grown !== undefined) {
      return { kind: "added", topic: describeTopic(grown) };
    }
    if (outcome.kind === "unknown" || outcome.kind === "disk") {
      return { kind: "refused", reason: outcome.kind, message: outcome.message };
    }
    const message = "message" in outcome ? outcome.message : `Topic ${topic} is gone.`;
    return { kind: "refused", reason: "invalid-partitions", message };
  }

  deleteRecords(topic: string, partition: number, before: number): Promise<DeleteRecordsOutcome> {
    const outcome = this.#broker.deleteRecords(topic, partition, before);
    return Promise.resolve(
      outcome.kind === "deleted"
        ? outcome
        : { kind: "refused", reason: outcome.kind, message: outcome.message },
    );
  }
}

function configOf(spec: ConfigSpec, override: string | undefined): TopicConfig {
  const { name, type, defaultValue, oneOf, min, max } = spec;
  return {
    ...{ name, type, defaultValue, oneOf, min, max },
    value: override ?? defaultValue,
    source: override === undefined ? "default" : "topic",
    documentation: TOPIC_CONFIG_TEXTS.get(name) ?? "",
    readOnly: false,
    sensitive: false,
  };
}

function faultOf({ name, value }: ConfigChange): ConfigFault | undefined {
  const spec = TOPIC_CONFIG_BY_NAME.get(name);
  if (spec === undefined) return { name, message: `Unknown topic config name: ${name}` };
  const message = value === null ? undefined : configFault(spec, value);
  return message === undefined ? undefined : { name, message };
}
