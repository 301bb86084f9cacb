/**
 * Opens VS Code's own context menu in a webview. What it is about has to stand as `data-vscode-context`
 * at the element that was pointed at, or around it, when the event comes by; menus in package.json are
 * keyed by it, and their commands get it. `contextOf` says what the menu at an element is about, and
 * `current` which element the keyboard is at.
 */
export function openContextMenus(
  root: HTMLElement,
  contextOf: (target: Element) => object | undefined,
  current: () => Element | undefined,
): void {
  /** A key has opened the menu; on some systems the browser's own event still follows. */
  let isOpenedByKey = false;

  root.addEventListener("keydown", (event) => {
    isOpenedByKey = event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
    if (!isOpenedByKey) return;
    event.preventDefault();
    openAt(current());
  });
  root.addEventListener("contextmenu", (event) => {
    if (event.isTrusted && event.button !== 2) {
      // From the keyboard: it would open in the middle of the grid.
      event.preventDefault();
      event.stopPropagation();
      if (!isOpenedByKey) openAt(current());
      isOpenedByKey = false;
      return;
    }
    const context = event.target instanceof Element ? contextOf(event.target) : undefined;
    if (context === undefined) {
      event.preventDefault();
      return;
    }
    const own = { ...context, preventDefaultContextMenuItems: true };
    root.dataset["vscodeContext"] = JSON.stringify(own);
  });
}

function openAt(target: Element | undefined): void {
  if (target === undefined) return;
  const { left, bottom } = target.getBoundingClientRect();
  const at = { clientX: Math.max(left, 0) + 8, clientY: bottom };
  target.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, ...at }));
}
