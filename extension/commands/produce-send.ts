import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { Placement } from "../../runtime/api/model.ts";
import {
  type AskLab,
  checkMessages,
  createWhenMissing,
  type MessageSource,
  type RefusedLine,
  sendMessages,
} from "../../runtime/api/send-messages.ts";
import type { RunningLab } from "../lab/client.ts";
import { countText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import type { Services } from "./services.ts";

/** Placements that are remembered; of the others only their number is. */
const MAX_PLACEMENTS = 10_000;
/** Fewer messages than this are produced before anybody could cancel. */
const SHOWN_FROM = 1_000;

/** What is to be sent. The source is opened twice: to check, and to send. */
export interface Sending {
  readonly lab: RunningLab;
  readonly topic: string;
  /** What the progress says. */
  readonly title: string;
  /** How many there are; undefined when only the end will tell. */
  readonly count: number | undefined;
  readonly open: (progress: vscode.Progress<{ readonly increment?: number }>) => MessageSource;
}

export interface Sent {
  /** `stopped` when it was cancelled: what was produced by then stays. */
  readonly kind: "sent" | "stopped";
  readonly count: number;
  /** Of the first messages, in their order. */
  readonly placements: readonly Placement[];
}

export type SendOutcome = Sent | { readonly kind: "refused"; readonly refused: RefusedLine };

/**
 * Checks messages with the lab and then produces them in their order, with a progress that can be
 * cancelled between two requests. A topic that is not there is created first, as Kafka's own console
 * producer has it. Rejects with a LabError that says how many have been produced.
 */
export async function send(sending: Sending): Promise<SendOutcome> {
  const isLong = sending.count === undefined || sending.count >= SHOWN_FROM;
  const location = isLong ? vscode.ProgressLocation.Notification : vscode.ProgressLocation.Window;
  const options = { location, title: sending.title, cancellable: isLong };
  return vscode.window.withProgress(options, (progress, token) => run(sending, progress, token));
}

async function run(
  { lab, topic, open }: Sending,
  progress: vscode.Progress<{ readonly message?: string; readonly increment?: number }>,
  token: vscode.CancellationToken,
): Promise<SendOutcome> {
  const ask: AskLab = (method, params) => {
    if (token.isCancellationRequested) throw new LabError("cancelled", "");
    return lab.request(method, params);
  };
  const placements: Placement[] = [];
  let count = 0;
  try {
    await createWhenMissing(ask, topic);
    progress.report({ message: vscode.l10n.t("checking") });
    const refused = await checkMessages(ask, topic, open(progress));
    if (refused !== undefined) return { kind: "refused", refused };
    await sendMessages(ask, topic, open(progress), (placed) => {
      count += placed.length;
      placements.push(...placed.slice(0, MAX_PLACEMENTS - placements.length));
      progress.report({ message: countText(count, wording) });
    });
    return { kind: "sent", count, placements };
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    if (error.code === "cancelled") return { kind: "stopped", count, placements };
    throw afterSome(error, count);
  }
}

/** Earlier requests stay produced: who tries again has to know how many messages to leave out. */
function afterSome(error: LabError, produced: number): LabError {
  if (produced === 0) return error;
  const what = vscode.l10n.t("Before that, {0} have been produced.", countText(produced, wording));
  return new LabError(error.code, `${error.message} ${what}`);
}

/** Says how many messages were produced, and offers to show the first. */
export function sayProduced({ prompts, grids }: Services, topic: string, sent: Sent): void {
  const { count, placements } = sent;
  const [first] = placements;
  const title = count === 1 ? vscode.l10n.t("Show Message") : vscode.l10n.t("Show First Message");
  const messages = countText(count, wording);
  const isWhole = sent.kind === "sent";
  prompts.notify({
    level: isWhole ? "info" : "warning",
    message: isWhole
      ? vscode.l10n.t("{0} produced to {1}.", messages, topic)
      : vscode.l10n.t("Stopped: {0} produced to {1}.", messages, topic),
    actions: first === undefined ? [] : [{ title, run: () => grids.showMessage(topic, first) }],
  });
}
