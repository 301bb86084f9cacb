import type { Cluster, ClusterTopic } from "../../cluster/cluster.ts";
import { type Failure, failure } from "../outcome.ts";

/** The topic that messages are to go to, undefined when it is not there yet; a failure when they cannot. */
export async function findTarget(
  cluster: Cluster,
  name: string,
): Promise<ClusterTopic | Failure | undefined> {
  const found = await cluster.topic(name);
  if (found?.internal !== true) return found;
  return failure("invalid-topic", `Topic ${name} belongs to the broker. Name another one.`);
}

/** Makes the topic. Messages that keep their times can be old; the topic keeps them all the same. */
export async function createTarget(
  cluster: Cluster,
  name: string,
  partitions: number | undefined,
  keepsTimes: boolean,
): Promise<ClusterTopic | Failure> {
  const configs: Readonly<Record<string, string>> = keepsTimes ? { "retention.ms": "-1" } : {};
  const outcome = await cluster.createTopic({ name, partitions, configs });
  if (outcome.kind === "created") return outcome.topic;
  return failure("invalid-topic", outcome.message);
}
