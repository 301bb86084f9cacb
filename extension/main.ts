import * as vscode from "vscode";
import { gridCommands } from "./commands/grid.ts";
import { labCommands } from "./commands/lab.ts";
import { decodingCommands } from "./commands/decoding.ts";
import { groupCommands } from "./commands/groups.ts";
import { messageDocumentCommands } from "./commands/message-documents.ts";
import { messageCommands } from "./commands/messages.ts";
import { produceCommands } from "./commands/produce.ts";
import { registerEditedMessages } from "./commands/resend.ts";
import { moveCommands } from "./commands/moves.ts";
import { topicChangeCommands } from "./commands/topic-changes.ts";
import { topicCommands } from "./commands/topics.ts";
import { topicsViewCommands } from "./commands/topics-view.ts";
import { DecoderChoices } from "./decoding/decode-choice.ts";
import { DecodedDocuments } from "./decoding/decoded-documents.ts";
import { Grids } from "./editors/grids.ts";
import { registerMessageDocuments } from "./editors/message-documents.ts";
import { ProduceDocuments } from "./editors/produce-documents.ts";
import { registerProduceLanguage } from "./editors/produce-language.ts";
import { registerTopicConfigs } from "./editors/topic-config/topic-config.ts";
import { LabController } from "./lab/controller.ts";
import { GroupList } from "./lab/groups.ts";
import { watchForLab } from "./lab/lock-watcher.ts";
import { labReports } from "./lab/reports.ts";
import { showLabStatus } from "./lab/status-bar.ts";
import { TopicList } from "./lab/topics.ts";
import { RunningMoves } from "./moves/running-moves.ts";
import { type Prompts, PromptSwitch } from "./prompts.ts";
import { labSettings } from "./settings.ts";
import { type ConsumersProvider, createConsumersView } from "./views/consumers-view.ts";
import { createTopicsView, type TopicsProvider } from "./views/topics-view.ts";

/** What the integration tests see of a running extension. */
export interface ExtensionApi {
  readonly controller: LabController;
  readonly topics: TopicList;
  readonly tree: TopicsProvider;
  readonly grids: Grids;
  readonly groups: GroupList;
  readonly consumers: ConsumersProvider;
  readonly moves: RunningMoves;
  /** How long activate() took, in milliseconds. */
  readonly activationMs: number;
  /** Answers the extension's questions instead of the window. */
  usePrompts(prompts: Prompts): void;
}

/** Builds the parts, hands them their context, and registers them. There is no logic here. */
export function activate(context: vscode.ExtensionContext): ExtensionApi {
  const startedMs = performance.now();
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel("Streamside Lab", { log: true }));
  const program = vscode.Uri.joinPath(context.extensionUri, "dist", "streamside.mjs").fsPath;
  const prompts = new PromptSwitch();
  const controller = own(new LabController(program, log, labReports(prompts)));
  const topics = own(new TopicList(controller, log));
  const groups = own(new GroupList(controller, log));
  const grids = own(new Grids({ controller, topics, extensionUri: context.extensionUri }));
  const produce = own(new ProduceDocuments());
  own(registerProduceLanguage(controller, topics, produce));
  const moves = own(new RunningMoves());
  const view = createTopicsView(controller, topics);
  own(view.disposable);
  const consumers = createConsumersView(groups);
  own(consumers.disposable);
  own(showLabStatus(controller));
  own(registerMessageDocuments(controller));
  const choices = new DecoderChoices(context.workspaceState);
  const decoding = { choices, documents: own(new DecodedDocuments(controller, choices)) };
  own(registerTopicConfigs(controller, prompts));
  own(watchForLab(controller));

  const { selection } = view;
  const groupSelection = consumers.selection;
  const lists = { topics, groups, selection, groupSelection };
  const services = { controller, ...lists, grids, produce, moves, prompts, log };
  own(registerEditedMessages(services));
  const commands = {
    ...labCommands(services),
    ...topicCommands(services),
    ...topicChangeCommands(services),
    ...topicsViewCommands(topics, context.workspaceState),
    ...groupCommands(services),
    ...messageCommands(services),
    ...decodingCommands(services, decoding),
    ...messageDocumentCommands(services),
    ...produceCommands(services),
    ...moveCommands(services),
    ...gridCommands(services),
  };
  for (const [id, run] of Object.entries(commands)) {
    own(vscode.commands.registerCommand(id, run));
  }

  if (labSettings()?.autoStart === true) void controller.start();
  else controller.notice();
  return {
    controller,
    topics,
    grids,
    tree: view.provider,
    groups,
    consumers: consumers.provider,
    moves,
    activationMs: performance.now() - startedMs,
    usePrompts: (used) => prompts.use(used),
  };
}
