import * as vscode from "vscode";
import type { TopicSummary } from "../../runtime/api/model.ts";
import { countText, topicCount } from "../views/topic-text.ts";
import { wording } from "../wording.ts";

/** Topics listed one by one before a question only counts the rest. */
const MAX_LISTED_TOPICS = 10;

/** What a destructive question says of its topics: each with its messages, and that there is no way back. */
export function lossDetail(topics: readonly TopicSummary[], consequence: string): string {
  const listed = topics
    .slice(0, MAX_LISTED_TOPICS)
    .map((topic) => `${topic.name}, ${countText(topicCount(topic), wording)}`);
  const more = topics.length - listed.length;
  if (more > 0) listed.push(vscode.l10n.t("and {0} more", more));
  return topics.length === 1 ? consequence : `${listed.join("\n")}\n\n${consequence}`;
}
