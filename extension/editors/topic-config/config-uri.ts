import * as vscode from "vscode";
import { CONFIG_SCHEME, CONFIG_SUFFIX } from "../../ids.ts";

/** The address of a topic's configuration document, such as `streamside-config:/orders.topic.properties`. */
export function configUri(topic: string): vscode.Uri {
  return vscode.Uri.from({ scheme: CONFIG_SCHEME, path: `/${topic}${CONFIG_SUFFIX}` });
}

/** The topic of a configuration document; undefined for any other address. */
export function topicOfConfig({ scheme, path }: vscode.Uri): string | undefined {
  if (scheme !== CONFIG_SCHEME || !path.endsWith(CONFIG_SUFFIX)) return undefined;
  return path.slice(1, -CONFIG_SUFFIX.length) || undefined;
}
