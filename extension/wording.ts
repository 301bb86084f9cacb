import * as vscode from "vscode";
import type { Wording } from "./views/topic-text.ts";

/** The language of this window. */
export const wording: Wording = {
  t: (sentence, ...values) => vscode.l10n.t(sentence, ...values),
  locale: vscode.env.language,
};
