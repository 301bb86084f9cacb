import * as vscode from "vscode";
import { DEFAULT_COLUMNS } from "../../runtime/api/grid-columns.ts";
import type { GridFrom, GridState, MessageRef } from "../../runtime/api/view.ts";
import { PANELS } from "../ids.ts";
import { parseState } from "./grid-state.ts";
import { GridPanel, gridTitle, type GridServices } from "./grid-panel.ts";

/** As they lie in the topic. */
const ALL_MESSAGES = { live: false, filter: undefined, times: undefined, latest: false } as const;

/** What a grid shows when nobody said otherwise: the newest messages. */
const NEW_GRID = {
  from: { kind: "last", count: 100 },
  ...ALL_MESSAGES,
  histogram: false,
  columns: DEFAULT_COLUMNS,
  selected: undefined,
} as const satisfies Partial<GridState>;

export interface PeekTarget {
  readonly topic: string;
  readonly partition: number | undefined;
}

/** All message grids of this window: one per topic or partition, brought back after a window reload. */
export class Grids implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #services: GridServices;
  readonly #open = new Set<GridPanel>();
  readonly #serializer: vscode.Disposable;

  constructor(services: GridServices) {
    this.#services = services;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(PANELS.grid, this);
  }

  /** Opens the grid of a topic or partition, or brings it to the front if it is open. */
  peek(target: PeekTarget): void {
    const known = this.#find(target);
    if (known !== undefined) known.show(undefined, undefined);
    else this.#create({ ...NEW_GRID, ...target });
  }

  /** Follows the end of a topic or partition. */
  tail(target: PeekTarget): void {
    const known = this.#find(target);
    const state = known?.state ?? { ...NEW_GRID, ...target };
    const live = { ...state, from: NEW_GRID.from, times: undefined, latest: false, live: true };
    if (known !== undefined) known.show(live, undefined);
    else this.#create(live);
  }

  /** Shows one message in the grid of its partition: it is the first row, and selected. */
  showMessage(topic: string, message: MessageRef): void {
    const { partition, offset } = message;
    const from: GridFrom = { kind: "offset", offset };
    const known = this.#find({ topic, partition });
    const state = known?.state ?? { ...NEW_GRID, topic, partition };
    const shown = { ...state, from, ...ALL_MESSAGES, selected: message };
    if (known !== undefined) known.show(shown, message);
    else this.#create(shown);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const known = parseState(state);
    if (known === undefined) panel.dispose();
    else this.#adopt(new GridPanel(panel, this.#services, known));
  }

  /** The grid in front, if a grid is what the active editor shows. */
  get active(): GridPanel | undefined {
    return [...this.#open].find(({ panel }) => panel.active);
  }

  dispose(): void {
    this.#serializer.dispose();
  }

  #find({ topic, partition }: PeekTarget): GridPanel | undefined {
    return [...this.#open].find(
      ({ state }) => state.topic === topic && state.partition === partition,
    );
  }

  #create(state: GridState): void {
    const panel = vscode.window.createWebviewPanel(
      PANELS.grid,
      gridTitle(state),
      vscode.ViewColumn.Active,
      // The rows and the place in them would be lost whenever another tab comes to the front.
      { retainContextWhenHidden: true },
    );
    this.#adopt(new GridPanel(panel, this.#services, state));
  }

  #adopt(grid: GridPanel): void {
    this.#open.add(grid);
    grid.panel.onDidDispose(() => this.#open.delete(grid));
  }
}
