import * as vscode from "vscode";
import { MAX_SPEED, MIN_SPEED, type ReplayMove, type Rewriting } from "../../runtime/api/moves.ts";
import type { RunningLab } from "../lab/client.ts";
import { askSource } from "../moves/ask-source.ts";
import { moveArg } from "../moves/move-arg.ts";
import { durationText, firstText, warnings } from "../moves/move-text.ts";
import type { Prompts } from "../prompts.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { askTopic } from "./ask-topic.ts";
import { runMove, sayDone } from "./run-move.ts";
import type { Services } from "./services.ts";

/** Publishes messages again; what goes where is shown before it does. */
export async function replayMessages(
  services: Services,
  lab: RunningLab,
  arg: unknown,
): Promise<void> {
  const t = vscode.l10n.t;
  const { prompts } = services;
  const target = await moveArg(services, t("Replay Messages"), arg);
  if (target === undefined) return;
  const title = t("Replay Messages of {0}", target.topic);
  const source = await askSource(prompts, title, target);
  if (source === undefined) return;
  const topic = await askTopic(services, t("{0} into", title), `${target.topic}-replay`);
  if (topic === undefined) return;
  const pace = await askPace(prompts, title);
  if (pace === undefined) return;
  const rewriting = await askRewriting(prompts, title);
  if (rewriting === undefined) return;
  const move: ReplayMove = { kind: "replay", source, topic, rewriting, ...pace };
  const name = t("Replay of {0}", target.topic);
  const preview = await runMove(services, lab, name, move, true);
  if (preview?.outcome !== "done") return;
  const { first, lastsMs, skipped } = preview;
  const lasts = lastsMs === undefined || lastsMs === 0 ? undefined : durationText(lastsMs, wording);
  const isSure = await prompts.confirm({
    message: t(
      "Replay {0} of {1} into {2}?",
      countText(preview.moved, wording),
      target.topic,
      topic,
    ),
    detail: [
      t("Lab {0}", lab.info.bootstrap),
      ...(lasts === undefined ? [] : [t("This takes {0}.", lasts)]),
      ...(skipped === 0
        ? []
        : [t("{0} left out: their value comes to NULL.", countText(skipped, wording))]),
      ...warnings(preview),
      ...(first === undefined ? [] : [firstText(first, wording)]),
    ].join("\n"),
    verb: t("Replay"),
  });
  if (!isSure) return;
  const report = await runMove(services, lab, name, move);
  if (report === undefined) return;
  const moved = countText(report.moved, wording);
  sayDone(
    report.outcome === "done"
      ? t("{0} replayed into {1}", moved, topic)
      : t("Replay stopped: {0} are in {1}", moved, topic),
  );
}

type Pace = Pick<ReplayMove, "speed" | "paused">;

interface PaceItem extends vscode.QuickPickItem {
  pace(): Promise<Pace | undefined>;
}

async function askPace(prompts: Prompts, title: string): Promise<Pace | undefined> {
  const t = vscode.l10n.t;
  const at = (speed: number | undefined, paused = false) => {
    return () => Promise.resolve({ speed, paused });
  };
  const items: PaceItem[] = [
    { label: t("As Recorded"), description: "×1", pace: at(1) },
    { label: t("Ten Times as Fast"), description: "×10", pace: at(10) },
    { label: t("Half as Fast"), description: "×0.5", pace: at(0.5) },
    { label: t("As Fast as Possible"), pace: at(undefined) },
    { label: t("Step by Step"), description: t("from the status bar"), pace: at(1, true) },
    { label: t("Another Speed..."), pace: () => askSpeed(prompts, title) },
  ];
  return (await prompts.pick(items, { title, placeHolder: t("How fast") }))?.pace();
}

async function askSpeed(prompts: Prompts, title: string): Promise<Pace | undefined> {
  const parse = (text: string): number | undefined => {
    const speed = Number(/^\s*[x×]?\s*(\d+(?:[.,]\d+)?)\s*$/.exec(text)?.[1]?.replace(",", "."));
    return speed >= MIN_SPEED && speed <= MAX_SPEED ? speed : undefined;
  };
  const text = await prompts.input({
    ...{ title, value: "2", ignoreFocusOut: true },
    prompt: vscode.l10n.t("Factor: 2 is twice as fast as recorded"),
    validateInput: (value) =>
      parse(value) === undefined
        ? vscode.l10n.t("Enter a number from {0} to {1}.", MIN_SPEED, MAX_SPEED)
        : undefined,
  });
  const speed = text === undefined ? undefined : parse(text);
  return speed === undefined ? undefined : { speed, paused: false };
}

/** Asks what of a message stays as it is. */
async function askRewriting(prompts: Prompts, title: string): Promise<Rewriting | undefined> {
  const t = vscode.l10n.t;
  const item = (id: keyof Rewriting | "sql", label: string, description: string) => ({
    ...{ id, label, description, picked: id !== "sql" },
  });
  const picked = await prompts.pickMany(
    [
      item("key", t("Key"), t("else null")),
      item("headers", t("Headers"), t("else none")),
      item("partition", t("Partition"), t("else by the key")),
      item("timestamp", t("Timestamp"), t("else the time of the replay")),
      item("sql", t("Rewrite Values..."), t("by an SQL expression")),
    ],
    { title, placeHolder: t("What stays as it is") },
  );
  if (picked === undefined) return undefined;
  const has = (id: keyof Rewriting | "sql") => picked.some((each) => each.id === id);
  const sql = has("sql") ? await askExpression(prompts, title) : undefined;
  if (has("sql") && sql === undefined) return undefined;
  return {
    key: has("key") ? "keep" : "drop",
    value: sql === undefined ? "keep" : { sql },
    headers: has("headers") ? "keep" : "drop",
    partition: has("partition") ? "keep" : "by-key",
    timestamp: has("timestamp") ? "keep" : "now",
  };
}

function askExpression(prompts: Prompts, title: string): Promise<string | undefined> {
  return prompts.input({
    ...{ title, ignoreFocusOut: true },
    prompt: vscode.l10n.t("New value, as an expression in SQL"),
    placeHolder: vscode.l10n.t("such as JSON_QUERY(value, '$.order')"),
    validateInput: (text) =>
      text.trim() === "" ? vscode.l10n.t("Enter an expression.") : undefined,
  });
}
