import * as vscode from "vscode";
import type { LabController } from "../lab/controller.ts";
import type { TopicList } from "../lab/topics.ts";
import { ProduceCompletion } from "./produce-completion.ts";
import type { ProduceDocuments } from "./produce-documents.ts";
import { registerProduceHover } from "./produce-hover.ts";
import { ProduceLenses } from "./produce-lenses.ts";
import { registerTemplatePreviews } from "./template-preview.ts";

/** What an editor knows of the language of produce documents. */
export function registerProduceLanguage(
  controller: LabController,
  topics: TopicList,
  documents: ProduceDocuments,
): vscode.Disposable {
  return vscode.Disposable.from(
    new ProduceLenses(controller, documents),
    ProduceCompletion.register(controller, topics),
    registerProduceHover(),
    registerTemplatePreviews(controller),
  );
}
