import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import {
  type Load,
  type LoadProgress,
  type LoadReport,
  MAX_LOAD_DURATION_MS,
  MAX_LOAD_MESSAGES,
  MAX_LOAD_RATE,
} from "../../runtime/api/load.ts";
import { createWhenMissing } from "../../runtime/api/send-messages.ts";
import type { RunningLab } from "../lab/client.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { parseExtent, parseRate } from "./load-extent.ts";
import type { Services } from "./services.ts";

const PROGRESS_INTERVAL_MS = 500;

/** How much of a load there is to be; undefined where the template says it. */
export type LoadSize = Pick<Load, "count" | "durationMs" | "rate">;

/** Asks how many messages or how long, and how fast. Undefined when the person leaves it. */
export async function askLoadSize(
  { prompts }: Services,
  given: { readonly count: number | undefined; readonly rate: number | undefined },
): Promise<LoadSize | undefined> {
  const isExtent = (text: string): boolean => {
    const { count = 1, durationMs = 1 } = parseExtent(text) ?? { count: Infinity };
    return count <= MAX_LOAD_MESSAGES && durationMs <= MAX_LOAD_DURATION_MS;
  };
  const extent = await prompts.input({
    title: vscode.l10n.t("Generate Load (1/2)"),
    prompt: vscode.l10n.t("How many messages, or how long"),
    value: given.count === undefined ? "" : String(given.count),
    placeHolder: vscode.l10n.t("1000, 30 s, 5 min or 1 h"),
    validateInput: (text) =>
      isExtent(text) ? undefined : vscode.l10n.t("Expected a number, or a time up to 24 h: 1000, 30 s, 5 min, 1 h"), // prettier-ignore
  });
  const size = extent === undefined ? undefined : parseExtent(extent);
  if (size === undefined) return undefined;
  const isRate = (text: string): boolean =>
    (parseRate(text) ?? 1) <= MAX_LOAD_RATE && parseRate(text) !== null;
  const rate = await prompts.input({
    title: vscode.l10n.t("Generate Load (2/2)"),
    prompt: vscode.l10n.t("Messages per second; leave it empty for as fast as possible"),
    value: given.rate === undefined ? "" : String(given.rate),
    placeHolder: vscode.l10n.t("as fast as possible"),
    validateInput: (text) =>
      isRate(text) ? undefined : vscode.l10n.t("Expected messages per second, such as 100 or 0.5"),
  });
  if (rate === undefined) return undefined;
  return { ...size, rate: parseRate(rate) ?? undefined };
}

/** Runs a load in the lab with its progress, which can be cancelled, and says how it ended. */
export async function runLoad(
  services: Services,
  lab: RunningLab,
  load: Load,
): Promise<LoadReport> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("Producing to {0}", load.topic),
    cancellable: true,
  };
  const report = await vscode.window.withProgress(options, async (progress, token) => {
    await createWhenMissing((method, params) => lab.request(method, params), load.topic);
    const id = randomUUID();
    // A load that has just ended cannot be stopped any more.
    const stop = () => void lab.request("load/stop", { id }).catch(() => undefined);
    const cancel = token.onCancellationRequested(stop);
    let shownPart = 0;
    const show = (now: LoadProgress): void => {
      const part = partOf(now, load);
      progress.report({ message: progressText(now), increment: (part - shownPart) * 100 });
      shownPart = part;
    };
    const look = (): void => {
      void (async () => show(await lab.request("load/progress", { id })))().catch(() => undefined);
    };
    const timer = setInterval(look, PROGRESS_INTERVAL_MS);
    try {
      // With a signal, which nobody uses, a request has no time limit.
      return await lab.request("load/run", { id, load }, new AbortController().signal);
    } finally {
      clearInterval(timer);
      cancel.dispose();
    }
  });
  say(services, load.topic, report);
  return report;
}

function partOf({ sent, errors, count, elapsedMs }: LoadProgress, { durationMs }: Load): number {
  const part = count === undefined ? elapsedMs / (durationMs ?? Infinity) : (sent + errors) / count;
  return Math.min(1, part);
}

function progressText({ sent, count, rate, errors }: LoadProgress): string {
  const number = new Intl.NumberFormat(vscode.env.language, { maximumFractionDigits: 0 });
  const perSecond = number.format(rate);
  const messages =
    count === undefined
      ? vscode.l10n.t("{0} at {1}/s", countText(sent, wording), perSecond)
      : vscode.l10n.t("{0} of {1} messages at {2}/s", number.format(sent), number.format(count), perSecond); // prettier-ignore
  return errors === 0
    ? messages
    : vscode.l10n.t("{0}, {1} not taken", messages, number.format(errors));
}

function say({ prompts, grids }: Services, topic: string, report: LoadReport): void {
  const { outcome, sent, errors, first, lastError } = report;
  const messages = countText(sent, wording);
  const number = new Intl.NumberFormat(vscode.env.language, { maximumFractionDigits: 0 });
  const texts = {
    done: vscode.l10n.t(
      "{0} produced to {1} at {2}/s.",
      messages,
      topic,
      number.format(report.rate),
    ),
    stopped: vscode.l10n.t("Stopped: {0} produced to {1}.", messages, topic),
    failed: vscode.l10n.t("The load failed after {0}.", messages),
  };
  const rest =
    errors === 0
      ? ""
      : ` ${vscode.l10n.t("{0} were not taken: {1}", countText(errors, wording), lastError ?? "")}`;
  const title = sent === 1 ? vscode.l10n.t("Show Message") : vscode.l10n.t("Show First Message");
  prompts.notify({
    level: outcome === "failed" || errors > 0 ? "warning" : "info",
    message: texts[outcome] + rest,
    actions: first === undefined ? [] : [{ title, run: () => grids.showMessage(topic, first) }],
  });
}
