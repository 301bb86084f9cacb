import type { FilterFault } from "../../runtime/api/lab.ts";
import type { MessageFilter, SearchedPart } from "../../runtime/api/model.ts";
import type { GridCommand, GridStrings } from "../../runtime/api/view.ts";
import { element, setAttribute, setText } from "./dom.ts";
import {
  checked,
  cleared,
  edited,
  filterOf,
  type FilterDraft,
  type FilterState,
  piecesOf,
  shownFilter,
  submitted,
} from "./filter-state.ts";
import { bookmarkIcon, closeIcon, columnsIcon } from "./icons.ts";
import { Toggle } from "./toggle.ts";

/** How long after the last key a filter is checked. */
const CHECK_AFTER_MS = 150;
/** Longest filter that the lab takes, in UTF-16 units. */
const MAX_FILTER_LENGTH = 10_000;
const PARTS: readonly SearchedPart[] = ["anywhere", "key", "value", "headers"];

export interface FilterBarPorts {
  /** What is wrong with a filter. */
  check(filter: MessageFilter): Promise<readonly FilterFault[]>;
  /** These messages are wanted from now on; all when undefined. */
  applied(filter: MessageFilter | undefined): void;
  /** Ends a search that is under way; false when there is none. */
  stop(): boolean;
  /** The person is done here. */
  left(): void;
  command(name: GridCommand): void;
}

