import * as vscode from "vscode";
import { topicDescription } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import type { Services } from "./services.ts";
import { nameProblemText } from "./topics.ts";

interface TopicChoice extends vscode.QuickPickItem {
  /** Undefined for a new one. */
  readonly topic: string | undefined;
}

/** Asks for a topic that is there, or for the name of a new one. */
export async function askTopic(
  services: Services,
  title: string,
  suggestion: string,
): Promise<string | undefined> {
  const { prompts, topics } = services;
  await topics.refresh();
  const known = (topics.topics ?? []).map((topic): TopicChoice => ({
    label: topic.name,
    description: topicDescription(topic, wording),
    topic: topic.name,
  }));
  const fresh: TopicChoice = { label: vscode.l10n.t("$(add) New Topic..."), topic: undefined };
  const placeHolder = vscode.l10n.t("Topic");
  const picked = await prompts.pick([...known, fresh], { title, placeHolder });
  if (picked === undefined) return undefined;
  return picked.topic ?? askNewTopicName(services, title, suggestion);
}

/** Asks for the name of a topic that is not there yet. */
export function askNewTopicName(
  { prompts, topics }: Services,
  title: string,
  suggestion: string,
): Promise<string | undefined> {
  const existing = (topics.topics ?? []).map((topic) => topic.name);
  return prompts.input({
    ...{ title, value: suggestion, ignoreFocusOut: true },
    prompt: vscode.l10n.t("Name of the new topic"),
    validateInput: (text) => nameProblemText(text, existing),
  });
}
