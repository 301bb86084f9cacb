import type { GridFrom, GridStrings } from "../../runtime/api/view.ts";
import { element, setAttribute, setText } from "./dom.ts";
import { parseOffset, parseTime } from "./position.ts";
import { localTime } from "./text.ts";

/** Messages of each partition that "last" begins with unless the person says otherwise. */
export const DEFAULT_LAST = 100;
/** Most that "last" may be asked for. */
const MAX_LAST = 100_000;

/** Where to read from: a kind of place, and what it needs to be exact. */
export class FromPicker {
  readonly parts: readonly HTMLElement[];
  readonly #strings: GridStrings;
  readonly #chosen: (from: GridFrom) => void;
  readonly #kind: HTMLSelectElement;
  readonly #input: HTMLInputElement;
  readonly #each: HTMLElement;
  readonly #problem: HTMLElement;

  constructor(strings: GridStrings, chosen: (from: GridFrom) => void) {
    this.#strings = strings;
    this.#chosen = chosen;
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
    this.parts = [
      element("label", { for: "from" }, strings.from),
      this.#kind,
      element("span", { class: "field" }, this.#input, this.#problem),
      this.#each,
    ];
    this.#kind.addEventListener("change", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#submit();
    });
    this.#input.addEventListener("input", () => this.#say(""));
  }

  /** Puts a place to read from into the inputs. */
  show(from: GridFrom): void {
    this.#kind.value = from.kind;
    this.#layOut(from.kind);
    if (from.kind === "last") this.#input.value = String(from.count);
    if (from.kind === "offset") this.#input.value = String(from.offset);
    if (from.kind === "time") this.#input.value = localTime(from.timestampMs);
    this.#say("");
  }

  /** "The last N" is of each of the partitions that are read. */
  setPartitions(count: number): void {
    this.#each.hidden = count < 2 || this.#kind.value !== "last";
  }

  setEnabled(isEnabled: boolean): void {
    this.#kind.disabled = !isEnabled;
    this.#input.disabled = !isEnabled;
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

  #changed(): void {
    const kind = this.#kind.value;
    this.#layOut(kind);
    this.#say("");
    if (kind === "earliest") {
      this.#chosen({ kind });
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
    this.#chosen(from);
  }

  #say(problem: string): void {
    setText(this.#problem, problem);
    setAttribute(this.#input, "aria-invalid", problem === "" ? undefined : "true");
  }
}
