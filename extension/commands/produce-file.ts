import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import { messageLines, MessageLineError } from "../../runtime/api/message-lines.ts";
import type { Placement } from "../../runtime/api/model.ts";
import type { MessageLine } from "../../runtime/api/produce-document.ts";
import type { RunningLab } from "../lab/client.ts";
import { sizeText } from "../views/topic-text.ts";
import { wording } from "../wording.ts";
import { sayProduced, send } from "./produce-send.ts";
import type { Services } from "./services.ts";
import { pickTopic } from "./targets.ts";

/** Largest file that is produced as one value: what a request to the lab can carry. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;
const JSONL = /\.(jsonl|ndjson)$/i;

/** A command's argument: the file, or `{file, topic, form}` with which nothing is asked. */
interface Wanted {
  readonly file: string;
  readonly topic: string;
  readonly form: "lines" | "value";
}

interface FormItem extends vscode.QuickPickItem {
  readonly form: Wanted["form"];
}

/** Produces a file's lines as messages, or its bytes as the value of one; what is faulty is shown and nothing is sent. */
export async function produceFile(
  services: Services,
  lab: RunningLab,
  arg: unknown,
): Promise<readonly Placement[] | undefined> {
  const wanted = parseWanted(arg) ?? (await ask(services, arg));
  if (wanted === undefined) return undefined;
  const { file, topic } = wanted;
  const name = path.basename(file);
  const title = vscode.l10n.t("Producing {0} to {1}", name, topic);
  const { size } = await stat(file);
  const open =
    wanted.form === "value"
      ? () => wholeFile(file, size)
      : (progress: vscode.Progress<{ readonly increment?: number }>) =>
          linesOf(file, size, progress);
  try {
    const outcome = await send({ ...{ lab, topic, title, open }, count: undefined });
    if (outcome.kind !== "refused") {
      sayProduced(services, topic, outcome);
      return outcome.placements;
    }
    const { line, refused } = outcome.refused;
    await showLine(services, wanted, line, 0, refused.message);
  } catch (error) {
    if (!(error instanceof MessageLineError)) throw error;
    await showLine(services, wanted, error.line - 1, error.column - 1, error.message);
  }
  return undefined;
}

function parseWanted(arg: unknown): Wanted | undefined {
  if (typeof arg !== "object" || arg === null) return undefined;
  const file = "file" in arg ? arg.file : undefined;
  const topic = "topic" in arg ? arg.topic : undefined;
  const form = "form" in arg ? arg.form : undefined;
  if (typeof file !== "string" || typeof topic !== "string") return undefined;
  return form === "lines" || form === "value" ? { file, topic, form } : undefined;
}

async function ask(services: Services, arg: unknown): Promise<Wanted | undefined> {
  const uri =
    arg instanceof vscode.Uri
      ? arg
      : (await services.prompts.openFile({ title: vscode.l10n.t("Produce from File") }))?.[0];
  if (uri === undefined) return undefined;
  if (uri.scheme !== "file") {
    throw new LabError("bad-request", vscode.l10n.t("Choose a file that is on disk."));
  }
  const lines: FormItem = {
    label: vscode.l10n.t("Messages, one line of JSON each"),
    form: "lines",
  };
  const value: FormItem = {
    label: vscode.l10n.t("One message with the bytes of the file as its value"),
    form: "value",
  };
  const items = JSONL.test(uri.path) ? [lines, value] : [value, lines];
  const form = (await services.prompts.pick(items, { title: path.basename(uri.fsPath) }))?.form;
  if (form === undefined) return undefined;
  const topic = await pickTopic(services, vscode.l10n.t("Produce Messages to"));
  return topic === undefined ? undefined : { file: uri.fsPath, topic, form };
}

/** Reports how far it has read; it is read twice, to check and to send. */
async function* linesOf(
  file: string,
  sizeBytes: number,
  progress: vscode.Progress<{ readonly increment?: number }>,
): AsyncGenerator<MessageLine, void> {
  yield* messageLines(chunks());
  async function* chunks(): AsyncGenerator<Buffer, void> {
    for await (const chunk of createReadStream(file, { highWaterMark: 256 * 1024 })) {
      if (!Buffer.isBuffer(chunk)) continue;
      yield chunk;
      progress.report({ increment: (50 * chunk.length) / sizeBytes });
    }
  }
}

async function* wholeFile(file: string, sizeBytes: number): AsyncGenerator<MessageLine, void> {
  if (sizeBytes > MAX_VALUE_BYTES) {
    const sizes = [sizeText(sizeBytes, wording), sizeText(MAX_VALUE_BYTES, wording)];
    const text = vscode.l10n.t("{0} has {1}; a value can have {2}.", file, ...sizes);
    throw new LabError("too-large", text);
  }
  const value = await readFile(file);
  const message = { key: null, value, headers: [], partition: undefined, timestampMs: undefined };
  yield { line: 0, message };
}

/** Opens the file where it is faulty and says what is wrong. Nothing has been sent. */
async function showLine(
  { prompts }: Services,
  { file, form }: Wanted,
  line: number,
  column: number,
  what: string,
): Promise<void> {
  const name = path.basename(file);
  const place = form === "value" ? name : `${name}:${line + 1}:${column + 1}`;
  const message = vscode.l10n.t("{0}: {1} Nothing was produced.", place, what);
  const open = async (): Promise<void> => {
    const at = new vscode.Position(line, column);
    await vscode.window.showTextDocument(vscode.Uri.file(file), {
      selection: new vscode.Range(at, at),
    });
  };
  const actions = form === "value" ? [] : [{ title: vscode.l10n.t("Show Line"), run: open }];
  prompts.notify({ level: "error", message, actions });
}
