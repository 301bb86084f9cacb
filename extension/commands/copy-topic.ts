import * as vscode from "vscode";
import type { RunningLab } from "../lab/client.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { askNewTopicName } from "./ask-topic.ts";
import { runMove, sayDone } from "./run-move.ts";
import type { Services } from "./services.ts";
import { pickTopic, targetOf } from "./targets.ts";

/** Makes a topic like another, with its records. */
export async function copyTopic(services: Services, lab: RunningLab, arg: unknown): Promise<void> {
  const t = vscode.l10n.t;
  const topic = targetOf(arg)?.topic ?? (await pickTopic(services, t("Copy Topic")));
  if (topic === undefined) return;
  const target = await askNewTopicName(services, t("Copy Topic {0}", topic), `${topic}-copy`);
  if (target === undefined) return;
  const move = { kind: "copy", topic, target } as const;
  const report = await runMove(services, lab, t("Copy of {0}", topic), move);
  if (report?.outcome !== "done") return;
  sayDone(t("{0} copied to {1} and verified", countText(report.moved, wording), target));
}
