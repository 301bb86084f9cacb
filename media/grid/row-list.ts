import { columnKey, type GridColumn } from "../../runtime/api/grid-columns.ts";
import type { Message } from "../../runtime/api/model.ts";
import type { GridStrings } from "../../runtime/api/view.ts";
import { besideColumn, columnTracks } from "./column-layout.ts";
import { openContextMenus } from "./context-menu.ts";
import { element, setAttribute } from "./dom.ts";
import { rowForKey } from "./grid-keys.ts";
import { Head } from "./head.ts";
import { drawRow } from "./row.ts";
import { ScrollMap } from "./scroll-map.ts";

/** Height of every row, and of the heads of the columns; grid.css has the same. */
export const ROW_HEIGHT_PX = 22;
const HEAD_HEIGHT_PX = 26;
/** Rows drawn above and below the ones in view. */
const OVERSCAN_ROWS = 12;
/** A grid that is not wider than this has narrower columns. */
const NARROW_PX = 640;
/** By how much a key makes a column wider. */
const RESIZE_STEP_PX = 16;

export interface RowSource {
  readonly firstRow: number;
  readonly endRow: number;
  at(row: number): Message | undefined;
}

export interface RowListEvents {
  /** Rows `first` up to, not including, `end` are in view now. */
  looked(first: number, end: number): void;
  /** The person moved away from the last row. */
  leftEnd(): void;
  selected(row: number): void;
  opened(row: number): void;
  /** The column is undefined for the message as a whole. */
  copied(row: number, column: GridColumn | undefined): void;
  /** A column has another width; undefined for what suits it. */
  resized(key: string, widthPx: number | undefined, isDone: boolean): void;
}

interface DrawnRow {
  readonly element: HTMLElement;
  readonly message: Message | undefined;
}

/** A list of rows of one height of which only those in view exist in the document. */
export class RowList {
  readonly root: HTMLElement;
  readonly #body: HTMLElement;
  readonly #head: Head;
  readonly #strings: GridStrings;
  readonly #source: RowSource;
  readonly #events: RowListEvents;
  readonly #scroll = new ScrollMap();
  readonly #drawn = new Map<number, DrawnRow>();
  #columns: readonly GridColumn[] = [];
  #firstRow = 0;
  #selected: number | undefined;
  /** The column that the arrow keys have come to; undefined for the row as a whole. */
  #column: string | undefined;

