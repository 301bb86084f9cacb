import { type GridColumn, resizedColumn } from "../../runtime/api/grid-columns.ts";
import { MAX_FIELD_BYTES, type ReadResult } from "../../runtime/api/lab.ts";
import type { MessageFilter, PartitionSummary } from "../../runtime/api/model.ts";
import type { LatestResult } from "../../runtime/api/survey.ts";
import type {
  GridCounts,
  GridHost,
  GridState,
  GridStrings,
  LabAvailability,
  MessageRef,
} from "../../runtime/api/view.ts";
import { Bars, type BarsPorts } from "./bars.ts";
import { drawnColumns } from "./column-layout.ts";
import { element, setText } from "./dom.ts";
import { Frames } from "./frames.ts";
import { DEFAULT_LAST } from "./from-picker.ts";
import { Placeholder } from "./placeholder.ts";
import { Reader, type ReadRequest } from "./reader.ts";
import { RowList } from "./row-list.ts";
import { LatestSource, messageSource, type PageSource } from "./sources.ts";
import { isSearch, type Standing, type StandingAction, wordsOf } from "./standing.ts";

/** Rows left below the view when the next page is asked for. */
const READ_AHEAD_ROWS = 300;

export interface GridViewPorts extends Pick<BarsPorts, "check" | "command" | "histogram"> {
  read(request: ReadRequest, signal: AbortSignal): Promise<ReadResult>;
  latest(
    request: GridHost["requests"]["grid/latest"]["params"],
    signal: AbortSignal,
  ): Promise<LatestResult>;
  open(message: MessageRef): Promise<unknown>;
  copy(message: MessageRef, column: GridColumn): Promise<unknown>;
  startLab(): Promise<unknown>;
  /** What the grid shows is different now. */
  stateChanged(state: GridState): void;
}

/** The message grid: bars, notice, rows. Draws at most once per frame however much arrives. */
export class GridView {
  readonly #ports: GridViewPorts;
  readonly #strings: GridStrings;
  readonly #reader: Reader;
  readonly #bars: Bars;
  readonly #list: RowList;
  readonly #notice = element("div", { class: "notice", role: "status" });
  readonly #placeholder = new Placeholder((action) => this.#act(action));
  readonly #frames = new Frames(() => this.#drawNow());
  #source: PageSource;
  #state: GridState;
  #lab: LabAvailability = "stopped";
  /** Of all partitions of the topic, read or not. */
  #extents: readonly PartitionSummary[] | undefined;
  #wanted: MessageRef | undefined;
  #isNew = true;
  /** Reading the newest messages: the view is at the last of them until all have come. */
  #comesToEnd = false;

