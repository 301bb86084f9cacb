import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { ResetStep, ResetTarget } from "../../runtime/api/model.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "../../runtime/api/timestamp.ts";
import type { RunningLab } from "../lab/client.ts";
import { describeGroup } from "../lab/groups.ts";
import { numberText } from "../views/numbers.ts";
import { wording } from "../wording.ts";
import { type GroupTarget, topicsOfGroup } from "./group-targets.ts";
import { inConsumersView } from "./in-view.ts";
import type { Services } from "./services.ts";

/**
 * Moves where a group reads on: asks for the target, shows what becomes of each partition, and does
 * what is confirmed. A group with members is refused before anything is asked.
 */
export async function resetOffsets(
  services: Services,
  lab: RunningLab,
  { groupId, topic, partition }: GroupTarget,
): Promise<void> {
  const topics = topic === undefined ? await topicsToReset(services, lab, groupId) : [topic];
  if (topics === undefined || topics.length === 0) return;
  const plan = (target: ResetTarget) => planAll(lab, { groupId, partition }, topics, target);
  try {
    await plan({ kind: "latest" });
    const target = await askTarget(services, groupId);
    if (target === undefined) return;
    const steps = await preview(services, groupId, await plan(target));
    if (steps.length === 0) return;
    const isDone = await inConsumersView(services, async () => {
      await lab.request("groups/reset", { groupId, steps });
    });
    if (isDone) sayDone(groupId, steps.length);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    services.prompts.notify({ level: "error", message: error.message, actions: [] });
  }
}

/** How long it is said that a reset was done. */
const SAID_MS = 5_000;

function sayDone(groupId: string, count: number): void {
  const text =
    count === 1
      ? vscode.l10n.t("Offset of {0} reset and verified", groupId)
      : vscode.l10n.t("{0} offsets of {1} reset and verified", count, groupId);
  vscode.window.setStatusBarMessage(`$(check) ${text}`, SAID_MS);
}

/** The topics of a group; of several, those that the person picks. */
async function topicsToReset(
  { prompts, topics: list }: Services,
  lab: RunningLab,
  groupId: string,
): Promise<readonly string[] | undefined> {
  const details = await describeGroup(lab, groupId);
  const topics = details === undefined ? [] : topicsOfGroup(details);
  if (topics.length === 1) return topics;
  // A group that has committed nothing yet can be told where to begin in any topic.
  const offered = topics.length > 0 ? topics : (list.topics ?? []).map(({ name }) => name);
  const items = offered.map((label) => ({ label, picked: topics.length > 0 }));
  const title = vscode.l10n.t("Reset Offsets of {0}", groupId);
  const placeHolder = vscode.l10n.t("Topics");
  return (await prompts.pickMany(items, { title, placeHolder }))?.map(({ label }) => label);
}

async function planAll(
  lab: RunningLab,
  scope: { readonly groupId: string; readonly partition: number | undefined },
  topics: readonly string[],
  target: ResetTarget,
): Promise<readonly ResetStep[]> {
  const plans = topics.map((topic) => lab.request("groups/planReset", { ...scope, topic, target }));
  return (await Promise.all(plans)).flatMap(({ steps }) => steps);
}

async function askTarget({ prompts }: Services, groupId: string): Promise<ResetTarget | undefined> {
  const t = vscode.l10n.t;
  const title = t("Reset Offsets of {0}", groupId);
  const items: (vscode.QuickPickItem & { readonly kindOf: ResetTarget["kind"] })[] = [
    { label: t("Earliest"), description: t("read everything there is again"), kindOf: "earliest" },
    { label: t("Latest"), description: t("skip everything there is"), kindOf: "latest" },
    { label: t("Offset..."), description: t("the same in each partition"), kindOf: "offset" },
    { label: t("Time..."), description: t("the first message at or after it"), kindOf: "time" },
    { label: t("Shift..."), description: t("messages forward, or back"), kindOf: "shift" },
  ];
  const picked = await prompts.pick(items, { title, placeHolder: t("Where to read on") });
  if (picked === undefined) return undefined;
  const { kindOf: kind } = picked;
  if (kind === "earliest" || kind === "latest") return { kind };
  return askValue(prompts, title, kind);
}

const FORMS = {
  offset: {
    parse: (text: string): ResetTarget | undefined => {
      const offset = wholeNumber(text);
      return offset === undefined || offset < 0 ? undefined : { kind: "offset", offset };
    },
    prompt: () => vscode.l10n.t("Offset of the message to read next"),
    fault: () => vscode.l10n.t("Enter a whole number, 0 or more."),
  },
  time: {
    parse: (text: string): ResetTarget | undefined => {
      const timestampMs = parseTimestamp(text.trim());
      return timestampMs === undefined ? undefined : { kind: "time", timestampMs };
    },
    prompt: () => vscode.l10n.t("Time, such as 2024-06-11T08:00:00Z"),
    fault: () => vscode.l10n.t("Enter {0}.", TIMESTAMP_FORMS),
  },
  shift: {
    parse: (text: string): ResetTarget | undefined => {
      const by = wholeNumber(text);
      return by === undefined || by === 0 ? undefined : { kind: "shift", by };
    },
    prompt: () => vscode.l10n.t("Number of messages: 10 skips ten, -10 reads ten again"),
    fault: () => vscode.l10n.t("Enter a whole number other than 0, negative to go back."),
  },
} as const;

async function askValue(
  prompts: Services["prompts"],
  title: string,
  kind: keyof typeof FORMS,
): Promise<ResetTarget | undefined> {
  const form = FORMS[kind];
  const text = await prompts.input({
    title,
    prompt: form.prompt(),
    ignoreFocusOut: true,
    validateInput: (given) => (form.parse(given) === undefined ? form.fault() : undefined),
  });
  return text === undefined ? undefined : form.parse(text);
}

function wholeNumber(text: string): number | undefined {
  const digits = text.trim().replaceAll(/[_,]/g, "");
  const value = /^[-+]?\d{1,16}$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

interface StepItem extends vscode.QuickPickItem {
  readonly step: ResetStep;
}

/** Shows what becomes of each partition, and resolves with the steps that are confirmed. */
async function preview(
  { prompts }: Services,
  groupId: string,
  steps: readonly ResetStep[],
): Promise<readonly ResetStep[]> {
  const t = vscode.l10n.t;
  const items = steps.map((step): StepItem => ({ ...stepItem(step), step }));
  const picked = await prompts.pickMany(items, {
    title: t("Reset Offsets of {0}: Old → New", groupId),
    placeHolder: t("What is checked is reset when you press OK"),
    matchOnDescription: true,
  });
  return (picked ?? []).map(({ step }) => step);
}

function stepItem({ topic, partition, from, to, clamped }: ResetStep): vscode.QuickPickItem {
  const t = vscode.l10n.t;
  const number = (value: number) => numberText(value, wording.locale);
  const old = from === undefined ? t("nothing committed") : number(from);
  const moves = from === undefined ? undefined : to - from;
  return {
    label: `${topic} [${partition}]`,
    description: [
      `${old} → ${number(to)}`,
      ...(moves === undefined ? [] : [movesText(moves)]),
      ...(clamped ? [t("nearest offset there is")] : []),
    ].join(" · "),
    picked: from !== to,
  };
}

function movesText(by: number): string {
  const count = numberText(Math.abs(by), wording.locale);
  if (by === 0) return vscode.l10n.t("stays");
  return by < 0 ? vscode.l10n.t("reads {0} again", count) : vscode.l10n.t("skips {0}", count);
}
