import type { PartitionSummary } from "../../runtime/api/model.ts";
import type {
  GridFrom,
  GridState,
  GridStrings,
  LabAvailability,
  MessageRef,
} from "../../runtime/api/view.ts";
import { element, setText } from "./dom.ts";
import { Reader, type ReaderPorts } from "./reader.ts";
import { RowList } from "./row-list.ts";
import { fill, localTime } from "./text.ts";
import { DEFAULT_LAST, Toolbar } from "./toolbar.ts";

/** Rows left below the view when the next page is asked for. */
const READ_AHEAD_ROWS = 300;

export interface GridViewPorts extends Pick<ReaderPorts, "read" | "decode"> {
  open(message: MessageRef): Promise<unknown>;
  copy(message: MessageRef): Promise<unknown>;
  startLab(): Promise<unknown>;
  /** The person chose another place or turned live on or off. */
  stateChanged(state: GridState): void;
}

/** The message grid: toolbar, notice, rows. Draws at most once per frame however much arrives. */
export class GridView {
  readonly #ports: GridViewPorts;
  readonly #strings: GridStrings;
  readonly #reader: Reader;
  readonly #toolbar: Toolbar;
  readonly #list: RowList;
  readonly #notice = element("div", { class: "notice", role: "status" });
  readonly #placeholder = element("div", { class: "placeholder", role: "status" });
  #state: GridState;
  #lab: LabAvailability;
  #wanted: MessageRef | undefined;
  #isNew = true;
  /** Reading the newest messages: the view is at the last of them until all have come. */
  #comesToEnd = false;
  #isDue = false;
  #waiting: (() => void)[] = [];

