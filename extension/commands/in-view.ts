import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import { VIEWS } from "../ids.ts";
import type { Services } from "./services.ts";

/** Does something to groups with progress in the Consumers view. Resolves with whether the lab did it. */
export function inConsumersView(services: Services, action: () => Promise<void>): Promise<boolean> {
  return inView(VIEWS.consumers, services, action, () => services.groups.refresh());
}

/** Does something to topics with progress in the Topics view. Resolves with whether the lab did it. */
export function inTopicsView(services: Services, action: () => Promise<void>): Promise<boolean> {
  return inView(VIEWS.topics, services, action, () => services.topics.refresh());
}

/** What the lab refuses is said; in any case the view is as the lab has it afterwards. */
async function inView(
  viewId: string,
  { prompts }: Services,
  action: () => Promise<void>,
  refresh: () => Promise<void>,
): Promise<boolean> {
  return vscode.window.withProgress({ location: { viewId } }, async () => {
    try {
      await action();
      return true;
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      prompts.notify({ level: "error", message: error.message, actions: [] });
      return false;
    } finally {
      await refresh();
    }
  });
}
