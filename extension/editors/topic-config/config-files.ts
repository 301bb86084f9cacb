import * as vscode from "vscode";
import { LabError } from "../../../runtime/api/errors.ts";
import type { TopicConfigEntry } from "../../../runtime/api/topic-admin.ts";
import type { RunningLab } from "../../lab/client.ts";
import type { LabController } from "../../lab/controller.ts";
import { changesOf, configText, parseConfigText } from "./config-text.ts";
import { topicOfConfig } from "./config-uri.ts";

/** Least time between two looks whether somebody else has configured the topic of an open document. */
const LOOK_INTERVAL_MS = 500;

/** What saving a document asks, and whom it tells. */
export interface ConfigSaving {
  /** True when the person wants these changes. */
  confirm(topic: string, changes: readonly PlannedChange[]): Promise<boolean>;
  /** Shows what is wrong in the document; true when something is. */
  check(uri: vscode.Uri, text: string, configs: readonly TopicConfigEntry[]): Promise<boolean>;
}

/** One value that a save changes. */
export interface PlannedChange {
  readonly name: string;
  /** What the topic has now, and who set it. */
  readonly before: TopicConfigEntry | undefined;
  /** Null for the default. */
  readonly after: string | null;
}

interface Version {
  readonly text: string;
  readonly mtime: number;
}

/** Configurations of topics as files: reading one asks the lab, and saving one changes the topic. */
export class ConfigFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #controller: LabController;
  readonly #saving: ConfigSaving;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  /** What was just saved: the editor looks at it once, and is told of what it became afterwards. */
  readonly #saved = new Map<string, Version>();
  /** What was last read of each document, and when it became so. */
  readonly #versions = new Map<string, Version>();
  readonly #following: vscode.Disposable;
  #lookTimer: NodeJS.Timeout | undefined;

  constructor(controller: LabController, saving: ConfigSaving) {
    this.#controller = controller;
    this.#saving = saving;
    const follow = () => {
      const { status } = controller;
      if (status.kind !== "running") return;
      status.lab.on("topics/changed", () => this.#lookSoon());
      this.#lookSoon();
    };
    this.#following = controller.onDidChangeStatus(follow);
    follow();
  }

  dispose(): void {
    clearTimeout(this.#lookTimer);
    this.#following.dispose();
    this.#changed.dispose();
  }

  /** Every configuration of the topic of a document. Rejects with a FileSystemError. */
  async configs(uri: vscode.Uri): Promise<readonly TopicConfigEntry[]> {
    const topic = topicOf(uri);
    const lab = this.#lab();
    try {
      return (await lab.request("topics/configs", { topic })).configs;
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      if (error.code !== "unknown-topic") throw vscode.FileSystemError.Unavailable(error.message);
      throw vscode.FileSystemError.FileNotFound(vscode.l10n.t("There is no topic {0}.", topic));
    }
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { text, mtime } = await this.#read(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: Buffer.byteLength(text) };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return Buffer.from((await this.#read(uri)).text);
  }

  /** Changes the topic to what the document says, if it is right and the person wants it. */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const topic = topicOf(uri);
    const text = new TextDecoder().decode(content);
    const configs = await this.configs(uri);
    if (await this.#saving.check(uri, text, configs)) {
      const message = vscode.l10n.t(
        "The lab refuses this; the Problems view says why. Nothing was changed.",
      );
      throw vscode.FileSystemError.Unavailable(message);
    }
    const changes = changesOf(parseConfigText(text, configs), configs);
    if (changes.length > 0) {
      const before = new Map(configs.map((config) => [config.name, config]));
      const planned = changes.map(({ name, value }): PlannedChange => ({
        ...{ name, before: before.get(name), after: value },
      }));
      if (!(await this.#saving.confirm(topic, planned))) {
        throw vscode.FileSystemError.Unavailable(vscode.l10n.t("Nothing was changed."));
      }
      await this.#alter(this.#lab(), topic, changes);
    }
    this.#saved.set(uri.toString(), { text, mtime: Date.now() });
  }

  async #alter(
    lab: RunningLab,
    topic: string,
    changes: ReturnType<typeof changesOf>,
  ): Promise<void> {
    const { faults } = await lab.request("topics/alterConfigs", {
      ...{ topic, changes, validateOnly: false },
    });
    const [fault] = faults;
    if (fault !== undefined) throw vscode.FileSystemError.Unavailable(fault.message);
  }

  async #read(uri: vscode.Uri): Promise<Version> {
    const key = uri.toString();
    const saved = this.#saved.get(key);
    if (saved !== undefined) {
      this.#saved.delete(key);
      this.#versions.set(key, saved);
      this.#lookSoon();
      return saved;
    }
    const text = configText(await this.configs(uri), {
      head: vscode.l10n.t(
        "Configuration of topic {0}.\nSave to change the topic. Without a line a configuration has its default.",
        topicOf(uri),
      ),
      defaults: vscode.l10n.t("Defaults. Take away the # to set one."),
    });
    const known = this.#versions.get(key);
    if (known?.text === text) return known;
    const version = { text, mtime: Math.max(Date.now(), (known?.mtime ?? 0) + 1) };
    this.#versions.set(key, version);
    return version;
  }

  #lab(): RunningLab {
    const { status } = this.#controller;
    if (status.kind === "running") return status.lab;
    throw vscode.FileSystemError.Unavailable(
      vscode.l10n.t("The lab is not running. Start it to see the configuration."),
    );
  }

  #lookSoon(): void {
    if (this.#versions.size === 0) return;
    this.#lookTimer ??= setTimeout(() => {
      this.#lookTimer = undefined;
      void this.#look();
    }, LOOK_INTERVAL_MS);
  }

  /** Tells of open documents whose topic has been configured or deleted by somebody else. */
  async #look(): Promise<void> {
    const open = vscode.workspace.textDocuments.filter(({ uri }) => topicOfConfig(uri));
    const addresses = new Set(open.map(({ uri }) => uri.toString()));
    for (const key of this.#versions.keys()) if (!addresses.has(key)) this.#versions.delete(key);
    for (const { uri } of open) {
      const before = this.#versions.get(uri.toString());
      const now = await this.#read(uri).catch((error: unknown) => error);
      if (now === before) continue;
      if (!(now instanceof Error)) {
        this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
      } else if (now instanceof vscode.FileSystemError && now.code === "FileNotFound") {
        this.#versions.delete(uri.toString());
        this.#changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
      }
    }
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

function topicOf(uri: vscode.Uri): string {
  const topic = topicOfConfig(uri);
  if (topic === undefined) throw vscode.FileSystemError.FileNotFound(uri);
  return topic;
}