/** The line in which messages are filtered: as the find widget of the editor, and checked while one types. */
export class FilterBar {
  readonly root: HTMLElement;
  readonly #strings: GridStrings;
  readonly #ports: FilterBarPorts;
  readonly #input: HTMLInputElement;
  readonly #marks = element("div", { class: "marks", "aria-hidden": "true" });
  readonly #problem = element("div", { id: "filter-problem", class: "problem", role: "alert" });
  readonly #hint: HTMLElement;
  readonly #case: Toggle;
  readonly #regexp: Toggle;
  readonly #sql: Toggle;
  readonly #part: HTMLSelectElement;
  readonly #clear: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  #state: FilterState = shownFilter(undefined);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(strings: GridStrings, ports: FilterBarPorts) {
    this.#strings = strings;
    this.#ports = ports;
    this.#input = element("input", {
      type: "text",
      id: "filter",
      spellcheck: "false",
      autocomplete: "off",
      maxlength: MAX_FILTER_LENGTH,
      "aria-label": strings.filter,
      "aria-describedby": "filter-problem filter-hint",
    });
    this.#hint = element("div", { id: "filter-hint", class: "hint" }, strings.filterSqlHint);
    this.#case = new Toggle("Aa", strings.matchCase, () =>
      this.#edit({ matchCase: !this.#state.draft.matchCase }),
    );
    this.#regexp = new Toggle(".*", strings.useRegexp, () => this.#toggleMode("regexp"));
    this.#sql = new Toggle("SQL", strings.useSql, () => this.#toggleMode("sql"));
    const words = {
      anywhere: strings.inAnywhere,
      key: strings.inKey,
      value: strings.inValue,
      headers: strings.inHeaders,
    };
    this.#part = element(
      "select",
      { "aria-label": strings.searchIn },
      ...PARTS.map((part) => element("option", { value: part }, words[part])),
    );
    this.#clear = quietButton(closeIcon(), strings.clearFilter);
    this.#stop = element("button", { type: "button", class: "stop", hidden: true }, strings.stop);
    this.root = element(
      "div",
      { role: "search", class: "toolbar filter", "aria-label": strings.filter },
      element(
        "div",
        { class: "field filter-field" },
        this.#marks,
        this.#input,
        element("span", { class: "toggles" }, this.#case.root, this.#regexp.root, this.#sql.root),
        this.#problem,
        this.#hint,
      ),
      this.#part,
      this.#clear,
      this.#stop,
      this.#button(bookmarkIcon(), strings.savedFilters, "filters"),
      this.#button(columnsIcon(), strings.columns, "columns"),
    );
    this.#listen();
    this.#draw();
  }

  /** Puts a filter into the bar that is applied already. */
  show(filter: MessageFilter | undefined): void {
    clearTimeout(this.#timer);
    this.#state = shownFilter(filter);
    this.#input.value = this.#state.draft.text;
    this.#draw();
  }

  get applied(): MessageFilter | undefined {
    return this.#state.applied;
  }

  /** What stands in the bar, be it applied or not. */
  get written(): MessageFilter | undefined {
    return filterOf(this.#state.draft);
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  setEnabled(isEnabled: boolean): void {
    this.#input.disabled = !isEnabled;
    this.#part.disabled = !isEnabled;
  }

  setSearching(isSearching: boolean): void {
    if (this.#stop.hidden !== isSearching) return;
    if (!isSearching && document.activeElement === this.#stop) this.#input.focus();
    this.#stop.hidden = !isSearching;
  }

  /** A button for what VS Code asks in its own way. */
  #button(icon: Node, title: string, name: GridCommand): HTMLButtonElement {
    const button = quietButton(icon, title);
    button.addEventListener("click", () => this.#ports.command(name));
    return button;
  }

  #listen(): void {
    this.#input.addEventListener("input", () => this.#edit({ text: this.#input.value }));
    this.#input.addEventListener("scroll", () => this.#alignMarks());
    this.#input.addEventListener("keydown", (event) => this.#keyed(event));
    this.#part.addEventListener("change", () => {
      const part = PARTS.find((each) => each === this.#part.value) ?? "anywhere";
      this.#edit({ part });
      this.#submit();
    });
    this.#clear.addEventListener("click", () => {
      this.#clearAll();
      this.#input.focus();
    });
    this.#stop.addEventListener("click", () => this.#ports.stop());
  }

  #keyed(event: KeyboardEvent): void {
    const toggles = { KeyC: this.#case, KeyR: this.#regexp, KeyS: this.#sql };
    const toggle = Object.entries(toggles).find(([code]) => event.altKey && event.code === code);
    if (toggle !== undefined) toggle[1].press();
    else if (event.key === "Enter") this.#submit();
    else if (event.key === "ArrowDown") this.#ports.left();
    else if (event.key !== "Escape") return;
    else if (!this.#ports.stop()) this.#escape();
    event.preventDefault();
  }

  #escape(): void {
    const hasNothing = this.#state.draft.text === "" && this.#state.applied === undefined;
    if (!hasNothing) this.#clearAll();
    this.#ports.left();
  }

  #toggleMode(mode: FilterDraft["mode"]): void {
    this.#edit({ mode: this.#state.draft.mode === mode ? "text" : mode });
  }

  #edit(change: Partial<FilterDraft>): void {
    this.#take(edited(this.#state, change));
    clearTimeout(this.#timer);
    if (this.#state.isDue) this.#timer = setTimeout(() => void this.#check(), CHECK_AFTER_MS);
  }

  #submit(): void {
    this.#take(submitted(this.#state));
    if (!this.#state.isDue) return;
    clearTimeout(this.#timer);
    void this.#check();
  }

  #clearAll(): void {
    clearTimeout(this.#timer);
    this.#input.value = "";
    this.#take(cleared(this.#state));
  }

  async #check(): Promise<void> {
    const { draft } = this.#state;
    const filter = filterOf(draft);
    if (filter === undefined) return;
    let faults: readonly FilterFault[];
    try {
      faults = await this.#ports.check(filter);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      faults = [{ message, start: 0, end: draft.text.length }];
    }
    this.#take(checked(this.#state, draft, faults));
  }

  #take(state: FilterState): void {
    const before = this.#state.applied;
    this.#state = state;
    this.#draw();
    if (state.applied !== before) this.#ports.applied(state.applied);
  }

  #draw(): void {
    const { draft, faults, applied } = this.#state;
    const strings = this.#strings;
    this.#case.show(draft.matchCase, draft.mode !== "sql");
    this.#regexp.show(draft.mode === "regexp");
    this.#sql.show(draft.mode === "sql");
    this.#part.value = draft.part;
    this.#part.hidden = draft.mode === "sql";
    this.#clear.hidden = draft.text === "" && applied === undefined;
    this.#hint.hidden = draft.mode !== "sql" || draft.text !== "";
    const placeholder = {
      text: strings.filterPlaceholder,
      regexp: strings.filterRegexpPlaceholder,
      sql: strings.filterSqlPlaceholder,
    }[draft.mode];
    setAttribute(this.#input, "placeholder", placeholder);
    setAttribute(this.#input, "aria-invalid", faults.length > 0 ? "true" : undefined);
    setText(this.#problem, faults.map(({ message }) => message).join(" "));
    const pieces = faults.length === 0 ? [] : piecesOf(draft.text, faults);
    this.#marks.replaceChildren(
      ...pieces.map(({ text, isFaulty }) => element("span", { class: isFaulty && "fault" }, text)),
    );
    this.#alignMarks();
  }

  /** The marks lie behind the text of the input, and go with it when it scrolls. */
  #alignMarks(): void {
    this.#marks.scrollLeft = this.#input.scrollLeft;
  }
}

function quietButton(icon: Node, title: string): HTMLButtonElement {
  return element("button", { type: "button", class: "quiet", title, "aria-label": title }, icon);
}
