import * as vscode from "vscode";
import type { TopicSummary } from "../../runtime/api/model.ts";
import type { MessageRef } from "../../runtime/api/view.ts";
import type { PeekTarget } from "../editors/grids.ts";
import { PartitionNode, TopicNode } from "../views/topic-nodes.ts";
import { topicDescription } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import type { Services } from "./services.ts";

/** What a command was called on: an element of the tree, a topic's name, or `{topic, partition}`. */
export function targetOf(arg: unknown): PeekTarget | undefined {
  if (typeof arg === "string") return { topic: arg, partition: undefined };
  if (arg instanceof TopicNode) return { topic: arg.summary.name, partition: undefined };
  if (arg instanceof PartitionNode) {
    return { topic: arg.topic.summary.name, partition: arg.summary.partition };
  }
  if (typeof arg !== "object" || arg === null || !("topic" in arg)) return undefined;
  const { topic } = arg;
  const partition = "partition" in arg ? arg.partition : undefined;
  if (typeof topic !== "string") return undefined;
  return { topic, partition: typeof partition === "number" ? partition : undefined };
}

/** The message that a command was called on: `{topic, partition, offset}`. */
export function messageOf(arg: unknown): MessageAt | undefined {
  const target = typeof arg === "object" ? targetOf(arg) : undefined;
  if (target?.partition === undefined || typeof arg !== "object" || arg === null) return undefined;
  const offset = "offset" in arg ? arg.offset : undefined;
  if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0) return undefined;
  return { topic: target.topic, partition: target.partition, offset };
}

/** Where one message lies. */
export interface MessageAt {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What was clicked in a grid: a message, and in which column. */
export interface GridCell extends MessageRef {
  readonly column?: string | undefined;
}

/** The message that a context menu of a grid was opened on; undefined when there is none. */
export function cellOf(arg: unknown): GridCell | undefined {
  if (typeof arg !== "object" || arg === null) return undefined;
  if (!("partition" in arg) || !("offset" in arg)) return undefined;
  const { partition, offset } = arg;
  if (typeof partition !== "number" || typeof offset !== "number") return undefined;
  const column = "column" in arg && typeof arg.column === "string" ? arg.column : undefined;
  return { partition, offset, column };
}

/** The topics a command was called on: the tree's selection, a name, or a list of names. */
export function topicsOf(arg: unknown, selection: unknown): readonly string[] {
  const selected: readonly unknown[] = Array.isArray(selection) ? selection : [];
  const args: readonly unknown[] = Array.isArray(arg) ? arg : [arg];
  const named = (selected.length > 0 ? selected : args)
    .filter((one) => !(one instanceof PartitionNode))
    .map((one) => targetOf(one)?.topic);
  return [...new Set(named.filter((name) => name !== undefined))];
}

interface TopicItem extends vscode.QuickPickItem {
  readonly topic: TopicSummary;
}

function topicItems(topics: readonly TopicSummary[]): readonly TopicItem[] {
  return topics.map((topic) => ({
    label: topic.name,
    description: topicDescription(topic, wording),
    topic,
  }));
}

/** Asks for one topic. */
export async function pickTopic(services: Services, title: string): Promise<string | undefined> {
  await services.topics.refresh();
  const items = topicItems(services.topics.topics ?? []);
  const options = { title, placeHolder: vscode.l10n.t("Topic"), matchOnDescription: true };
  return (await services.prompts.pick(items, options))?.topic.name;
}

/** Asks for the topic of a command that was called on none. */
export async function askTarget(
  services: Services,
  title: string,
): Promise<PeekTarget | undefined> {
  const topic = await pickTopic(services, title);
  return topic === undefined ? undefined : { topic, partition: undefined };
}

/** Asks for any number of topics. */
export async function pickTopics(services: Services, title: string): Promise<readonly string[]> {
  await services.topics.refresh();
  const items = topicItems(services.topics.topics ?? []);
  const picked = await services.prompts.pickMany(items, { title });
  return (picked ?? []).map((item) => item.topic.name);
}
