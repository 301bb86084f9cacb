import { element, setAttribute } from "./dom.ts";

/** A small button that stays pressed, as those inside of the find widget. */
export class Toggle {
  readonly root: HTMLButtonElement;

  /** `title` says what it is for, to those who point at it and to those who hear it. */
  constructor(text: string | Node, title: string, pressed: () => void) {
    this.root = element(
      "button",
      { type: "button", class: "toggle", title, "aria-label": title, "aria-pressed": "false" },
      text,
    );
    this.root.addEventListener("click", pressed);
  }

  show(isPressed: boolean, isEnabled = true): void {
    setAttribute(this.root, "aria-pressed", isPressed ? "true" : "false");
    this.root.disabled = !isEnabled;
  }

  /** As if it had been clicked; does nothing while it is disabled. */
  press(): void {
    this.root.click();
  }
}
