import { element } from "./dom.ts";
import type { StandingAction, StandingWords } from "./standing.ts";

/** What stands in place of the messages, or in a line below them, with one button at most. */
export class Placeholder {
  readonly root = element("div", { class: "placeholder", role: "status" });
  readonly #act: (action: StandingAction) => void;
  #shown = "";

  constructor(act: (action: StandingAction) => void) {
    this.#act = act;
  }

  /** Words that are the same are left alone, so that a screen reader does not read them again. */
  show(words: StandingWords | undefined, isBelow: boolean): void {
    this.root.hidden = words === undefined;
    this.root.classList.toggle("banner", isBelow);
    const key = JSON.stringify(words ?? "");
    if (words === undefined || key === this.#shown) return;
    this.#shown = key;
    const { text, action } = words;
    const children: Node[] = [element("p", {}, text)];
    if (action !== undefined) {
      const button = element("button", { type: "button", class: "primary" }, action.title);
      button.addEventListener("click", () => this.#act(action.kind));
      children.push(button);
    }
    this.root.replaceChildren(...children);
  }
}
