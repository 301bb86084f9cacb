import * as vscode from "vscode";
import { MAX_TOPIC_PARTITIONS } from "../../runtime/api/topic-admin.ts";
import { openTopicConfig } from "../editors/topic-config/topic-config.ts";
import { COMMANDS } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import { numberText } from "../views/numbers.ts";
import { countText, lossText, topicCount } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { deleteRecords } from "./delete-records.ts";
import { inTopicsView } from "./in-view.ts";
import { calledOn, type CommandTable, type Services, withLab } from "./services.ts";
import { pickTopic, pickTopics, targetOf, topicsOf } from "./targets.ts";
import { lossDetail } from "./topic-questions.ts";

/** Commands that change what a topic is or holds. */
export function topicChangeCommands(services: Services): CommandTable {
  const t = vscode.l10n.t;
  const notRunning = t("Start the lab first: topics live in it.");
  const asked = async (arg: unknown, title: string) =>
    targetOf(arg)?.topic ?? (await pickTopic(services, title));
  return {
    [COMMANDS.editTopicConfig]: withLab(services, notRunning, async (_lab, arg) => {
      const topic = await asked(arg, t("Edit Topic Configuration"));
      if (topic !== undefined) await openTopicConfig(topic);
    }),
    [COMMANDS.addPartitions]: withLab(services, notRunning, async (lab, arg) => {
      const topic = await asked(arg, t("Add Partitions"));
      if (topic !== undefined) await addPartitions(services, lab, topic);
    }),
    [COMMANDS.deleteRecords]: withLab(services, notRunning, async (lab, arg) => {
      const topic = await asked(arg, t("Delete Messages"));
      if (topic === undefined) return;
      await deleteRecords(services, lab, { topic, partition: targetOf(arg)?.partition });
    }),
    [COMMANDS.emptyTopic]: withLab(services, notRunning, async (lab, arg, passed) => {
      const called = calledOn(arg, passed, services.selection, topicsOf);
      if (called !== undefined) await emptyTopics(services, lab, called);
    }),
  };
}

async function addPartitions(services: Services, lab: RunningLab, topic: string): Promise<void> {
  const t = vscode.l10n.t;
  await services.topics.refresh();
  const current = services.topics.find(topic)?.partitions.length;
  if (current === undefined) return;
  const least = current + 1;
  const parse = (text: string) => {
    const total = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : 0;
    return total >= least && total <= MAX_TOPIC_PARTITIONS ? total : undefined;
  };
  const text = await services.prompts.input({
    title: t("Add Partitions to {0}", topic),
    prompt: t(
      "Number of partitions from now on; it is {0}. Messages with a key can go to another partition than before.",
      current,
    ),
    value: String(least),
    ignoreFocusOut: true,
    validateInput: (given) =>
      parse(given) === undefined
        ? t(
            "Enter a whole number from {0} to {1}.",
            least,
            numberText(MAX_TOPIC_PARTITIONS, wording.locale),
          )
        : undefined,
  });
  const total = text === undefined ? undefined : parse(text);
  if (total === undefined) return;
  await inTopicsView(services, async () => {
    await lab.request("topics/addPartitions", { topic, total });
  });
}

async function emptyTopics(
  services: Services,
  lab: RunningLab,
  called: readonly string[],
): Promise<void> {
  const t = vscode.l10n.t;
  await services.topics.refresh();
  const asked = called.length > 0 ? called : await pickTopics(services, t("Empty Topics"));
  const topics = (services.topics.topics ?? []).filter(
    ({ name, internal }) => asked.includes(name) && !internal,
  );
  const [first] = topics;
  if (first === undefined) return;
  const isSure = await services.prompts.confirm({
    message:
      topics.length === 1
        ? t("Delete {0} of topic {1}?", countText(topicCount(first), wording), first.name)
        : t("Delete all messages of {0}?", lossText(topics, wording)),
    detail: lossDetail(
      topics,
      t("Topics, configurations and offsets stay. The messages cannot be brought back."),
    ),
    verb: topics.length === 1 ? t("Empty Topic") : t("Empty Topics"),
  });
  if (!isSure) return;
  await inTopicsView(services, async () => {
    await lab.request("topics/empty", { names: topics.map(({ name }) => name) });
  });
}
