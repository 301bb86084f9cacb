import type { ConfigStep } from "../../../broker/alter-config.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  type IncrementalAlterConfigsRequest as Request,
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../../wire/kafka/messages/44-incremental-alter-configs.ts";
import { alterResources, refuse } from "../alter-resources.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * IncrementalAlterConfigs, versions 0-1 (KIP-339): values are set and deleted one by one, and lists
 * appended to and subtracted from. Topics only; the broker's configuration is fixed.
 */

const OPERATIONS = ["set", "delete", "append", "subtract"] as const;

function changeOf({ configs }: Request["resources"][number]) {
  const steps: ConfigStep[] = [];
  for (const { name, configOperation, value } of configs) {
    const op = OPERATIONS[configOperation];
    if (op === undefined) {
      return refuse(
        KAFKA_ERRORS.INVALID_REQUEST,
        `Unknown operation ${configOperation} for ${name}.`,
      );
    }
    if (op === "delete") {
      steps.push({ op, name });
    } else if (value === null) {
      return refuse(KAFKA_ERRORS.INVALID_REQUEST, `Null value not supported for: ${name}`);
    } else {
      steps.push({ op, name, value });
    }
  }
  return { kind: "steps" as const, steps };
}

export function incrementalAlterConfigs({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: IncrementalAlterConfigsRequest,
    response: IncrementalAlterConfigsResponse,
    handle: async ({ resources, validateOnly }, { endpoint }) => ({
      throttleTimeMs: 0,
      responses: await alterResources(broker, endpoint.nodeId, resources, validateOnly, changeOf),
    }),
  });
}
