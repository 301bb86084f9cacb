import * as vscode from "vscode";

/** A destructive question: what is destroyed, and the verb that does it. */
export interface Confirmation {
  readonly message: string;
  readonly detail: string;
  readonly verb: string;
}

/** A message to a person with things they may do about it. */
export interface Notice {
  readonly level: "info" | "warning" | "error";
  readonly message: string;
  readonly actions: readonly { readonly title: string; run(): unknown }[];
}

/** Every way in which a command asks a person something. Tests answer instead: a modal cannot be answered in them. */
export interface Prompts {
  /** True when the person chose the verb. */
  confirm(question: Confirmation): Promise<boolean>;
  input(options: vscode.InputBoxOptions): Promise<string | undefined>;
  pick<T extends vscode.QuickPickItem>(
    items: readonly T[],
    options: vscode.QuickPickOptions,
  ): Promise<T | undefined>;
  pickMany<T extends vscode.QuickPickItem>(
    items: readonly T[],
    options: vscode.QuickPickOptions,
  ): Promise<readonly T[] | undefined>;
  saveFile(options: vscode.SaveDialogOptions): Promise<vscode.Uri | undefined>;
  openFile(options: vscode.OpenDialogOptions): Promise<readonly vscode.Uri[] | undefined>;
  /** Shows a notice without waiting for the person. */
  notify(notice: Notice): void;
}

export const windowPrompts: Prompts = {
  async confirm({ message, detail, verb }) {
    const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, verb);
    return answer === verb;
  },
  async input(options) {
    return vscode.window.showInputBox(options);
  },
  async pick(items, options) {
    return vscode.window.showQuickPick(items, options);
  },
  async pickMany(items, options) {
    return vscode.window.showQuickPick(items, { ...options, canPickMany: true });
  },
  async saveFile(options) {
    return vscode.window.showSaveDialog(options);
  },
  async openFile(options) {
    return vscode.window.showOpenDialog(options);
  },
  notify({ level, message, actions }) {
    const titles = actions.map((action) => action.title);
    const show = {
      info: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[level];
    show(message, ...titles).then(
      (title) => actions.find((action) => action.title === title)?.run(),
      () => undefined,
    );
  },
};

/** The prompts in use, replaceable while a test runs. */
export class PromptSwitch implements Prompts {
  #used: Prompts = windowPrompts;

  use(prompts: Prompts): void {
    this.#used = prompts;
  }

  confirm(question: Confirmation): Promise<boolean> {
    return this.#used.confirm(question);
  }

  input(options: vscode.InputBoxOptions): Promise<string | undefined> {
    return this.#used.input(options);
  }

  pick<T extends vscode.QuickPickItem>(
    items: readonly T[],
    options: vscode.QuickPickOptions,
  ): Promise<T | undefined> {
    return this.#used.pick(items, options);
  }

  pickMany<T extends vscode.QuickPickItem>(
    items: readonly T[],
    options: vscode.QuickPickOptions,
  ): Promise<readonly T[] | undefined> {
    return this.#used.pickMany(items, options);
  }

  saveFile(options: vscode.SaveDialogOptions): Promise<vscode.Uri | undefined> {
    return this.#used.saveFile(options);
  }

  openFile(options: vscode.OpenDialogOptions): Promise<readonly vscode.Uri[] | undefined> {
    return this.#used.openFile(options);
  }

  notify(notice: Notice): void {
    this.#used.notify(notice);
  }
}