  constructor(strings: GridStrings, source: RowSource, events: RowListEvents) {
    this.#strings = strings;
    this.#source = source;
    this.#events = events;
    this.#head = new Head(strings, events);
    this.#body = element("div", { role: "rowgroup", class: "body" });
    this.root = element(
      "div",
      {
        role: "grid",
        class: "grid",
        tabindex: 0,
        "aria-label": strings.grid,
        "aria-readonly": "true",
      },
      element("div", { role: "rowgroup", class: "head" }, this.#head.root),
      this.#body,
    );
    this.#listen();
  }

  get selected(): number | undefined {
    return this.#selected;
  }

  setColumns(columns: readonly GridColumn[]): void {
    this.#columns = columns;
    setAttribute(this.root, "aria-colcount", columns.length);
    if (!columns.some((column) => columnKey(column) === this.#column)) this.#column = undefined;
    this.#head.draw(columns);
    this.layOut(columns);
    this.#eraseRows();
    this.draw(false);
  }

  /** Gives the columns their widths, and draws nothing anew. */
  layOut(columns: readonly GridColumn[]): void {
    const isNarrow = this.root.clientWidth > 0 && this.root.clientWidth <= NARROW_PX;
    this.root.classList.toggle("narrow", isNarrow);
    this.root.style.setProperty("--tracks", columnTracks(columns, isNarrow));
  }

  /** Draws the rows in view, following the end when `follow` is set. */
  draw(follow: boolean): void {
    const { firstRow, endRow } = this.#source;
    this.#forgetHead(firstRow);
    this.#scroll.setSize((endRow - firstRow) * ROW_HEIGHT_PX, this.#viewPx);
    if (follow) this.#scroll.moveTo(Infinity);
    this.#body.style.height = `${this.#scroll.bodyPx}px`;
    setAttribute(this.root, "aria-rowcount", endRow - firstRow + 1);
    this.#moveRoot();
    const { first, end } = this.#view();
    for (const [row, { element: drawn }] of this.#drawn) {
      if (row >= first && row < end) continue;
      drawn.remove();
      this.#drawn.delete(row);
    }
    for (let row = first; row < end; row++) this.#drawRow(row);
    this.#mark();
    if (end > first) this.#events.looked(first, end);
  }

  select(row: number | undefined, reveal: boolean): void {
    this.#selected = row;
    if (row !== undefined && reveal) this.#reveal(row);
    this.draw(false);
    if (row !== undefined) this.#events.selected(row);
  }

  scrollToEnd(): void {
    this.draw(true);
  }

  #listen(): void {
    this.root.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.root.addEventListener("wheel", (event) => this.#wheeled(event), { passive: false });
    this.root.addEventListener("keydown", (event) => this.#keyed(event));
    this.#body.addEventListener("mousedown", (event) => this.#pointed(event));
    this.#body.addEventListener("dblclick", () => {
      if (this.#selected !== undefined) this.#events.opened(this.#selected);
    });
    openContextMenus(
      this.root,
      (target) => this.#contextOf(target),
      () => this.#currentElement(),
    );
    new ResizeObserver(() => {
      this.layOut(this.#columns);
      this.draw(false);
    }).observe(this.root);
  }

  get #viewPx(): number {
    return Math.max(0, this.root.clientHeight - HEAD_HEIGHT_PX);
  }

  /** Keeps the rows in view where they are when rows above them were forgotten. */
  #forgetHead(firstRow: number): void {
    const forgotten = firstRow - this.#firstRow;
    this.#firstRow = firstRow;
    const isGone =
      this.#selected !== undefined &&
      (this.#selected < firstRow || this.#selected >= this.#source.endRow);
    if (isGone) this.#selected = undefined;
    if (forgotten === 0) return;
    this.#eraseRows();
    if (forgotten > 0) this.#scroll.moveTo(this.#scroll.topPx - forgotten * ROW_HEIGHT_PX);
  }

  #eraseRows(): void {
    for (const { element: drawn } of this.#drawn.values()) drawn.remove();
    this.#drawn.clear();
  }

  #moveRoot(): void {
    const { scrollTop } = this.#scroll;
    if (Math.abs(this.root.scrollTop - scrollTop) > 0.5) this.root.scrollTop = scrollTop;
  }

  #view(): { first: number; end: number } {
    const { firstRow, endRow } = this.#source;
    const top = Math.floor(this.#scroll.topPx / ROW_HEIGHT_PX);
    const shown = Math.ceil(this.root.clientHeight / ROW_HEIGHT_PX);
    return {
      first: Math.max(firstRow, firstRow + top - OVERSCAN_ROWS),
      end: Math.min(endRow, firstRow + top + shown + OVERSCAN_ROWS),
    };
  }

  #drawRow(row: number): void {
    const message = this.#source.at(row);
    const known = this.#drawn.get(row);
    if (known !== undefined && known.message === message) {
      this.#place(known.element, row);
      return;
    }
    const made = drawRow(message, this.#columns, this.#strings);
    made.id = `row-${row}`;
    made.dataset["row"] = String(row);
    this.#place(made, row);
    setAttribute(made, "aria-rowindex", row - this.#firstRow + 2);
    known?.element.remove();
    const after = this.#drawn.get(row - 1)?.element;
    if (after === undefined) this.#body.prepend(made);
    else after.after(made);
    this.#drawn.set(row, { element: made, message });
  }

  #place(drawn: HTMLElement, row: number): void {
    const y = (row - this.#firstRow) * ROW_HEIGHT_PX - this.#scroll.shiftPx;
    const transform = `translateY(${y}px)`;
    if (drawn.style.transform !== transform) drawn.style.transform = transform;
  }

  #mark(): void {
    for (const [row, { element: drawn }] of this.#drawn) {
      setAttribute(drawn, "aria-selected", row === this.#selected ? "true" : "false");
    }
    for (const marked of this.#body.querySelectorAll(".current")) {
      marked.classList.remove("current");
      marked.removeAttribute("id");
    }
    const current = this.#currentElement();
    if (current !== undefined && this.#column !== undefined) {
      current.classList.add("current");
      current.id = "current-cell";
    }
    setAttribute(this.root, "aria-activedescendant", current?.id);
  }

  /** What the keyboard is at: a cell, or the row as a whole. */
  #currentElement(): HTMLElement | undefined {
    if (this.#selected === undefined) return undefined;
    const row = this.#drawn.get(this.#selected)?.element;
    if (row === undefined || this.#column === undefined) return row;
    return this.#cellOf(row, this.#column) ?? row;
  }

  #cellOf(row: HTMLElement, key: string): HTMLElement | undefined {
    const cells = [...row.querySelectorAll<HTMLElement>("[data-column]")];
    return cells.find((cell) => cell.dataset["column"] === key);
  }

  #reveal(row: number): void {
    const top = (row - this.#source.firstRow) * ROW_HEIGHT_PX;
    const room = this.#viewPx - ROW_HEIGHT_PX;
    this.#scroll.setSize(
      (this.#source.endRow - this.#source.firstRow) * ROW_HEIGHT_PX,
      this.#viewPx,
    );
    if (top < this.#scroll.topPx) this.#scroll.moveTo(top);
    else if (top > this.#scroll.topPx + room) this.#scroll.moveTo(top - room);
  }

  #scrolled(): void {
    if (!this.#scroll.scrolledTo(this.root.scrollTop)) return;
    const { firstRow, endRow } = this.#source;
    const endPx = (endRow - firstRow) * ROW_HEIGHT_PX - this.#viewPx;
    if (this.#scroll.topPx < endPx - 2 * ROW_HEIGHT_PX) this.#events.leftEnd();
    this.draw(false);
  }

  /** Where the scroll bar stands for more than its pixels, the wheel would go too far. */
  #wheeled(event: WheelEvent): void {
    if (!this.#scroll.isScaled || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    const isLines = event.deltaMode === WheelEvent.DOM_DELTA_LINE;
    this.#scroll.moveTo(this.#scroll.topPx + event.deltaY * (isLines ? ROW_HEIGHT_PX : 1));
    if (event.deltaY < 0) this.#events.leftEnd();
    this.draw(false);
  }

  #pointed(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const row = event.target.closest<HTMLElement>("[data-row]")?.dataset["row"];
    if (row === undefined) return;
    this.#column = undefined;
    this.select(Number(row), false);
  }

  #contextOf(target: Element): object | undefined {
    const key = target.closest<HTMLElement>("[data-column]")?.dataset["column"];
    const column = this.#columns.find((each) => columnKey(each) === key);
    if (target.closest(".head") !== null) {
      return { webviewSection: "column", column: key };
    }
    const row = target.closest<HTMLElement>("[data-row]")?.dataset["row"];
    const message = row === undefined ? undefined : this.#source.at(Number(row));
    if (message === undefined) return undefined;
    if (Number(row) !== this.#selected) this.select(Number(row), false);
    const { partition, offset } = message;
    const kind = column?.kind;
    return { webviewSection: "message", partition, offset, column: key, columnKind: kind };
  }

  #keyed(event: KeyboardEvent): void {
    if (this.#commanded(event) || this.#columnKeyed(event)) {
      event.preventDefault();
      return;
    }
    if (event.altKey || event.shiftKey) return;
    const { firstRow, endRow } = this.#source;
    const row = rowForKey(event.key, {
      at: this.#selected,
      firstRow,
      endRow,
      viewRow: Math.min(this.#view().first + OVERSCAN_ROWS, Math.max(firstRow, endRow - 1)),
      pageRows: Math.max(1, Math.floor(this.#viewPx / ROW_HEIGHT_PX) - 1),
    });
    if (row === undefined) return;
    event.preventDefault();
    if (row < endRow - 1) this.#events.leftEnd();
    this.select(row, true);
  }

  #commanded(event: KeyboardEvent): boolean {
    const at = this.#selected;
    if (at === undefined) return false;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c") {
      if (getSelection()?.isCollapsed === false) return false;
      const column = this.#columns.find((each) => columnKey(each) === this.#column);
      this.#events.copied(at, column);
      return true;
    }
    if (event.key !== "Enter" || event.target !== this.root) return false;
    this.#events.opened(at);
    return true;
  }

  /** Left and right go over the cells of the row; with Shift they make its column narrower and wider. */
  #columnKeyed(event: KeyboardEvent): boolean {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || event.ctrlKey || event.altKey || event.metaKey) return false;
    if (!event.shiftKey) {
      this.#column = besideColumn(this.#columns, this.#column, by === 1 ? 1 : -1);
      this.#mark();
      this.#currentElement()?.scrollIntoView({ block: "nearest", inline: "nearest" });
      return true;
    }
    const width = this.#column === undefined ? undefined : this.#head.widthOf(this.#column);
    if (this.#column === undefined || width === undefined) return false;
    this.#events.resized(this.#column, width + by * RESIZE_STEP_PX, true);
    return true;
  }
}
