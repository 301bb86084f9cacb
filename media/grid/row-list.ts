import type { Message } from "../../runtime/api/model.ts";
import type { GridStrings } from "../../runtime/api/view.ts";
import { element, setAttribute } from "./dom.ts";
import { COLUMNS, drawHead, drawRow } from "./row.ts";

/** Height of every row; grid.css has the same. */
export const ROW_HEIGHT_PX = 22;
/** Rows drawn above and below the ones in view. */
const OVERSCAN_ROWS = 12;

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
  copied(row: number): void;
}

/** A list of rows of one height of which only those in view exist in the document. */
export class RowList {
  readonly root: HTMLElement;
  readonly #body: HTMLElement;
  readonly #strings: GridStrings;
  readonly #source: RowSource;
  readonly #events: RowListEvents;
  readonly #drawn = new Map<number, { element: HTMLElement; message: Message | undefined }>();
  #firstRow = 0;
  #selected: number | undefined;

  constructor(strings: GridStrings, source: RowSource, events: RowListEvents) {
    this.#strings = strings;
    this.#source = source;
    this.#events = events;
    const titles = COLUMNS.map((column) => drawHead(column, strings));
    this.#body = element("div", { role: "rowgroup", class: "body" });
    this.root = element(
      "div",
      {
        role: "grid",
        class: "grid",
        tabindex: 0,
        "aria-label": strings.grid,
        "aria-colcount": COLUMNS.length,
        "aria-readonly": "true",
      },
      element(
        "div",
        { role: "rowgroup", class: "head" },
        element("div", { role: "row", "aria-rowindex": 1, class: "row" }, ...titles),
      ),
      this.#body,
    );
    this.root.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.root.addEventListener("keydown", (event) => this.#keyed(event));
    this.#body.addEventListener("mousedown", (event) => this.#pointed(event));
    this.#body.addEventListener("dblclick", () => {
      if (this.#selected !== undefined) this.#events.opened(this.#selected);
    });
    new ResizeObserver(() => this.draw(false)).observe(this.root);
  }

  get selected(): number | undefined {
    return this.#selected;
  }

  /** Draws the rows in view, following the end when `follow` is set. */
  draw(follow: boolean): void {
    const { firstRow, endRow } = this.#source;
    this.#forgetHead(firstRow);
    this.#body.style.height = `${(endRow - firstRow) * ROW_HEIGHT_PX}px`;
    setAttribute(this.root, "aria-rowcount", endRow - firstRow + 1);
    if (follow) this.root.scrollTop = this.root.scrollHeight;
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
    this.root.scrollTop = this.root.scrollHeight;
    this.draw(false);
  }

  /** Keeps the rows in view where they are when rows above them were forgotten. */
  #forgetHead(firstRow: number): void {
    const forgotten = firstRow - this.#firstRow;
    this.#firstRow = firstRow;
    if (this.#selected !== undefined && this.#selected < firstRow) this.#selected = undefined;
    if (this.#selected !== undefined && this.#selected >= this.#source.endRow) {
      this.#selected = undefined;
    }
    if (forgotten === 0) return;
    for (const { element: drawn } of this.#drawn.values()) drawn.remove();
    this.#drawn.clear();
    if (forgotten > 0) this.root.scrollTop -= forgotten * ROW_HEIGHT_PX;
  }

  #view(): { first: number; end: number } {
    const { firstRow, endRow } = this.#source;
    const top = Math.floor(this.root.scrollTop / ROW_HEIGHT_PX);
    const shown = Math.ceil(this.root.clientHeight / ROW_HEIGHT_PX);
    return {
      first: Math.max(firstRow, firstRow + top - OVERSCAN_ROWS),
      end: Math.min(endRow, firstRow + top + shown + OVERSCAN_ROWS),
    };
  }

  #drawRow(row: number): void {
    const message = this.#source.at(row);
    const known = this.#drawn.get(row);
    if (known !== undefined && known.message === message) return;
    const made = drawRow(message, this.#strings);
    made.id = `row-${row}`;
    made.dataset["row"] = String(row);
    made.style.transform = `translateY(${(row - this.#firstRow) * ROW_HEIGHT_PX}px)`;
    setAttribute(made, "aria-rowindex", row - this.#firstRow + 2);
    known?.element.remove();
    const after = this.#drawn.get(row - 1)?.element;
    if (after === undefined) this.#body.prepend(made);
    else after.after(made);
    this.#drawn.set(row, { element: made, message });
  }

  #mark(): void {
    for (const [row, { element: drawn }] of this.#drawn) {
      setAttribute(drawn, "aria-selected", row === this.#selected ? "true" : "false");
    }
    const isDrawn = this.#selected !== undefined && this.#drawn.has(this.#selected);
    setAttribute(this.root, "aria-activedescendant", isDrawn ? `row-${this.#selected}` : undefined);
  }

  #reveal(row: number): void {
    const top = (row - this.#source.firstRow) * ROW_HEIGHT_PX;
    const room = this.root.clientHeight - 2 * ROW_HEIGHT_PX;
    if (top < this.root.scrollTop) this.root.scrollTop = top;
    else if (top > this.root.scrollTop + room) this.root.scrollTop = top - room;
  }

  #scrolled(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.root;
    if (scrollTop + clientHeight < scrollHeight - 2 * ROW_HEIGHT_PX) this.#events.leftEnd();
    this.draw(false);
  }

  #pointed(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const row = event.target.closest<HTMLElement>("[data-row]")?.dataset["row"];
    if (row !== undefined) this.select(Number(row), false);
  }

  #keyed(event: KeyboardEvent): void {
    const { firstRow, endRow } = this.#source;
    const at = this.#selected;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c") {
      if (at === undefined || getSelection()?.isCollapsed === false) return;
      this.#events.copied(at);
    } else if (event.key === "Enter" && at !== undefined) {
      this.#events.opened(at);
    } else {
      const target = this.#targetOf(event.key);
      if (target === undefined || endRow === firstRow || event.ctrlKey || event.altKey) return;
      const row = Math.min(endRow - 1, Math.max(firstRow, target));
      if (row < endRow - 1) this.#events.leftEnd();
      this.select(row, true);
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** The row a key goes to, before it is bounded by the list. */
  #targetOf(key: string): number | undefined {
    const { firstRow, endRow } = this.#source;
    const page = Math.max(1, Math.floor(this.root.clientHeight / ROW_HEIGHT_PX) - 2);
    const at = this.#selected;
    switch (key) {
      case "ArrowDown":
        return at === undefined ? this.#view().first : at + 1;
      case "ArrowUp":
        return at === undefined ? endRow - 1 : at - 1;
      case "PageDown":
        return (at ?? firstRow) + page;
      case "PageUp":
        return (at ?? endRow) - page;
      case "Home":
        return firstRow;
      case "End":
        return endRow - 1;
      default:
        return undefined;
    }
  }
}
