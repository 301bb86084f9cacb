import * as vscode from "vscode";
import type { GridFrom, GridState, MessageRef } from "../../runtime/api/view.ts";
import { PANELS } from "../ids.ts";
import { GridPanel, gridTitle, type GridServices } from "./grid-panel.ts";

/** Where a grid begins when nobody said otherwise: at the newest messages. */
const DEFAULT_FROM: GridFrom = { kind: "last", count: 100 };

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
    else this.#create({ ...target, from: DEFAULT_FROM, live: false }, undefined);
  }

  /** Shows one message in the grid of its partition: it is the first row, and selected. */
  showMessage(topic: string, message: MessageRef): void {
    const { partition, offset } = message;
    const state: GridState = { topic, partition, from: { kind: "offset", offset }, live: false };
    const known = this.#find(state);
    if (known !== undefined) known.show(state, message);
    else this.#create(state, message);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const known = parseState(state);
    if (known === undefined) panel.dispose();
    else this.#adopt(new GridPanel(panel, this.#services, known, undefined));
  }

  dispose(): void {
    this.#serializer.dispose();
  }

  #find({ topic, partition }: PeekTarget): GridPanel | undefined {
    return [...this.#open].find(
      ({ state }) => state.topic === topic && state.partition === partition,
    );
  }

  #create(state: GridState, select: MessageRef | undefined): void {
    const panel = vscode.window.createWebviewPanel(
      PANELS.grid,
      gridTitle(state),
      vscode.ViewColumn.Active,
      // The rows and the place in them would be lost whenever another tab comes to the front.
      { retainContextWhenHidden: true },
    );
    this.#adopt(new GridPanel(panel, this.#services, state, select));
  }

  #adopt(grid: GridPanel): void {
    this.#open.add(grid);
    grid.panel.onDidDispose(() => this.#open.delete(grid));
  }
}

/** The state of a grid as a window saved it, or undefined when it is not one. */
export function parseState(value: unknown): GridState | undefined {
  if (!isRecord(value)) return undefined;
  const { topic, partition, from, live } = value;
  if (typeof topic !== "string" || !isRecord(from)) return undefined;
  if (partition !== undefined && !isCount(partition)) return undefined;
  const start = parseFrom(from);
  return start && { topic, partition, from: start, live: live === true };
}

function parseFrom(from: Readonly<Record<string, unknown>>): GridFrom | undefined {
  const { kind, count, offset, timestampMs } = from;
  if (kind === "earliest") return { kind };
  if (kind === "last" && isCount(count)) return { kind, count };
  if (kind === "offset" && isCount(offset)) return { kind, offset };
  return kind === "time" && isCount(timestampMs) ? { kind, timestampMs } : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
