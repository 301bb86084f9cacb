import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import { parseTimestamp, TIMESTAMP_FORMS } from "../../runtime/api/timestamp.ts";
import type { DeletionStep, DeletionTarget } from "../../runtime/api/topic-admin.ts";
import type { RunningLab } from "../lab/client.ts";
import { numberText } from "../views/numbers.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { inTopicsView } from "./in-view.ts";
import type { Services } from "./services.ts";

/** Partitions listed one by one before the question only counts the rest. */
const MAX_LISTED_PARTITIONS = 10;

/** What records are deleted of: a topic, or one of its partitions. */
export interface RecordsTarget {
  readonly topic: string;
  readonly partition: number | undefined;
}

/** Deletes records up to an offset or a time, after saying how many of which partition those are. */
export async function deleteRecords(
  services: Services,
  lab: RunningLab,
  { topic, partition }: RecordsTarget,
): Promise<void> {
  const { prompts } = services;
  const name = partition === undefined ? topic : `${topic} [${partition}]`;
  const target = await askTarget(prompts, vscode.l10n.t("Delete Messages of {0}", name));
  if (target === undefined) return;
  try {
    const plan = await lab.request("topics/planDeleteRecords", { topic, partition, target });
    const steps = plan.steps.filter(({ from, to }) => from < to);
    if (steps.length === 0) {
      const message = vscode.l10n.t("{0} has no messages before that.", name);
      return prompts.notify({ level: "info", message, actions: [] });
    }
    if (!(await confirm(prompts, name, steps))) return;
    await inTopicsView(services, async () => {
      await lab.request("topics/deleteRecords", { topic, steps });
    });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    prompts.notify({ level: "error", message: error.message, actions: [] });
  }
}

async function askTarget(
  prompts: Services["prompts"],
  title: string,
): Promise<DeletionTarget | undefined> {
  const t = vscode.l10n.t;
  const items = [
    { label: t("Before Offset..."), description: t("in each partition"), kindOf: "offset" },
    { label: t("Before Time..."), description: t("by the time of the messages"), kindOf: "time" },
    { label: t("All"), description: t("what there is now"), kindOf: "end" },
  ] as const;
  const picked = await prompts.pick(items, { title, placeHolder: t("Which messages to delete") });
  if (picked === undefined) return undefined;
  if (picked.kindOf === "end") return { kind: "end" };
  const parse = picked.kindOf === "offset" ? parseOffset : parseTime;
  const text = await prompts.input({
    title,
    ...(picked.kindOf === "offset"
      ? { prompt: t("First offset that stays") }
      : { prompt: t("Time, such as 2024-06-11T08:00:00Z") }),
    ignoreFocusOut: true,
    validateInput: (given) =>
      parse(given) !== undefined
        ? undefined
        : picked.kindOf === "offset"
          ? t("Enter a whole number, 0 or more.")
          : t("Enter {0}.", TIMESTAMP_FORMS),
  });
  return text === undefined ? undefined : parse(text);
}

function parseOffset(text: string): DeletionTarget | undefined {
  const digits = text.trim().replaceAll(/[_,]/g, "");
  const offset = /^\d{1,16}$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isSafeInteger(offset) ? { kind: "offset", offset } : undefined;
}

function parseTime(text: string): DeletionTarget | undefined {
  const timestampMs = parseTimestamp(text.trim());
  return timestampMs === undefined ? undefined : { kind: "time", timestampMs };
}

function confirm(
  prompts: Services["prompts"],
  name: string,
  steps: readonly DeletionStep[],
): Promise<boolean> {
  const t = vscode.l10n.t;
  const number = (value: number) => numberText(value, wording.locale);
  const count = steps.reduce((sum, { from, to }) => sum + to - from, 0);
  const listed = steps
    .slice(0, MAX_LISTED_PARTITIONS)
    .map(({ partition, from, to }) =>
      to - from === 1
        ? t("Partition {0}: offset {1}", partition, number(from))
        : t("Partition {0}: offsets {1} – {2}", partition, number(from), number(to - 1)),
    );
  const more = steps.length - listed.length;
  if (more > 0) listed.push(t("and {0} more", more));
  return prompts.confirm({
    message: t("Delete {0} of {1}?", countText(count, wording), name),
    detail: `${listed.join("\n")}\n\n${t("They cannot be brought back.")}`,
    verb: t("Delete Messages"),
  });
}
