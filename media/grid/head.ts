import {
  columnKey,
  type GridColumn,
  MAX_WIDTH_PX,
  MIN_WIDTH_PX,
} from "../../runtime/api/grid-columns.ts";
import type { GridStrings } from "../../runtime/api/view.ts";
import { columnTitle } from "./column-layout.ts";
import { element } from "./dom.ts";
import { fill } from "./text.ts";

export interface HeadEvents {
  /** A column is being drawn to this width, and `isDone` when it was let go. */
  resized(key: string, widthPx: number | undefined, isDone: boolean): void;
}

/** The heads of the columns. Their right edges can be drawn; a double click lets a column have its own width again. */
export class Head {
  readonly root = element("div", { role: "row", "aria-rowindex": 1, class: "row" });
  readonly #strings: GridStrings;
  readonly #events: HeadEvents;

  constructor(strings: GridStrings, events: HeadEvents) {
    this.#strings = strings;
    this.#events = events;
  }

  draw(columns: readonly GridColumn[]): void {
    this.root.replaceChildren(...columns.map((column, index) => this.#cell(column, index)));
  }

  /** Width of a column as it is now. */
  widthOf(key: string): number | undefined {
    const cells = [...this.root.querySelectorAll<HTMLElement>("[data-column]")];
    return cells.find((cell) => cell.dataset["column"] === key)?.offsetWidth;
  }

  #cell(column: GridColumn, index: number): HTMLElement {
    const { full, short } = columnTitle(column, this.#strings);
    const key = columnKey(column);
    const edge = element("span", { class: "edge", "aria-hidden": "true" });
    const cell = element(
      "div",
      {
        role: "columnheader",
        class: `${column.kind} title`,
        title: fill(this.#strings.columnTip, full),
        "aria-label": full,
        "aria-colindex": index + 1,
        "data-column": key,
      },
      element("span", { class: "title-text" }, short),
      edge,
    );
    edge.addEventListener("pointerdown", (event) => this.#drag(event, edge, cell, key));
    edge.addEventListener("dblclick", () => this.#events.resized(key, undefined, true));
    return cell;
  }

  #drag(start: PointerEvent, edge: HTMLElement, cell: HTMLElement, key: string): void {
    if (start.button !== 0) return;
    start.preventDefault();
    const before = cell.offsetWidth;
    edge.setPointerCapture(start.pointerId);
    const widthAt = ({ clientX }: PointerEvent) =>
      Math.min(Math.max(before + clientX - start.clientX, MIN_WIDTH_PX), MAX_WIDTH_PX);
    const move = (event: PointerEvent) => this.#events.resized(key, widthAt(event), false);
    const end = (event: PointerEvent) => {
      edge.removeEventListener("pointermove", move);
      if (event.clientX !== start.clientX) this.#events.resized(key, widthAt(event), true);
    };
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", end, { once: true });
    edge.addEventListener("pointercancel", end, { once: true });
  }
}
