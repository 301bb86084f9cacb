import * as vscode from "vscode";
import type { MoveReport, RedriveMove } from "../../runtime/api/moves.ts";
import type { RunningLab } from "../lab/client.ts";
import { askSource } from "../moves/ask-source.ts";
import { moveArg } from "../moves/move-arg.ts";
import { targetLines } from "../moves/move-text.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { runMove, sayDone } from "./run-move.ts";
import type { Services } from "./services.ts";

/** Sends dead letters to where they came from, after a table of the targets was shown. */
export async function redriveDeadLetters(
  services: Services,
  lab: RunningLab,
  arg: unknown,
): Promise<void> {
  const t = vscode.l10n.t;
  const { prompts } = services;
  const target = await moveArg(services, t("Redrive Dead Letters"), arg);
  if (target === undefined) return;
  const { topic } = target;
  const title = t("Redrive Dead Letters of {0}", topic);
  const source = await askSource(prompts, title, target);
  if (source === undefined) return;
  const name = t("Redrive of {0}", topic);
  let move: RedriveMove = { kind: "redrive", source, keepErrorHeaders: false };
  let preview = await runMove(services, lab, name, move, true);
  if (preview?.outcome !== "done") return;
  if (namesNoTopic(preview)) {
    const header = await askHeader(services, title);
    if (header === undefined) return;
    move = { ...move, header };
    preview = await runMove(services, lab, name, move, true);
    if (preview?.outcome !== "done") return;
  }
  const { moved, skipped } = preview;
  if (moved === 0) {
    const message =
      skipped > 0 && preview.targets.length === 0
        ? t("All dead letters of {0} were sent before: {1}.", topic, countText(skipped, wording))
        : t("No dead letter of {0} can be sent.\n{1}", topic, targetLines(preview, wording));
    prompts.notify({ level: "info", message, actions: [] });
    return;
  }
  const isSure = await prompts.confirm({
    message: t("Send {0} of {1} to where they came from?", countText(moved, wording), topic),
    detail: [
      t("Lab {0}", lab.info.bootstrap),
      targetLines(preview, wording),
      ...(skipped === 0 ? [] : [t("{0} sent before.", countText(skipped, wording))]),
    ].join("\n"),
    verb: t("Redrive"),
  });
  if (!isSure) return;
  const report = await runMove(services, lab, name, move);
  if (report === undefined) return;
  const sent = countText(report.moved, wording);
  sayDone(
    report.outcome === "done"
      ? t("{0} of {1} redriven", sent, topic)
      : t("Redrive of {0} stopped after {1}; it can be begun again", topic, sent),
  );
}

/** None of the dead letters follows a convention that is known. */
function namesNoTopic({ moved, targets }: MoveReport): boolean {
  return moved === 0 && targets.length > 0 && targets.every(({ topic }) => topic === null);
}

function askHeader({ prompts }: Services, title: string): Promise<string | undefined> {
  return prompts.input({
    ...{ title, ignoreFocusOut: true },
    prompt: vscode.l10n.t(
      "No header of Spring Kafka, Kafka Connect or Spring Cloud Stream was found. Which header names the topic?",
    ),
    validateInput: (text) => (text === "" ? vscode.l10n.t("Enter a name.") : undefined),
  });
}
