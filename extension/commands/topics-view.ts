import * as vscode from "vscode";
import { COMMANDS, CONTEXT_KEYS, VIEWS } from "../ids.ts";
import type { TopicList } from "../lab/topics.ts";

/** Where a workspace remembers that the broker's own topics are shown. */
const MEMENTO_KEY = "topics.internal";

/** Commands about what the Topics view shows. Which topics it shows is remembered with the workspace. */
export function topicsViewCommands(topics: TopicList, state: vscode.Memento) {
  const show = async (shows: boolean): Promise<void> => {
    topics.showInternal(shows);
    await vscode.commands.executeCommand("setContext", CONTEXT_KEYS.internalTopics, shows);
    await state.update(MEMENTO_KEY, shows);
  };
  void show(state.get<boolean>(MEMENTO_KEY, false));
  return {
    [COMMANDS.showInternalTopics]: () => show(true),
    [COMMANDS.hideInternalTopics]: () => show(false),
    [COMMANDS.findTopic]: async () => {
      await vscode.commands.executeCommand(`${VIEWS.topics}.focus`);
      await vscode.commands.executeCommand("list.find");
    },
  };
}
