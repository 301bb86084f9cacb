import type { GridFrom, GridStrings } from "../../runtime/api/view.ts";
import { element, setAttribute, setText } from "./dom.ts";
import { parseOffset, parseTime } from "./position.ts";
import { fill, localTime } from "./text.ts";

/** Messages of each partition that "last" begins with unless the person says otherwise. */
export const DEFAULT_LAST = 100;
/** Most that "last" may be asked for. */
const MAX_LAST = 100_000;

export interface ToolbarEvents {
  from(from: GridFrom): void;
  live(): void;
  jump(): void;
}

/** What the toolbar shows beside its inputs. */
export interface ToolbarState {
  readonly live: "off" | "on" | "paused";
  readonly behind: number;
  readonly counts: string;
  /** Partitions that are read; "the last N" is of each of them. */
  readonly partitions: number;
  readonly enabled: boolean;
}

/** The controls above the messages: where to read from, live, and how much is shown. */
export class Toolbar {
  readonly root: HTMLElement;
  readonly #strings: GridStrings;
  readonly #events: ToolbarEvents;
  readonly #kind: HTMLSelectElement;
  readonly #input: HTMLInputElement;
  readonly #each: HTMLElement;
  readonly #problem: HTMLElement;
  readonly #live: HTMLButtonElement;
  readonly #liveText: HTMLElement;
  readonly #behind: HTMLElement;
  readonly #jump: HTMLButtonElement;
  readonly #counts: HTMLElement;

  constructor(strings: GridStrings, events: ToolbarEvents) {
    this.#strings = strings;
    this.#events = events;
    const option = (value: GridFrom["kind"], text: string) => element("option", { value }, text);
    this.#kind = element(
      "select",
      { id: "from", "aria-label": strings.from },
      option("last", strings.fromLast),
      option("earliest", strings.fromEarliest),
      option("offset", strings.fromOffset),
      option("time", strings.fromTime),
    );
    this.#input = element("input", {
      type: "text",
      spellcheck: "false",
      "aria-describedby": "problem",
    });
    this.#each = element("span", { class: "each" }, strings.ofEach);
    this.#problem = element("span", { id: "problem", class: "problem", role: "alert" });
    this.#liveText = element("span", {}, strings.live);
    this.#live = element(
      "button",
      { type: "button", class: "live", "aria-pressed": "false" },
      element("span", { class: "dot", "aria-hidden": "true" }),
      this.#liveText,
    );
    this.#behind = element("span", { class: "behind" });
    this.#jump = element("button", { type: "button" }, strings.jumpToLatest);
    this.#counts = element("span", { class: "counts" });
    this.root = element(
      "div",
      { role: "toolbar", class: "toolbar", "aria-label": strings.toolbar },
      element("label", { for: "from" }, strings.from),
      this.#kind,
      element("span", { class: "field" }, this.#input, this.#problem),
      this.#each,
      element("span", { class: "gap" }),
      this.#counts,
      this.#behind,
      this.#jump,
      this.#live,
    );
    this.#kind.addEventListener("change", () => this.#chosen());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#submit();
    });
    this.#input.addEventListener("input", () => this.#say(""));
    this.#live.addEventListener("click", () => events.live());
    this.#jump.addEventListener("click", () => events.jump());
  }

  /** Puts a place to read from into the inputs. */
  setFrom(from: GridFrom): void {
    this.#kind.value = from.kind;
    this.#layOut(from.kind);
    if (from.kind === "last") this.#input.value = String(from.count);
    if (from.kind === "offset") this.#input.value = String(from.offset);
    if (from.kind === "time") this.#input.value = localTime(from.timestampMs);
    this.#say("");
  }

  show({ live, behind, counts, partitions, enabled }: ToolbarState): void {
    const strings = this.#strings;
    setText(this.#counts, counts);
    this.#each.hidden = partitions < 2 || this.#kind.value !== "last";
    const isBehind = behind > 0 && live !== "off";
    setText(this.#behind, isBehind ? fill(strings.behind, behind.toLocaleString()) : "");
    this.#jump.hidden = !isBehind;
    setText(this.#liveText, { off: strings.live, on: strings.pause, paused: strings.resume }[live]);
    setAttribute(this.#live, "aria-pressed", live === "on" ? "true" : "false");
    this.#live.dataset["live"] = live;
    this.#live.disabled = !enabled;
    this.#kind.disabled = !enabled;
    this.#input.disabled = !enabled;
  }

  #layOut(kind: string): void {
    this.#input.hidden = kind === "earliest";
    const words = {
      last: [this.#strings.count, "100"],
      offset: [this.#strings.fromOffset, this.#strings.offsetPlaceholder],
      time: [this.#strings.fromTime, this.#strings.timePlaceholder],
    }[kind];
    setAttribute(this.#input, "aria-label", words?.[0]);
    setAttribute(this.#input, "placeholder", words?.[1]);
    this.#input.dataset["kind"] = kind;
  }

  #chosen(): void {
    const kind = this.#kind.value;
    this.#layOut(kind);
    this.#say("");
    if (kind === "earliest") {
      this.#events.from({ kind });
      return;
    }
    this.#input.value = kind === "last" ? String(DEFAULT_LAST) : "";
    if (kind === "last") this.#submit();
    else this.#input.focus();
  }

  #submit(): void {
    const text = this.#input.value;
    switch (this.#kind.value) {
      case "last": {
        const count = parseOffset(text);
        if (count === undefined || count < 1) this.#say(this.#strings.offsetInvalid);
        else this.#take({ kind: "last", count: Math.min(count, MAX_LAST) });
        return;
      }
      case "offset": {
        const offset = parseOffset(text);
        if (offset === undefined) this.#say(this.#strings.offsetInvalid);
        else this.#take({ kind: "offset", offset });
        return;
      }
      case "time": {
        const timestampMs = parseTime(text);
        if (timestampMs === undefined) this.#say(this.#strings.timeInvalid);
        else this.#take({ kind: "time", timestampMs });
        return;
      }
      default:
        this.#take({ kind: "earliest" });
    }
  }

  #take(from: GridFrom): void {
    this.#say("");
    this.#events.from(from);
  }

  #say(problem: string): void {
    setText(this.#problem, problem);
    setAttribute(this.#input, "aria-invalid", problem === "" ? undefined : "true");
  }
}
