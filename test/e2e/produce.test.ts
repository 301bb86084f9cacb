/** Writing messages as a person does: completion, problems, lenses, the key, and the message that was produced. */
import { after, afterEach, before, describe, it } from "mocha";
import type { Locator } from "playwright-core";
import { type Theme, THEMES, Workbench } from "./workbench.ts";

for (const theme of Object.keys(THEMES) as Theme[]) {
  describe(`producing, ${theme}`, () => {
    let workbench: Workbench;

    const lens = (text: string | RegExp): Locator =>
      workbench.page.locator(".codelens-decoration").getByText(text);
    /** The webview on top. */
    const grid = () =>
      workbench.page
        .frameLocator("iframe.webview:visible >> nth=-1")
        .frameLocator("iframe#active-frame");

    before(async () => {
      workbench = await Workbench.open({ theme });
      await workbench.openStreamside();
      await workbench.page.getByRole("button", { name: "Start Lab" }).first().click();
      await workbench.statusBar.getByText(/Lab :\d+/).waitFor();
    });

    afterEach(async function () {
      if (this.currentTest?.state === "failed") await workbench.picture("FAILED-produce");
    });

    after(async () => {
      await workbench?.close();
    });

    it("point 21: a line produced with the key is exactly the one that Show Message selects", async () => {
      await workbench.openFile("welcome.messages.jsonl");
      await lens("Produce All to welcome").waitFor();
      await workbench.page.keyboard.press("Control+Home");
      await workbench.page.keyboard.press("ArrowDown");
      await workbench.page.keyboard.press("Control+Enter");
      await workbench.toasts.getByRole("button", { name: "Show Message" }).click();
      const selected = grid().getByRole("row", { selected: true });
      await selected.getByText("A value can be any JSON").waitFor();
      await workbench.page.getByRole("tab", { name: "welcome.messages.jsonl" }).click();
      await lens("Partition 0, offset 0").waitFor();
      // The last line with a message is the one above the end.
      await workbench.page.keyboard.press("Control+End");
      await workbench.page.keyboard.press("ArrowUp");
      await workbench.page.keyboard.press("Control+Enter");
      await lens("Partition 0, offset 1").waitFor();
      await workbench.toasts.getByRole("button", { name: "Show Message" }).click();
      await selected.getByText("tombstone").waitFor();
    });

    it("point 21: members are completed and problems shown where they are", async () => {
      await workbench.page.getByRole("tab", { name: "welcome.messages.jsonl" }).click();
      await lens("Produce All to welcome").waitFor();
      await workbench.page.keyboard.press("Control+End");
      await workbench.page.keyboard.type('{"value": {"a": 01}}\n{"key": "greeting", "');
      const suggestions = workbench.page.locator(".suggest-widget");
      await suggestions.getByText("headers", { exact: true }).waitFor();
      await workbench.page.locator(".squiggly-error").first().waitFor();
      await workbench.page.keyboard.press("ArrowDown");
      await workbench.picture("produce");
      await workbench.page.keyboard.press("Escape");
      await workbench.command("View: Focus Problems (Errors, Warnings, Infos)");
      await workbench.page.getByText("expected , or }").first().waitFor();
      await workbench.picture("produce-problems");
    });
  });
}
