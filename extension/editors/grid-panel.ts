import * as vscode from "vscode";
import { exactTextOf } from "../../runtime/api/bytes.ts";
import { LabError } from "../../runtime/api/errors.ts";
import type { PartitionSummary } from "../../runtime/api/model.ts";
import { RpcPeer, type Handlers } from "../../runtime/api/rpc.ts";
import type {
  Grid,
  GridHost,
  GridState,
  LabAvailability,
  MessageRef,
} from "../../runtime/api/view.ts";
import type { RunningLab } from "../lab/client.ts";
import type { LabController } from "../lab/controller.ts";
import type { LabStatus } from "../lab/status.ts";
import type { TopicList } from "../lab/topics.ts";
import { gridHtml } from "./grid-html.ts";
import { gridStrings } from "./grid-strings.ts";
import { hexText } from "./hex-text.ts";
import { getMessage, openMessage } from "./message-documents.ts";
import { webviewPipe } from "./webview-pipe.ts";

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
  #select: MessageRef | undefined;

  constructor(
    panel: vscode.WebviewPanel,
    services: GridServices,
    state: GridState,
    select: MessageRef | undefined,
  ) {
    this.#panel = panel;
    this.#services = services;
    this.#state = state;
    this.#select = select;
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
    this.#peer.on("grid/stateChanged", (changed) => (this.#state = changed));
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
    this.#select = select;
    this.#peer.emit("grid/show", { state, select });
  }

  #handlers(): Handlers<GridHost> {
    return {
      "grid/hello": () => {
        const select = this.#select;
        this.#select = undefined;
        return {
          state: this.#state,
          select,
          lab: availability(this.#services.controller.status),
          extents: this.#extents(),
          strings: gridStrings(),
        };
      },
      "grid/read": async (params, signal) => {
        const { topic, partition } = this.#state;
        const result = await this.#lab().request(
          "messages/read",
          { ...params, topic, partition },
          signal,
        );
        // A Buffer that is a view of the lab's whole frame: VS Code would send it on as a JSON list.
        return { ...result, page: new Uint8Array(result.page) };
      },
      "grid/openMessage": async ({ partition, offset }) => {
        await openMessage({ topic: this.#state.topic, partition, offset, form: "message" });
        return {};
      },
      "grid/copyValue": async ({ partition, offset }) => {
        const address = { topic: this.#state.topic, partition, offset };
        const { value } = await getMessage(this.#lab(), address);
        const bytes = value?.bytes ?? new Uint8Array(0);
        await vscode.env.clipboard.writeText(exactTextOf(bytes) ?? hexText(bytes));
        return {};
      },
      "grid/startLab": async () => {
        await this.#services.controller.start();
        return {};
      },
    };
  }

  #lab(): RunningLab {
    const { status } = this.#services.controller;
    if (status.kind === "running") return status.lab;
    throw new LabError("closed", vscode.l10n.t("The lab is not running."));
  }

  #extents(): readonly PartitionSummary[] | undefined {
    const { topic, partition } = this.#state;
    return this.#services.topics
      .find(topic)
      ?.partitions.filter((one) => partition === undefined || one.partition === partition);
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
