/** Writing messages as a person does: completion, problems, lenses, the key, and the message that was produced. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
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
      // The grammar is in the package: names of members have another colour than brackets.
      const colourOf = (text: string): Promise<string> =>
        workbench.page
          .locator(".editor-instance .view-line span[class*=mtk]")
          .filter({ hasText: text })
          .first()
          .evaluate((node) => node.className);
      assert.notEqual(await colourOf('"key"'), await colourOf("greeting"));
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
      await workbench.picture("produce", { readme: "dark" });
      await workbench.page.keyboard.press("Escape");
      await workbench.command("View: Focus Problems (Errors, Warnings, Infos)");
      await workbench.page.getByText("expected , or }").first().waitFor();
      await workbench.picture("produce-problems");
    });

    it("point 21: a template is previewed as it will be produced, and produced", async () => {
      const lines = [
        '{"template": {"seed": 42, "count": 200, "rate": 400}}',
        '{"key": "{{string.uuid}}", "value": {"no": "{{index}}", "name": "{{person.fullName}}"}}',
      ];
      writeFileSync(path.join(workbench.folder, "people.messages.jsonl"), `${lines.join("\n")}\n`);
      await workbench.openFile("people.messages.jsonl");
      await lens("Produce 200 messages to people").waitFor();
      await lens("Preview").click();
      const preview = workbench.page.locator(".editor-instance").nth(1);
      await preview.getByText('"no"').first().waitFor();
      await workbench.picture("template");
      await workbench.command("Streamside: Produce Messages of This File");
      await workbench.toasts.getByText(/^200 messages produced to people at \d/).waitFor();
      await workbench.picture("load");
      await workbench.toasts.getByRole("button", { name: "Show First Message" }).click();
      const first = grid().getByRole("row", { selected: true });
      await first.getByText('"no": 0').waitFor();
    });

    it("edits a message and resends it after saying where to", async () => {
      const line = '{"key": "k", "value": {"text": "Hello from here", "n": 9007199254740993}}';
      writeFileSync(path.join(workbench.folder, "hello.messages.jsonl"), `${line}\n`);
      await workbench.openFile("hello.messages.jsonl");
      await lens("Produce All to hello").waitFor();
      await workbench.page.keyboard.press("Control+Home");
      await workbench.page.keyboard.press("Control+Enter");
      await workbench.toasts.getByText("1 message produced to hello.").waitFor();
      await workbench.toasts.getByRole("button", { name: "Show Message" }).click();
      const selected = grid().getByRole("row", { selected: true });
      await selected.getByText("Hello from here").waitFor();
      await workbench.command("Streamside: Edit and Resend");
      const editor = workbench.page.locator(".editor-instance .view-lines").first();
      await editor.getByText('"Hello from here"').waitFor();
      await workbench.command("Replace");
      await workbench.page.keyboard.type("Hello");
      await workbench.page.keyboard.press("Tab");
      await workbench.page.keyboard.type("Goodbye");
      await workbench.page.keyboard.press("Control+Alt+Enter");
      await workbench.page.keyboard.press("Escape");
      await editor.getByText('"Goodbye from here"').waitFor();
      await workbench.page.keyboard.press("Control+S");
      await workbench.dialog.getByText("Produce 1 message to topic hello, partition 0?").waitFor();
      await workbench.picture("resend");
      await workbench.dialog.getByRole("button", { name: "Produce" }).click();
      await selected.getByText("Goodbye from here").waitFor();
      await selected.getByText("9007199254740993").waitFor();
    });
  });
}
