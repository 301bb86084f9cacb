import type { GridFrom, GridStrings } from "../../runtime/api/view.ts";
import { element, setAttribute, setText } from "./dom.ts";
import { FromPicker } from "./from-picker.ts";
import { PartitionPicker } from "./partition-picker.ts";
import { fill } from "./text.ts";
import { keyIcon, volumeIcon } from "./icons.ts";
import { Toggle } from "./toggle.ts";

export interface ToolbarEvents {
  from(from: GridFrom): void;
  partition(partition: number | undefined): void;
  histogram(): void;
  latest(): void;
  live(): void;
  jump(): void;
}

/** What the toolbar shows beside its inputs. */
export interface ToolbarState {
  readonly live: "off" | "on" | "paused";
  readonly behind: number;
  readonly skipped: number;
  readonly counts: string;
  /** Partitions that the topic has. */
  readonly partitions: readonly number[];
  readonly partition: number | undefined;
  readonly histogram: boolean;
  readonly latest: boolean;
  readonly enabled: boolean;
}

/** The controls above the messages: where to read from, live, and how much is shown. */
export class Toolbar {
  readonly root: HTMLElement;
  readonly #strings: GridStrings;
  readonly #from: FromPicker;
  readonly #partition: PartitionPicker;
  readonly #histogram: Toggle;
  readonly #latest: Toggle;
  readonly #live: HTMLButtonElement;
  readonly #liveText: HTMLElement;
  readonly #behind: HTMLElement;
  readonly #skipped: HTMLElement;
  readonly #jump: HTMLButtonElement;
  readonly #counts: HTMLElement;

  constructor(strings: GridStrings, events: ToolbarEvents) {
    this.#strings = strings;
    this.#from = new FromPicker(strings, (from) => events.from(from));
    this.#partition = new PartitionPicker(strings, (partition) => events.partition(partition));
    this.#histogram = new Toggle(volumeIcon(), strings.showHistogram, () => events.histogram());
    this.#latest = new Toggle(keyIcon(), strings.latestPerKey, () => events.latest());
    this.#liveText = element("span", {}, strings.live);
    this.#live = element(
      "button",
      { type: "button", class: "live", "aria-pressed": "false" },
      element("span", { class: "dot", "aria-hidden": "true" }),
      this.#liveText,
    );
    this.#behind = element("span", { class: "behind" });
    this.#skipped = element("span", { class: "behind", title: strings.skippedWhy });
    this.#jump = element("button", { type: "button" }, strings.jumpToLatest);
    this.#counts = element("span", { class: "counts" });
    this.root = element(
      "div",
      { role: "toolbar", class: "toolbar", "aria-label": strings.toolbar },
      ...this.#from.parts,
      this.#partition.root,
      this.#histogram.root,
      this.#latest.root,
      element("span", { class: "gap" }),
      this.#counts,
      this.#skipped,
      this.#behind,
      this.#jump,
      this.#live,
    );
    this.#live.addEventListener("click", () => events.live());
    this.#jump.addEventListener("click", () => events.jump());
  }

  /** Puts a place to read from into the inputs. */
  setFrom(from: GridFrom): void {
    this.#from.show(from);
  }

  show(state: ToolbarState): void {
    const { live, behind, skipped, counts, partitions, partition, latest, enabled } = state;
    const strings = this.#strings;
    setText(this.#counts, counts);
    this.#from.setPartitions(partition === undefined ? partitions.length : 1);
    this.#from.setEnabled(enabled);
    this.#partition.show(partitions, partition, enabled);
    this.#histogram.show(state.histogram, enabled);
    this.#latest.show(latest, enabled);
    const count = (sentence: string, messages: number) =>
      messages > 0 && live !== "off" ? fill(sentence, messages.toLocaleString()) : "";
    setText(this.#behind, count(strings.behind, behind));
    setText(this.#skipped, count(strings.skipped, skipped));
    this.#jump.hidden = live !== "paused" || behind === 0;
    setText(this.#liveText, { off: strings.live, on: strings.pause, paused: strings.resume }[live]);
    setAttribute(this.#live, "title", live === "paused" ? strings.resumeWhy : undefined);
    setAttribute(this.#live, "aria-pressed", live === "on" ? "true" : "false");
    this.#live.dataset["live"] = live;
    // From the end back there is nothing to follow.
    this.#live.disabled = !enabled || latest;
  }
}
