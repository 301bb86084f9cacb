import * as vscode from "vscode";
import { MAX_TOPIC_PARTITIONS } from "../../runtime/api/topic-admin.ts";
import { COMMANDS } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import { numberText } from "../views/numbers.ts";
import { countText, lossText, topicCount } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { inTopicsView } from "./in-view.ts";
import { calledOn, type CommandTable, type Services, withLab } from "./services.ts";
import { pickTopics, targetOf, topicsOf } from "./targets.ts";
import { lossDetail } from "./topic-questions.ts";
import { collidingName, topicNameProblem, type TopicNameProblem } from "./topic-name.ts";

/** Commands that change topics. */
export function topicCommands(services: Services): CommandTable {
  const notRunning = vscode.l10n.t("Start the lab first: topics live in it.");
  return {
    [COMMANDS.createTopic]: withLab(services, notRunning, (lab, wanted) =>
      createTopic(services, lab, wanted),
    ),
    [COMMANDS.deleteTopic]: withLab(services, notRunning, async (lab, arg, passed) => {
      const called = calledOn(arg, passed, services.selection, topicsOf);
      if (called !== undefined) await deleteTopics(services, lab, called);
    }),
    [COMMANDS.copyTopicName]: async (arg) => {
      const target = targetOf(arg);
      if (target !== undefined) await vscode.env.clipboard.writeText(target.topic);
    },
  };
}

interface NewTopic {
  readonly name: string;
  readonly partitions: number | undefined;
}

async function createTopic(services: Services, lab: RunningLab, wanted: unknown): Promise<void> {
  const topic = newTopicOf(wanted) ?? (await askNewTopic(services));
  if (topic === undefined) return;
  await lab.request("topics/create", { ...topic, configs: {} });
  await services.topics.refresh();
}

/** The topic a caller of the command has named, as tests and keybindings do. */
function newTopicOf(wanted: unknown): NewTopic | undefined {
  if (typeof wanted !== "object" || wanted === null || !("name" in wanted)) return undefined;
  const partitions = "partitions" in wanted ? wanted.partitions : undefined;
  if (typeof wanted.name !== "string") return undefined;
  return { name: wanted.name, partitions: typeof partitions === "number" ? partitions : undefined };
}

async function askNewTopic({ prompts, topics }: Services): Promise<NewTopic | undefined> {
  const t = vscode.l10n.t;
  const existing = (topics.topics ?? []).map((topic) => topic.name);
  const name = await prompts.input({
    title: t("Create Topic (1/2)"),
    prompt: t("Name of the topic"),
    placeHolder: t("such as orders"),
    ignoreFocusOut: true,
    validateInput: (text) => nameProblemText(text, existing),
  });
  if (name === undefined) return undefined;
  const partitions = await prompts.input({
    title: t("Create Topic (2/2)"),
    prompt: t("Number of partitions"),
    value: "1",
    ignoreFocusOut: true,
    validateInput: (text) =>
      partitionsOf(text) === undefined
        ? t("Enter a whole number from 1 to {0}.", numberText(MAX_TOPIC_PARTITIONS, wording.locale))
        : undefined,
  });
  return partitions === undefined ? undefined : { name, partitions: partitionsOf(partitions) };
}

function partitionsOf(text: string): number | undefined {
  const count = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= MAX_TOPIC_PARTITIONS ? count : undefined;
}

/** What is wrong with the name of a new topic; undefined when nothing is. */
export function nameProblemText(name: string, existing: readonly string[]): string | undefined {
  const t = vscode.l10n.t;
  const texts: Record<TopicNameProblem, string> = {
    empty: t("Enter a name."),
    dots: t('"." and ".." are not allowed as names.'),
    "too-long": t("A name has at most 249 characters."),
    characters: t('Only ASCII letters, digits, ".", "_" and "-" are allowed.'),
  };
  const problem = topicNameProblem(name);
  if (problem !== undefined) return texts[problem];
  const other = collidingName(name, existing);
  if (other === undefined) return undefined;
  return other === name
    ? t("The topic {0} exists already.", name)
    : t("{0} exists, and names must differ in more than periods and underscores.", other);
}

async function deleteTopics(
  services: Services,
  lab: RunningLab,
  called: readonly string[],
): Promise<void> {
  const t = vscode.l10n.t;
  await services.topics.refresh();
  const asked = called.length > 0 ? called : await pickTopics(services, t("Delete Topics"));
  const topics = (services.topics.topics ?? []).filter(
    ({ name, internal }) => asked.includes(name) && !internal,
  );
  const [first] = topics;
  if (first === undefined) return;
  const isOne = topics.length === 1;
  const isSure = await services.prompts.confirm({
    message: isOne
      ? t("Delete topic {0} with {1}?", first.name, countText(topicCount(first), wording))
      : t("Delete {0}?", lossText(topics, wording)),
    detail: lossDetail(topics, t("This cannot be undone.")),
    verb: isOne ? t("Delete Topic") : t("Delete Topics"),
  });
  if (!isSure) return;
  await inTopicsView(services, async () => {
    await lab.request("topics/delete", { names: topics.map((topic) => topic.name) });
  });
}