  constructor(root: HTMLElement, strings: GridStrings, state: GridState, ports: GridViewPorts) {
    this.#ports = ports;
    this.#strings = strings;
    this.#state = state;
    this.#lab = "stopped";
    this.#reader = new Reader({
      ...ports,
      drawn: () => new Promise((resolve) => this.#waiting.push(resolve)),
      changed: () => this.#draw(),
    });
    this.#toolbar = new Toolbar(strings, {
      from: (from) => this.#begin({ ...this.#state, from, live: false }, undefined),
      live: () => this.#toggleLive(),
      jump: () => this.#begin(this.#liveState(), undefined),
    });
    this.#list = new RowList(strings, this.#reader.store, {
      looked: (first, end) => this.#looked(first, end),
      leftEnd: () => {
        this.#comesToEnd = false;
        this.#pause();
      },
      selected: () => undefined,
      opened: (row) => this.#with(row, (message) => ports.open(message)),
      copied: (row) =>
        this.#with(row, async (message) => {
          await ports.copy(message);
          setText(this.#notice, strings.copied);
        }),
    });
    root.classList.toggle("one-partition", state.partition !== undefined);
    root.replaceChildren(this.#toolbar.root, this.#notice, this.#list.root, this.#placeholder);
    this.#toolbar.setFrom(state.from);
  }

  /** Follows the lab: reads when it runs, keeps the rows and says so when it does not. */
  setLab(lab: LabAvailability): void {
    const wasRunning = this.#lab === "running";
    this.#lab = lab;
    if (lab === "running" && !wasRunning) this.#begin(this.#state, this.#wanted);
    if (lab !== "running") this.#reader.stop();
    this.#draw();
  }

  setExtents(extents: readonly PartitionSummary[] | undefined): void {
    const wasEmpty = this.#reader.store.endRow === this.#reader.store.firstRow;
    this.#reader.setExtents(extents);
    const isIdle = !this.#reader.loading && this.#reader.live === "off";
    if (wasEmpty && isIdle && this.#reader.behind > 0) this.#reader.more();
  }

  /** Reads from another place, and selects a message there once it has been read. */
  show(state: GridState, select: MessageRef | undefined): void {
    this.#toolbar.setFrom(state.from);
    this.#begin(state, select);
  }

  #begin(state: GridState, select: MessageRef | undefined): void {
    this.#state = state;
    this.#wanted = select;
    this.#isNew = true;
    setText(this.#notice, "");
    this.#toolbar.setFrom(state.from);
    this.#list.select(undefined, false);
    this.#ports.stateChanged(state);
    if (this.#lab === "running") this.#reader.start(state.from, state.live);
  }

  #liveState(): GridState {
    const from: GridFrom =
      this.#state.from.kind === "last" ? this.#state.from : { kind: "last", count: DEFAULT_LAST };
    return { ...this.#state, from, live: true };
  }

  #toggleLive(): void {
    switch (this.#reader.live) {
      case "on":
        this.#pause();
        return;
      case "paused":
        this.#follow();
        return;
      case "off":
        if (this.#reader.atEnd) this.#follow();
        else this.#begin(this.#liveState(), undefined);
        return;
    }
  }

  #follow(): void {
    this.#state = { ...this.#state, live: true };
    this.#ports.stateChanged(this.#state);
    this.#reader.resume();
    this.#list.scrollToEnd();
  }

  #pause(): void {
    if (this.#reader.live !== "on") return;
    this.#reader.pause();
    this.#state = { ...this.#state, live: false };
    this.#ports.stateChanged(this.#state);
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

  #draw(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.#drawNow();
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
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
    this.#drawNotices(isEmpty);
    const follows = this.#reader.live === "on" || this.#comesToEnd;
    this.#list.draw(follows);
    if (isFirst || this.#comesToEnd) this.#selectFirst(follows ? endRow - 1 : firstRow);
    if (!this.#reader.loading) this.#comesToEnd = false;
    this.#toolbar.show({
      live: this.#reader.live,
      behind: this.#reader.behind,
      counts: this.#counts(endRow - firstRow),
      partitions: this.#reader.extents?.length ?? 0,
      enabled: this.#lab === "running",
    });
  }

  #selectFirst(otherwise: number): void {
    const wanted = this.#wanted;
    const row = wanted && this.#reader.store.rowOf(wanted.partition, wanted.offset);
    this.#wanted = undefined;
    this.#list.select(row ?? otherwise, true);
    if (!this.#toolbar.root.contains(document.activeElement)) this.#list.root.focus();
  }

  #counts(rows: number): string {
    if (this.#reader.extents === undefined) return "";
    return fill(
      this.#strings.showing,
      rows.toLocaleString(),
      this.#reader.total.toLocaleString(),
      this.#reader.scanned.toLocaleString(),
    );
  }

  #drawNotices(isEmpty: boolean): void {
    const { error, extents, loading } = this.#reader;
    const isGone = extents === undefined && !loading;
    this.#placeholder.hidden =
      !isEmpty && this.#lab === "running" && error === undefined && !isGone;
    this.#placeholder.classList.toggle("banner", !isEmpty);
    this.#list.root.hidden = isEmpty;
    const [text, button] = this.#placeholderText();
    const key = `${text}|${button?.title ?? ""}`;
    if (this.#placeholder.dataset["key"] === key) return;
    this.#placeholder.dataset["key"] = key;
    const children: (Node | string)[] = [element("p", {}, text)];
    if (button !== undefined) {
      const made = element("button", { type: "button", class: "primary" }, button.title);
      made.addEventListener("click", button.run);
      children.push(made);
    }
    this.#placeholder.replaceChildren(...children);
  }

  #placeholderText(): [string, { title: string; run: () => void }?] {
    const strings = this.#strings;
    if (this.#lab === "starting") return [strings.labStarting];
    if (this.#lab === "stopped") {
      return [strings.labStopped, { title: strings.startLab, run: () => this.#startLab() }];
    }
    const { error } = this.#reader;
    if (error?.canRetry === false) return [error.message];
    if (error !== undefined) {
      return [error.message, { title: strings.retry, run: () => this.#reader.retry() }];
    }
    if (this.#reader.live === "on" && this.#reader.atEnd) return [strings.waiting];
    if (this.#reader.loading) return [strings.loading];
    return [this.#nothingText()];
  }

  /** Why there is no row: the topic is empty, or the place lies outside of what it holds. */
  #nothingText(): string {
    const strings = this.#strings;
    const { extents, from } = this.#reader;
    if (extents === undefined) return strings.topicGone;
    if (this.#reader.total === 0) {
      return this.#state.partition === undefined ? strings.emptyTopic : strings.emptyPartition;
    }
    const end = Math.max(...extents.map((extent) => extent.endOffset));
    if (from.kind === "offset" && from.offset >= end) {
      return fill(strings.beyondEnd, from.offset.toLocaleString(), (end - 1).toLocaleString());
    }
    return from.kind === "time"
      ? fill(strings.noMessagesFrom, localTime(from.timestampMs))
      : strings.atEnd;
  }

  #startLab(): void {
    this.#ports.startLab().catch((error: unknown) => setText(this.#notice, String(error)));
  }
}
