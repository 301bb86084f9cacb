import type { ConfigChange } from "../../broker/alter-config.ts";
import type { Broker } from "../../broker/broker.ts";
import { BROKER_CONFIGS } from "../../broker/broker-config.ts";
import type { AlterOutcome } from "../../broker/outcomes.ts";
import { topicNameFault } from "../../broker/topic-name.ts";
import { KAFKA_ERRORS } from "../../wire/kafka/errors.ts";
import { RESOURCE } from "./config-entries.ts";

/** What AlterConfigs and IncrementalAlterConfigs have in common: one resource, in either's terms. */
interface Resource {
  readonly resourceType: number;
  readonly resourceName: string;
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

interface Result {
  readonly errorCode: number;
  readonly errorMessage: string | null;
  readonly resourceType: number;
  readonly resourceName: string;
}

export type Refusal = Pick<Result, "errorCode" | "errorMessage">;

const DONE: Refusal = { errorCode: KAFKA_ERRORS.NONE, errorMessage: null };

export function refuse(errorCode: number, errorMessage: string): Refusal {
  return { errorCode, errorMessage };
}

const OUTCOMES: Readonly<Record<Exclude<AlterOutcome["kind"], "altered">, number>> = {
  unknown: KAFKA_ERRORS.UNKNOWN_TOPIC_OR_PARTITION,
  "invalid-config": KAFKA_ERRORS.INVALID_CONFIG,
  disk: KAFKA_ERRORS.KAFKA_STORAGE_ERROR,
};

/**
 * Alters the resources of one request, each on its own, with the checks of Kafka's ConfigAdminManager
 * in its order. `changeOf` reads the change that a resource asks for.
 */
export async function alterResources<R extends Resource>(
  broker: Broker,
  nodeId: number,
  resources: readonly R[],
  validateOnly: boolean,
  changeOf: (resource: R) => ConfigChange | Refusal,
): Promise<Result[]> {
  const keyOf = ({ resourceType, resourceName }: R) => `${resourceType} ${resourceName}`;
  const times = new Map<string, number>();
  for (const one of resources) times.set(keyOf(one), (times.get(keyOf(one)) ?? 0) + 1);

  async function alter(resource: R): Promise<Refusal> {
    const fault =
      (times.get(keyOf(resource)) ?? 0) > 1
        ? refuse(KAFKA_ERRORS.INVALID_REQUEST, "Each resource must appear at most once.")
        : doubledKeyFault(resource);
    if (fault !== undefined) return fault;
    const change = changeOf(resource);
    if (!("kind" in change)) return change;
    switch (resource.resourceType) {
      case RESOURCE.topic: {
        const nameFault = topicNameFault(resource.resourceName);
        if (nameFault !== undefined) {
          return refuse(KAFKA_ERRORS.INVALID_TOPIC_EXCEPTION, nameFault);
        }
        const outcome = await broker.alterTopicConfigs(resource.resourceName, change, validateOnly);
        return outcome.kind === "altered" ? DONE : refuse(OUTCOMES[outcome.kind], outcome.message);
      }
      case RESOURCE.broker:
        return alterBroker(resource.resourceName, nodeId, change);
      default:
        return refuse(
          KAFKA_ERRORS.INVALID_REQUEST,
          `Resource type ${resource.resourceType} has no configuration here.`,
        );
    }
  }

  return Promise.all(
    resources.map(async (resource) => {
      const { resourceType, resourceName } = resource;
      return { ...(await alter(resource)), resourceType, resourceName };
    }),
  );
}

function doubledKeyFault({ configs }: Resource): Refusal | undefined {
  const names = new Set(configs.map(({ name }) => name));
  return names.size === configs.length
    ? undefined
    : refuse(KAFKA_ERRORS.INVALID_REQUEST, "Error due to duplicate config keys.");
}

/** Broker settings are fixed while the lab runs: a change that leaves each as it is passes. */
function alterBroker(name: string, nodeId: number, change: ConfigChange): Refusal {
  if (name !== "" && name !== String(nodeId)) {
    return refuse(
      KAFKA_ERRORS.INVALID_REQUEST,
      `Unexpected broker id, expected ${nodeId} but received ${name}`,
    );
  }
  const given: { name: string; value: string }[] =
    change.kind === "replace"
      ? Object.entries(change.overrides).map(([key, value]) => ({ name: key, value }))
      : change.steps.flatMap((step) => ("value" in step ? step : []));
  const changed = given.filter(
    ({ name: key, value }) =>
      BROKER_CONFIGS.find((spec) => spec.name === key)?.defaultValue !== value,
  );
  if (changed.length === 0) return DONE;
  const names = changed.map((one) => one.name).join(", ");
  return refuse(
    KAFKA_ERRORS.INVALID_REQUEST,
    `The lab's broker configuration is fixed while it runs; these cannot be changed: ${names}. Configure the topic instead.`,
  );
}
