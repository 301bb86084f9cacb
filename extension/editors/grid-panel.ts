import * as vscode from "vscode";
import { LabError } from "../../runtime/api/errors.ts";
import type { GridColumn } from "../../runtime/api/grid-columns.ts";
import type { MessageFilter, PartitionSummary } from "../../runtime/api/model.ts";
import { RpcPeer, type Handlers } from "../../runtime/api/rpc.ts";
import type {
  Grid,
  GridCommand,
  GridCounts,
  GridHost,
  GridState,
  LabAvailability,
  MessageRef,
} from "../../runtime/api/view.ts";
import { type CommandId, COMMANDS } from "../ids.ts";
import type { RunningLab } from "../lab/client.ts";
import type { LabController } from "../lab/controller.ts";
import type { LabStatus } from "../lab/status.ts";
import type { TopicList } from "../lab/topics.ts";
import { cellText } from "./cell-text.ts";
import { gridHtml } from "./grid-html.ts";
import { gridStrings } from "./grid-strings.ts";
import { getMessage, openMessage } from "./message-documents.ts";
import { webviewPipe } from "./webview-pipe.ts";

/** How long a webview may take to answer. */
const ANSWER_LIMIT_MS = 5_000;

const GRID_COMMANDS: Readonly<Record<GridCommand, CommandId>> = {
  columns: COMMANDS.gridColumns,
  filters: COMMANDS.gridFilters,
};

export interface GridServices {
  readonly controller: LabController;
  readonly topics: TopicList;
  readonly extensionUri: vscode.Uri;
}

/** The title of a grid's editor tab: `orders`, or `orders [2]` for one partition. */
export function gridTitle({ topic, partition }: Pick<GridState, "topic" | "partition">): string {
  return partition === undefined ? topic : `${topic} [${partition}]`;
}

/** One message grid: gives a webview panel its page and answers it. Ends with its panel. */
export class GridPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #services: GridServices;
  readonly #peer: RpcPeer<GridHost, Grid>;
  #state: GridState;

  constructor(panel: vscode.WebviewPanel, services: GridServices, state: GridState) {
    this.#panel = panel;
    this.#services = services;
    this.#state = state;
    const { controller, topics, extensionUri } = services;
    panel.title = gridTitle(state);
    const icon = (theme: string) =>
      vscode.Uri.joinPath(extensionUri, "media", `message-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist", "media")],
    };
    this.#peer = new RpcPeer<GridHost, Grid>(webviewPipe(panel), this.#handlers());
    this.#peer.on("grid/stateChanged", (changed) => {
      this.#state = changed;
      panel.title = gridTitle(changed);
    });
    const listening = vscode.Disposable.from(
      controller.onDidChangeStatus((status) => {
        this.#peer.emit("grid/lab", { lab: availability(status) });
      }),
      topics.onDidChange(() => this.#sendExtents()),
    );
    panel.onDidDispose(() => listening.dispose());
    panel.webview.html = gridHtml(panel.webview, extensionUri);
  }

  get panel(): vscode.WebviewPanel {
    return this.#panel;
  }

  get state(): GridState {
    return this.#state;
  }

  /** Brings the grid to the front, reading from `state` and selecting a message there if given. */
  show(state: GridState | undefined, select: MessageRef | undefined): void {
    this.#panel.reveal();
    if (state === undefined) return;
    this.#state = state;
    this.#peer.emit("grid/show", { state, select });
  }

  /** Shows the messages that a filter wants. */
  applyFilter(filter: MessageFilter): void {
    this.#panel.reveal();
    this.#peer.emit("grid/applyFilter", { filter });
  }

  setColumns(columns: readonly GridColumn[]): void {
    this.#peer.emit("grid/setColumns", { columns });
  }

  /** The filter that stands in the bar, applied or not. */
  async writtenFilter(): Promise<MessageFilter | undefined> {
    const options = { timeLimitMs: ANSWER_LIMIT_MS };
    return (await this.#peer.request("grid/writtenFilter", {}, options)).filter;
  }

  counts(): Promise<GridCounts> {
    return this.#peer.request("grid/counts", {}, { timeLimitMs: ANSWER_LIMIT_MS });
  }

  /** Puts what a column shows of a message on the clipboard, whole. */
  async copy({ partition, offset }: MessageRef, column: GridColumn): Promise<void> {
    const address = { topic: this.#state.topic, partition, offset };
    const message = await getMessage(this.#lab(), address);
    await vscode.env.clipboard.writeText(cellText(column, message));
  }

  focusFilter(): void {
    this.#peer.emit("grid/focusFilter", {});
  }

  #handlers(): Handlers<GridHost> {
    return {
      "grid/hello": () => ({
        state: this.#state,
        lab: availability(this.#services.controller.status),
        extents: this.#extents(),
        strings: gridStrings(),
      }),
      "grid/histogram": (params, signal) =>
        this.#lab().request("messages/histogram", { ...params, ...this.#covered }, signal),
      "grid/latest": async (params, signal) => {
        const request = { ...params, ...this.#covered };
        const result = await this.#lab().request("messages/latestPerKey", request, signal);
        return { ...result, page: new Uint8Array(result.page) };
      },
      "grid/checkFilter": ({ filter }) => this.#lab().request("filter/check", { filter }),
      "grid/read": async (params, signal) => {
        const request = { ...params, ...this.#covered };
        const result = await this.#lab().request("messages/read", request, signal);
        // A Buffer that is a view of the lab's whole frame: VS Code would send it on as a JSON list.
        return { ...result, page: new Uint8Array(result.page) };
      },
      "grid/openMessage": async ({ partition, offset }) => {
        await openMessage({ topic: this.#state.topic, partition, offset, form: "message" });
        return {};
      },
      "grid/copy": async ({ message, column }) => {
        await this.copy(message, column);
        return {};
      },
      "grid/command": async ({ name }) => {
        await vscode.commands.executeCommand(GRID_COMMANDS[name]);
        return {};
      },
      "grid/startLab": async () => {
        await this.#services.controller.start();
        return {};
      },
    };
  }

  /** What this grid is about. */
  get #covered(): Pick<GridState, "topic" | "partition"> {
    const { topic, partition } = this.#state;
    return { topic, partition };
  }

  #lab(): RunningLab {
    const { status } = this.#services.controller;
    if (status.kind === "running") return status.lab;
    throw new LabError("closed", vscode.l10n.t("The lab is not running."));
  }

  #extents(): readonly PartitionSummary[] | undefined {
    return this.#services.topics.find(this.#state.topic)?.partitions;
  }

  #sendExtents(): void {
    // Without a list nothing is known, which is another thing than a topic that is gone.
    if (this.#services.topics.topics === undefined) return;
    this.#peer.emit("grid/extents", { extents: this.#extents() });
  }
}

function availability(status: LabStatus): LabAvailability {
  return status.kind === "running" || status.kind === "starting" ? status.kind : "stopped";
}
