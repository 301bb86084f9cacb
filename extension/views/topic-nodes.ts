import type { PartitionSummary, TopicSummary } from "../../runtime/api/model.ts";

/** An element of the tree. It keeps its identity while its summary changes, so that expansion stays. */
export class TopicNode {
  readonly kind = "topic";
  readonly partitions = new Map<number, PartitionNode>();
  summary: TopicSummary;

  constructor(summary: TopicSummary) {
    this.summary = summary;
  }
}

export class PartitionNode {
  readonly kind = "partition";
  readonly topic: TopicNode;
  summary: PartitionSummary;

  constructor(topic: TopicNode, summary: PartitionSummary) {
    this.topic = topic;
    this.summary = summary;
  }
}

export type TreeNode = TopicNode | PartitionNode;

/** The element of a partition, the same one each time. */
export function partitionNode(topic: TopicNode, summary: PartitionSummary): PartitionNode {
  const node = topic.partitions.get(summary.partition) ?? new PartitionNode(topic, summary);
  topic.partitions.set(summary.partition, node);
  node.summary = summary;
  return node;
}

/** Whether two summaries show the same. */
export function isSameTopic(a: TopicSummary, b: TopicSummary): boolean {
  if (a === b) return true;
  if (a.partitions.length !== b.partitions.length) return false;
  return a.partitions.every((one, index) => {
    const other = b.partitions[index];
    return (
      one.startOffset === other?.startOffset &&
      one.endOffset === other.endOffset &&
      one.sizeBytes === other.sizeBytes
    );
  });
}
