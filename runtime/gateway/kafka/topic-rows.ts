import type { Partition } from "../../broker/partition.ts";
import { NO_LEADER, type Placement } from "../../broker/placement/placement.ts";
import type { Nodes } from "../../broker/placement/nodes.ts";
import type { Topic } from "../../broker/topic.ts";
import { KAFKA_ERRORS } from "../../wire/kafka/errors.ts";

/** A partition as Metadata and DescribeTopicPartitions describe it. */
export function partitionRow(
  partitionIndex: number,
  { leader, epoch, replicas, isr }: Placement,
  nodes: Nodes,
) {
  const isLed = leader !== NO_LEADER;
  return {
    errorCode: isLed ? KAFKA_ERRORS.NONE : KAFKA_ERRORS.LEADER_NOT_AVAILABLE,
    partitionIndex,
    leaderId: leader,
    leaderEpoch: epoch,
    replicaNodes: [...replicas],
    isrNodes: [...isr],
    offlineReplicas: replicas.filter((node) => !nodes.isUp(node)),
  };
}

type Row = ReturnType<typeof partitionRow>;

/**
 * Topics as Metadata describes them. Partitions that lie alike look alike: rows are kept by placement and
 * index, so that in a lab of one node one row for each index serves all topics.
 */
export class TopicRows {
  readonly #nodes: Nodes;
  #rows = new WeakMap<Placement, Row[]>();
  #nodesVersion = 0;

  constructor(nodes: Nodes) {
    this.#nodes = nodes;
  }

  describe(topic: Topic) {
    // Which replicas are offline is part of a row.
    if (this.#nodesVersion !== this.#nodes.version) this.#rows = new WeakMap();
    this.#nodesVersion = this.#nodes.version;
    return {
      errorCode: KAFKA_ERRORS.NONE,
      name: topic.name,
      topicId: topic.id,
      isInternal: topic.internal,
      partitions: topic.partitions.map((partition) => this.#row(partition)),
    };
  }

  #row({ index, placement }: Partition): Row {
    let known = this.#rows.get(placement);
    if (known === undefined) {
      known = [];
      this.#rows.set(placement, known);
    }
    return (known[index] ??= partitionRow(index, placement, this.#nodes));
  }
}
