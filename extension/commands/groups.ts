import * as vscode from "vscode";
import { COMMANDS } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import { describeGroup } from "../lab/groups.ts";
import { ProgressNode } from "../views/group-nodes.ts";
import { lagText } from "../views/group-text.ts";
import { numberText } from "../views/numbers.ts";
import { wording } from "../wording.ts";
import { inConsumersView } from "./in-view.ts";
import {
  type GroupTarget,
  groupsOf,
  groupTargetOf,
  pickGroup,
  pickGroups,
} from "./group-targets.ts";
import { resetOffsets } from "./reset-offsets.ts";
import { calledOn, type CommandTable, type Services, withLab } from "./services.ts";

/** Ids listed one by one before the question only counts them. */
const MAX_LISTED_IDS = 10;

/** Commands about consumer groups. */
export function groupCommands(services: Services): CommandTable {
  const notRunning = vscode.l10n.t("Start the lab first: consumer groups live in it.");
  return {
    [COMMANDS.resetOffsets]: withLab(services, notRunning, async (lab, arg) => {
      const target = groupTargetOf(arg) ?? (await askTarget(services, resetTitle()));
      if (target !== undefined) await resetOffsets(services, lab, target);
    }),
    [COMMANDS.deleteGroup]: withLab(services, notRunning, async (lab, arg, passed) => {
      const called = calledOn(arg, passed, services.groupSelection, groupsOf);
      if (called !== undefined) await deleteGroups(services, lab, called);
    }),
    [COMMANDS.deleteOffsets]: withLab(services, notRunning, async (lab, arg) => {
      const target = groupTargetOf(arg) ?? (await askTarget(services, deleteOffsetsTitle()));
      if (target !== undefined) await deleteOffsets(services, lab, target);
    }),
    [COMMANDS.peekCommitted]: (arg) => {
      if (!(arg instanceof ProgressNode)) return;
      const { topic, partition, committed } = arg.progress;
      if (committed !== undefined)
        services.grids.showMessage(topic, { partition, offset: committed });
    },
    [COMMANDS.copyGroupName]: async (arg) => {
      const target = groupTargetOf(arg);
      if (target !== undefined) await vscode.env.clipboard.writeText(target.groupId);
    },
  };
}

const resetTitle = () => vscode.l10n.t("Reset Offsets");
const deleteOffsetsTitle = () => vscode.l10n.t("Delete Offsets");

async function askTarget(services: Services, title: string) {
  const groupId = await pickGroup(services, title);
  return groupId === undefined ? undefined : { groupId };
}

async function deleteGroups(
  services: Services,
  lab: RunningLab,
  called: readonly string[],
): Promise<void> {
  const t = vscode.l10n.t;
  await services.groups.refresh();
  const asked =
    called.length > 0 ? called : await pickGroups(services, t("Delete Consumer Groups"));
  const groups = (services.groups.groups ?? []).filter(({ groupId }) => asked.includes(groupId));
  const [first] = groups;
  if (first === undefined) return;
  const active = groups.find(({ memberCount }) => memberCount > 0);
  if (active !== undefined) return refuse(services, active.groupId, active.memberCount);
  const isOne = groups.length === 1;
  const listed = groups.slice(0, MAX_LISTED_IDS).map(({ groupId }) => groupId);
  const more = groups.length - listed.length;
  const names = more > 0 ? [...listed, t("and {0} more", more)] : listed;
  const consequence = t("What they committed is forgotten. This cannot be undone.");
  const isSure = await services.prompts.confirm({
    message: isOne
      ? t("Delete consumer group {0}, {1}?", first.groupId, lagText(first.lag, wording))
      : t("Delete {0} consumer groups?", groups.length),
    detail: isOne
      ? t("What it committed is forgotten. This cannot be undone.")
      : `${names.join("\n")}\n\n${consequence}`,
    verb: isOne ? t("Delete Group") : t("Delete Groups"),
  });
  if (!isSure) return;
  await inConsumersView(services, async () => {
    await lab.request("groups/delete", { names: groups.map(({ groupId }) => groupId) });
  });
}

function refuse({ prompts }: Services, groupId: string, members: number): void {
  const message =
    members === 1
      ? vscode.l10n.t("Group {0} has a member. Stop its consumer first.", groupId)
      : vscode.l10n.t("Group {0} has {1} members. Stop its consumers first.", groupId, members);
  prompts.notify({ level: "warning", message, actions: [] });
}

async function deleteOffsets(
  services: Services,
  lab: RunningLab,
  { groupId, topic: given, partition }: GroupTarget,
): Promise<void> {
  const t = vscode.l10n.t;
  const details = await describeGroup(lab, groupId);
  const committed = (details?.progress ?? []).filter((one) => one.committed !== undefined);
  const topics = [...new Set(committed.map(({ topic }) => topic))];
  const topic = given ?? (topics.length < 2 ? topics[0] : await pickName(services, topics));
  if (topic === undefined) return;
  const affected = committed.filter(
    (one) => one.topic === topic && one.partition === (partition ?? one.partition),
  );
  if (affected.length === 0) return;
  const readers = new Set(affected.flatMap(({ member }) => member ?? []));
  if (readers.size > 0) return refuse(services, groupId, readers.size);
  const list = affected.map((one) =>
    t("Partition {0}: {1}", one.partition, numberText(one.committed ?? 0, wording.locale)),
  );
  const shown = list.slice(0, MAX_LISTED_IDS);
  if (list.length > shown.length) shown.push(t("and {0} more", list.length - shown.length));
  const isSure = await services.prompts.confirm({
    message: t("Delete the offsets that {0} committed for {1}?", groupId, topic),
    detail: `${shown.join("\n")}\n\n${t("Its consumers begin by their auto.offset.reset then. This cannot be undone.")}`,
    verb: t("Delete Offsets"),
  });
  if (!isSure) return;
  await inConsumersView(services, async () => {
    await lab.request("groups/deleteOffsets", { groupId, topic, partition });
  });
}

async function pickName({ prompts }: Services, names: readonly string[]) {
  const title = deleteOffsetsTitle();
  const items = names.map((label) => ({ label }));
  return (await prompts.pick(items, { title, placeHolder: vscode.l10n.t("Topic") }))?.label;
}
