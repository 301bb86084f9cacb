type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes an element; a `false` or undefined attribute is left out, `true` is an empty one. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) setAttribute(made, key, value);
  made.append(...children);
  return made;
}

/** Sets or removes an attribute, and leaves one alone that has the value already. */
export function setAttribute(
  target: Element,
  key: string,
  value: string | number | boolean | undefined,
): void {
  if (value === undefined || value === false) {
    target.removeAttribute(key);
    return;
  }
  const text = value === true ? "" : String(value);
  if (target.getAttribute(key) !== text) target.setAttribute(key, text);
}

/** Sets the text of an element unless it is the same, so that a screen reader does not read it again. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
