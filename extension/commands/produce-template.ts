import * as vscode from "vscode";
import type { LoadReport } from "../../runtime/api/load.ts";
import type { Template } from "../../runtime/api/produce-document.ts";
import { topicOf } from "../editors/produce-documents.ts";
import type { RunningLab } from "../lab/client.ts";
import { askLoadSize, type LoadSize, runLoad } from "./load.ts";
import type { Services } from "./services.ts";
import { showFault } from "./show-problem.ts";
import { pickTopic } from "./targets.ts";

/** A command's argument with which nothing is asked: `{uri, count, durationMs, rate}`. */
interface WantedLoad {
  readonly uri: vscode.Uri;
  readonly size: LoadSize;
}

export function parseWanted(arg: unknown): WantedLoad | undefined {
  if (typeof arg !== "object" || arg === null || !("uri" in arg)) return undefined;
  if (!(arg.uri instanceof vscode.Uri)) return undefined;
  const amount = (value: unknown) => (typeof value === "number" ? value : undefined);
  const size = {
    count: amount("count" in arg ? arg.count : undefined),
    durationMs: amount("durationMs" in arg ? arg.durationMs : undefined),
    rate: amount("rate" in arg ? arg.rate : undefined),
  };
  return { uri: arg.uri, size };
}

/** Produces messages of a template for as long and as fast as the person says, or the argument. */
export async function generateLoad(
  services: Services,
  lab: RunningLab,
  document: vscode.TextDocument,
  given: LoadSize | undefined,
): Promise<LoadReport | undefined> {
  const file = services.produce.check(document);
  if (await showFault(document, file.faults, () => true)) return undefined;
  if (file.settings.template === undefined) {
    const message = vscode.l10n.t(
      'A load is made of a template: begin the document with the line {"template": {}}.',
    );
    services.prompts.notify({ level: "warning", message, actions: [] });
    return undefined;
  }
  const topic =
    topicOf(document, file) ?? (await pickTopic(services, vscode.l10n.t("Generate Load to")));
  if (topic === undefined) return undefined;
  const size = given ?? (await askLoadSize(services, file.settings.template));
  if (size === undefined) return undefined;
  const load = { topic, template: document.getText(), seed: undefined, ...size };
  return runLoad(services, lab, load);
}

/** Produces one message of each wanted line of a template, or as many as the template says of all. */
export async function produceTemplate(
  services: Services,
  lab: RunningLab,
  document: vscode.TextDocument,
  template: Template,
  wanted: (line: number) => boolean,
): Promise<LoadReport | undefined> {
  const file = services.produce.check(document);
  const { lines } = template;
  const some = lines.filter(({ line }) => wanted(line));
  const isAll = some.length === lines.length;
  if (some.length === 0) {
    const message = vscode.l10n.t("There is no message here: write one JSON object per line.");
    services.prompts.notify({ level: "warning", message, actions: [] });
    return undefined;
  }
  const topic =
    topicOf(document, file) ?? (await pickTopic(services, vscode.l10n.t("Produce Messages to")));
  if (topic === undefined) return undefined;
  const own = isAll ? file.settings.template : undefined;
  return runLoad(services, lab, {
    ...{ topic, seed: undefined, durationMs: undefined, rate: own?.rate },
    count: own?.count ?? some.length,
    template: isAll
      ? document.getText()
      : onlyLines(
          document,
          some.map(({ line }) => line),
        ),
  });
}

/** The settings of a template with only some of its lines, on the lines on which they stand. */
function onlyLines(document: vscode.TextDocument, lines: readonly number[]): string {
  let isSettings = true;
  const texts: string[] = [];
  for (let line = 0; line < document.lineCount; line++) {
    const { text, isEmptyOrWhitespace } = document.lineAt(line);
    const isKept = lines.includes(line) || (isSettings && !isEmptyOrWhitespace);
    if (!isEmptyOrWhitespace) isSettings = false;
    texts.push(isKept ? text : "");
  }
  return texts.join("\n");
}