  constructor(root: HTMLElement, strings: GridStrings, state: GridState, ports: GridViewPorts) {
    this.#ports = ports;
    this.#strings = strings;
    this.#state = state;
    this.#source = messageSource((request, signal) => ports.read(request, signal));
    this.#reader = new Reader({
      read: (request, signal) => this.#source.read(request, signal),
      drawn: (leastMs) => this.#frames.drawn(leastMs),
      changed: () => this.#frames.ask(),
      nowMs: () => performance.now(),
    });
    this.#bars = this.#createBars();
    this.#list = this.#createList();
    root.replaceChildren(
      ...this.#bars.roots,
      this.#notice,
      this.#list.root,
      this.#placeholder.root,
    );
    root.addEventListener("keydown", (event) => this.#keyed(event));
    this.#wanted = state.selected;
  }

  /** Follows the lab: reads when it runs, keeps the rows and says so when it does not. */
  setLab(lab: LabAvailability): void {
    const wasRunning = this.#lab === "running";
    this.#lab = lab;
    if (lab === "running" && !wasRunning) {
      this.#begin(this.#state, this.#wanted ?? this.#state.selected);
      this.#bars.begin();
    }
    if (lab !== "running") this.#reader.stop();
    this.#frames.ask();
  }

  setExtents(extents: readonly PartitionSummary[] | undefined): void {
    this.#extents = extents;
    const wasEmpty = this.#reader.store.endRow === this.#reader.store.firstRow;
    const { partition } = this.#state;
    this.#reader.setExtents(
      extents?.filter((one) => partition === undefined || one.partition === partition),
    );
    const isIdle = !this.#reader.loading && this.#reader.live === "off";
    if (wasEmpty && isIdle && this.#reader.behind > 0) this.#reader.more();
  }

  /** Reads from another place, and selects a message there once it has been read. */
  show(state: GridState, select: MessageRef | undefined): void {
    this.#begin(state, select);
  }

  /** Shows the messages that a filter wants, which is known to be good. */
  applyFilter(filter: MessageFilter): void {
    this.#begin({ ...this.#state, filter, live: false });
  }

  /** Fields need more of the messages than the other columns do, which then are read anew. */
  setColumns(columns: readonly GridColumn[]): void {
    const needsMore = this.#needsFields(columns) && this.#reader.plan.fieldBytes === undefined;
    if (needsMore) this.#begin({ ...this.#state, columns }, this.#state.selected);
    else {
      this.#change({ columns });
      this.#list.setColumns(drawnColumns(columns, this.#state.partition !== undefined));
    }
  }

  get writtenFilter(): MessageFilter | undefined {
    return this.#bars.writtenFilter;
  }

  get counts(): GridCounts {
    const { live, store, scanned, skipped, behind, atEnd } = this.#reader;
    return { live, shown: store.endRow, scanned, skipped, behind, atEnd };
  }

  focusFilter(): void {
    this.#bars.focusFilter();
  }

  #createBars(): Bars {
    const { check, command, histogram } = this.#ports;
    return new Bars(this.#strings, this.#state, {
      check,
      command,
      histogram,
      changed: () => this.#frames.ask(),
      wants: (change) => this.#wants(change),
      toggleLive: () => this.#toggleLive(),
      jump: () => this.#follow(() => this.#reader.jump()),
      stop: () => this.#stop(),
      left: () => this.#list.root.focus(),
    });
  }

  #createList(): RowList {
    return new RowList(this.#strings, this.#reader.store, {
      looked: (first, end) => this.#looked(first, end),
      leftEnd: () => {
        this.#comesToEnd = false;
        this.#pause();
      },
      selected: (row) => this.#selected(row),
      opened: (row) => this.#with(row, (message) => this.#ports.open(message)),
      copied: (row, column) =>
        this.#with(row, async (message) => {
          await this.#ports.copy(message, column ?? { kind: "value", widthPx: undefined });
          setText(this.#notice, this.#strings.copied);
        }),
      resized: (key, widthPx, isDone) => this.#resized(key, widthPx, isDone),
    });
  }

  #needsFields(columns: readonly GridColumn[]): boolean {
    return columns.some(({ kind }) => kind === "field");
  }

  #resized(key: string, widthPx: number | undefined, isDone: boolean): void {
    const columns = resizedColumn(this.#state.columns, key, widthPx);
    this.#list.layOut(drawnColumns(columns, this.#state.partition !== undefined));
    if (isDone) this.#change({ columns });
  }

  #begin(state: GridState, select?: MessageRef): void {
    this.#state = { ...state, selected: select };
    this.#wanted = select;
    this.#isNew = true;
    setText(this.#notice, "");
    // The extension adds topic and partition to what is asked from now on.
    this.#ports.stateChanged(this.#state);
    this.#bars.show(this.#state);
    this.#list.select(undefined, false);
    this.#list.setColumns(drawnColumns(state.columns, state.partition !== undefined));
    if (this.#lab !== "running") return;
    const { from, live, filter, times, latest } = state;
    const fieldBytes = this.#needsFields(state.columns) ? MAX_FIELD_BYTES : undefined;
    this.#source = latest
      ? new LatestSource((request, signal) => this.#ports.latest(request, signal))
      : messageSource((request, signal) => this.#ports.read(request, signal));
    this.#reader.start({ from, live, filter, times, latest, fieldBytes, wanted: select });
  }

  /** Volume over time is beside the messages; everything else is about which messages are read. */
  #wants(change: Partial<GridState>): void {
    const { histogram, ...others } = change;
    if (Object.keys(others).length > 0) {
      // Another place to read from is not within the times that were chosen.
      const times = "from" in change && !("times" in change) ? undefined : this.#state.times;
      const live = this.#reader.live === "on";
      this.#begin({ ...this.#state, times, live, ...change });
      return;
    }
    this.#change({ histogram: histogram === true });
    this.#bars.show(this.#state);
    this.#frames.ask();
  }

  #change(change: Partial<GridState>): void {
    this.#state = { ...this.#state, ...change };
    this.#ports.stateChanged(this.#state);
  }

  #selected(row: number): void {
    const message = this.#reader.store.at(row);
    if (message === undefined) return;
    const { partition, offset } = message;
    const { selected } = this.#state;
    if (selected?.partition === partition && selected.offset === offset) return;
    this.#change({ selected: { partition, offset } });
  }

  #toggleLive(): void {
    switch (this.#reader.live) {
      case "on":
        this.#pause();
        return;
      case "paused":
        this.#follow(() => this.#reader.resume());
        return;
      case "off": {
        if (this.#reader.atEnd) {
          this.#follow(() => this.#reader.resume());
          return;
        }
        const { from } = this.#state;
        const last = from.kind === "last" ? from : ({ kind: "last", count: DEFAULT_LAST } as const);
        this.#begin({ ...this.#state, from: last, live: true });
      }
    }
  }

  #follow(how: () => void): void {
    this.#change({ live: true });
    how();
    this.#list.scrollToEnd();
  }

  #pause(): void {
    if (this.#reader.live !== "on") return;
    this.#reader.pause();
    this.#change({ live: false });
  }

  /** Ends a search that is under way; false when there is none. */
  #stop(): boolean {
    if (!this.#isSearching) return false;
    this.#reader.cancel();
    return true;
  }

  get #isSearching(): boolean {
    const { loading, live, plan } = this.#reader;
    return loading && live === "off" && isSearch(plan);
  }

  #keyed(event: KeyboardEvent): void {
    const isFind = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f";
    if (isFind) this.#bars.focusFilter();
    else if (event.key !== "Escape" || event.defaultPrevented || !this.#stop()) return;
    event.preventDefault();
  }

  #looked(first: number, end: number): void {
    this.#reader.look(first, end);
    if (this.#lab === "running" && end + READ_AHEAD_ROWS >= this.#reader.store.endRow) {
      this.#reader.more();
    }
  }

  #with(row: number, action: (message: MessageRef) => Promise<unknown>): void {
    const message = this.#reader.store.at(row);
    if (message === undefined) return;
    setText(this.#notice, "");
    action({ partition: message.partition, offset: message.offset }).catch((error: unknown) =>
      setText(this.#notice, error instanceof Error ? error.message : String(error)),
    );
  }

  #drawNow(): void {
    const { firstRow, endRow } = this.#reader.store;
    const isEmpty = endRow === firstRow;
    const isFirst = this.#isNew && !isEmpty;
    if (isFirst) {
      this.#isNew = false;
      this.#comesToEnd = this.#state.from.kind === "last" && this.#wanted === undefined;
    }
    // The list is shown before it is drawn: an element that is not shown has no height to fill.
    this.#list.root.hidden = isEmpty;
    const standing = this.#standing();
    this.#placeholder.show(wordsOf(standing, this.#strings), !isEmpty);
    const follows = this.#reader.live === "on" || this.#comesToEnd;
    this.#list.draw(follows);
    this.#chooseSelection(isFirst, follows);
    if (!this.#reader.loading) this.#comesToEnd = false;
    this.#bars.draw(this.#reader, standing, this.#extents, this.#isSearching);
  }

  /** Selects the message that is wanted as soon as it is there, and else the first or the last one. */
  #chooseSelection(isFirst: boolean, follows: boolean): void {
    const { firstRow, endRow } = this.#reader.store;
    if (this.#wanted !== undefined) {
      const row = this.#reader.store.rowOf(this.#wanted.partition, this.#wanted.offset);
      if (row === undefined && this.#reader.loading) return;
      this.#wanted = undefined;
      if (endRow > firstRow)
        this.#select(row ?? (this.#state.from.kind === "last" ? endRow - 1 : firstRow));
    } else if (isFirst || this.#comesToEnd) {
      this.#select(follows ? endRow - 1 : firstRow);
    }
  }

  #select(row: number): void {
    this.#list.select(row, true);
    const { activeElement } = document;
    const isElsewhere = this.#bars.roots.some((bar) => bar.contains(activeElement));
    if (!isElsewhere) this.#list.root.focus();
  }

  #standing(): Standing {
    const reader = this.#reader;
    const { firstRow, endRow } = reader.store;
    return {
      lab: this.#lab,
      plan: reader.plan,
      live: reader.live,
      loading: reader.loading,
      atEnd: reader.atEnd,
      halt: reader.halt,
      error: reader.error,
      rows: endRow - firstRow,
      scanned: reader.scanned,
      total: reader.total,
      left: reader.left,
      extents: reader.extents,
      next: reader.next,
      isOnePartition: this.#state.partition !== undefined,
    };
  }

  #act(action: StandingAction): void {
    switch (action) {
      case "startLab":
        this.#ports.startLab().catch((error: unknown) => setText(this.#notice, String(error)));
        return;
      case "goOn":
        this.#reader.goOn();
        this.#list.root.focus();
        return;
      case "fromEarliest":
        this.#begin({ ...this.#state, from: { kind: "earliest" }, times: undefined, live: false });
    }
  }
}
