import type { PartitionSummary, TopicSummary } from "../../runtime/api/model.ts";
import { numberText, unitText } from "./numbers.ts";

/** How sentences and numbers are written in the window's language. */
export interface Wording {
  /** `vscode.l10n.t` */
  t(sentence: string, ...values: (string | number)[]): string;
  /** BCP 47 tag, such as `en` or `de`. */
  readonly locale: string;
}

/** Offsets that a partition holds. After compaction or transactions fewer of them are messages. */
export function partitionCount(partition: PartitionSummary): number {
  return partition.endOffset - partition.startOffset;
}

export function topicCount(topic: TopicSummary): number {
  return topic.partitions.reduce((sum, partition) => sum + partitionCount(partition), 0);
}

export function topicBytes(topic: TopicSummary): number {
  return topic.partitions.reduce((sum, partition) => sum + partition.sizeBytes, 0);
}

/** `1,204 messages`, `1 message`, `no messages`. */
export function countText(count: number, wording: Wording): string {
  if (count === 0) return wording.t("no messages");
  if (count === 1) return wording.t("1 message");
  return wording.t("{0} messages", numberText(count, wording.locale));
}

function partitionsText(count: number, wording: Wording): string {
  return count === 1
    ? wording.t("1 partition")
    : wording.t("{0} partitions", numberText(count, wording.locale));
}

const UNITS = ["kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A size in powers of ten with three digits, as in `35.1 kB`. */
export function sizeText(bytes: number, wording: Wording): string {
  if (bytes === 1) return wording.t("1 byte");
  if (bytes < 1_000) return wording.t("{0} bytes", bytes);
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit++;
  }
  return unitText(value, UNITS[unit] ?? "terabyte", wording.locale);
}

/** What stands beside a topic's name, short enough for a narrow side bar. An empty topic has no size. */
export function topicDescription(topic: TopicSummary, wording: Wording): string {
  const count = topicCount(topic);
  const messages = countText(count, wording);
  return count === 0 ? messages : `${messages} · ${sizeText(topicBytes(topic), wording)}`;
}

/** What a screen reader says of a topic: `orders, 3 partitions, 1,204 messages`. */
export function topicLabel(topic: TopicSummary, wording: Wording): string {
  return [
    topic.name,
    partitionsText(topic.partitions.length, wording),
    countText(topicCount(topic), wording),
  ].join(", ");
}

/** What stands beside a partition: its offsets, and how much they hold. */
export function partitionDescription(partition: PartitionSummary, wording: Wording): string {
  const { startOffset, endOffset } = partition;
  const number = (value: number) => numberText(value, wording.locale);
  if (endOffset === 0) return wording.t("empty");
  if (partitionCount(partition) === 0)
    return wording.t("empty, next offset {0}", number(endOffset));
  const range =
    startOffset === endOffset - 1
      ? wording.t("offset {0}", number(startOffset))
      : wording.t("offsets {0} – {1}", number(startOffset), number(endOffset - 1));
  return `${range} · ${sizeText(partition.sizeBytes, wording)}`;
}

export function partitionLabel(
  topic: TopicSummary,
  partition: PartitionSummary,
  wording: Wording,
): string {
  return [
    wording.t("Partition {0} of {1}", partition.partition, topic.name),
    countText(partitionCount(partition), wording),
    partitionDescription(partition, wording),
  ].join(", ");
}

/** What is lost when topics are deleted or the lab is reset: `3 topics with 1,204 messages`. */
export function lossText(topics: readonly TopicSummary[], wording: Wording): string {
  const count = topics.reduce((sum, topic) => sum + topicCount(topic), 0);
  const what =
    topics.length === 1
      ? wording.t("1 topic")
      : wording.t("{0} topics", numberText(topics.length, wording.locale));
  return wording.t("{0} with {1}", what, countText(count, wording));
}
