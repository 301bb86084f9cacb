/** Looking at messages as a person does: peek, the keyboard, one message, live, pause, produce. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import type { FrameLocator, Locator } from "playwright-core";
import { streamside } from "../support/lab-process.ts";
import { THEMES, Workbench } from "./workbench.ts";

for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
  describe(`the message grid, ${theme}`, () => {
    let workbench: Workbench;
    let grid: FrameLocator;

    const row = (text: string | RegExp): Locator => grid.getByRole("row").filter({ hasText: text });

    async function produce(topic: string, file: string): Promise<void> {
      const data = path.join(workbench.folder, ".streamside");
      const args = ["produce", topic, "--file", path.join(workbench.folder, file), "--data", data];
      const { code, stderr } = await streamside(args);
      assert.equal(code, 0, stderr);
    }

    async function produceOne(text: string): Promise<void> {
      const line = `${JSON.stringify({ key: "probe", value: { text } })}\n`;
      writeFileSync(path.join(workbench.folder, "probe.jsonl"), line);
      await produce("payments", "probe.jsonl");
    }

    before(async () => {
      workbench = await Workbench.open({ theme });
      await workbench.openStreamside();
      await workbench.page.getByRole("button", { name: "Start Lab" }).first().click();
      await workbench.statusBar.getByText(/Lab :\d+/).waitFor();
      await produce("orders", "orders.jsonl");
      await produce("payments", "payments.jsonl");
      grid = workbench.webview();
    });

    afterEach(async function () {
      if (this.currentTest?.state === "failed") await workbench.picture("FAILED-grid");
    });

    after(async () => {
      await workbench?.close();
    });

    it("opens on the newest messages", async () => {
      const payments = workbench.tree("Topics").getByRole("treeitem", { name: /^payments/ });
      await payments.hover();
      await payments.getByRole("button", { name: "Peek Messages" }).click();
      await grid.getByRole("grid", { name: "Messages" }).waitFor();
      // The last payment is a tombstone, which is not an empty value.
      const last = grid.getByRole("row", { selected: true });
      await last.getByText("tombstone").waitFor();
      await workbench.picture("grid", { readme: "dark" });
    });

    it("opens a message as a document with the keyboard alone", async () => {
      await workbench.page.keyboard.press("ArrowUp");
      await workbench.page.keyboard.press("Enter");
      await workbench.editorText.getByText('"value"').first().waitFor();
      await workbench.picture("message", { readme: "light" });
      await workbench.page
        .getByRole("tab", { name: /^payments/ })
        .first()
        .click();
      await grid.getByRole("row", { selected: true }).waitFor();
    });

    it("shows what arrives while live", async () => {
      await grid.getByRole("button", { name: "Live" }).click();
      await grid.getByRole("button", { name: "Pause" }).waitFor();
      await produceOne("arrives-live");
      await row("arrives-live").waitFor();
    });

    it("point 14: keeps its place while paused, counts what it misses, catches up or jumps", async () => {
      await grid.getByRole("button", { name: "Pause" }).click();
      await produceOne("arrives-paused");
      await grid.getByText("1 new").waitFor();
      assert.equal(await row("arrives-paused").count(), 0);
      await workbench.picture("paused");
      await grid.getByRole("button", { name: "Resume" }).click();
      await row("arrives-paused").waitFor();
      await grid.getByRole("button", { name: "Pause" }).click();
      await produceOne("arrives-again");
      await grid.getByText("1 new").waitFor();
      await grid.getByRole("button", { name: "Jump to Latest" }).click();
      await row("arrives-again").waitFor();
      await grid.getByRole("button", { name: "Pause" }).click();
    });

    it("point 19: filters by a condition, and shows what is wrong with one where it is", async () => {
      const filter = grid.getByRole("textbox", { name: "Filter" });
      await workbench.page.keyboard.press("Control+F");
      await filter.press("Alt+S");
      await filter.fill("amount > > 100");
      await grid.getByRole("alert").filter({ hasText: /\S/ }).waitFor();
      assert.equal(await grid.locator(".fault").textContent(), ">");
      await workbench.picture("filter-fault");
      await filter.fill("currency = 'EUR' AND amount > 100");
      await filter.press("Enter");
      await grid.getByText(/^\d+ shown · \d{3} scanned of \d+$/).waitFor();
      await row("EUR").first().waitFor();
      assert.equal(await row("TRY").count(), 0);
      await workbench.picture("filter");
    });

    it("point 13: says which range it scanned when nothing matches, and offers to go on", async () => {
      const filter = grid.getByRole("textbox", { name: "Filter" });
      await filter.fill("amount > 1000000000");
      await filter.press("Enter");
      await grid
        .getByText(/^No message matches\. Scanned \d+, from the latest 100 messages to the end\.$/)
        .waitFor();
      await workbench.picture("filter-nothing");
      await grid.getByRole("button", { name: "Search from Earliest" }).click();
      await grid.getByText(/from the earliest message to the end\.$/).waitFor();
      await filter.focus();
      await filter.press("Escape");
      await grid.getByText(/messages · \d+ scanned$/).waitFor();
      assert.equal(await filter.inputValue(), "");
    });

    it("filters on a key by its context menu, from the keyboard", async () => {
      await row("o-5003").first().click();
      await workbench.page.keyboard.press("Shift+F10");
      const entry = workbench.page.getByRole("menuitem", { name: "Filter on This Key" });
      await entry.waitFor();
      await workbench.picture("menu");
      await entry.hover();
      await workbench.page.keyboard.press("Enter");
      const filter = grid.getByRole("textbox", { name: "Filter" });
      await grid.getByText(/^\d+ shown/).waitFor();
      assert.equal(await filter.inputValue(), "key = 'o-5003'");
      await filter.focus();
      await filter.press("Escape");
    });

    it("shows the columns that are chosen, fields of the JSON among them", async () => {
      // Not the tombstone, in which there are no fields.
      await grid.getByRole("grid").press("ArrowUp");
      await grid.getByRole("button", { name: "Columns" }).click();
      await workbench.quickInput.getByText("Choose Columns").waitFor();
      await workbench.picture("columns");
      for (const field of ["amount", "attempt"]) {
        await workbench.quickInput.getByRole("textbox").fill(field);
        const item = new RegExp(`^(${field}|headers\\['${field}'\\]),`);
        await workbench.quickInput.getByRole("checkbox", { name: item }).click();
      }
      await workbench.page.keyboard.press("Enter");
      await grid.getByRole("columnheader", { name: "amount" }).waitFor();
      await grid.getByRole("columnheader", { name: "headers['attempt']" }).waitFor();
      await workbench.picture("fields");
    });

    it("point 11: begins exactly where it is told to, and says when that is beyond the end", async () => {
      const from = grid.getByRole("combobox", { name: "From" });
      await from.selectOption({ label: "Offset" });
      await grid.getByRole("textbox", { name: "Offset" }).fill("2");
      await grid.getByRole("textbox", { name: "Offset" }).press("Enter");
      await grid.getByRole("row", { selected: true }).getByText(/^2$/).first().waitFor();
      await grid.getByRole("textbox", { name: "Offset" }).fill("1000000");
      await grid.getByRole("textbox", { name: "Offset" }).press("Enter");
      await grid.getByText(/^Offset 1000000 is not in partition 0/).waitFor();
      await from.selectOption({ label: "Time" });
      await grid.getByRole("textbox", { name: "Time" }).fill("yesterday");
      await grid.getByRole("textbox", { name: "Time" }).press("Enter");
      await grid.getByRole("alert").getByText("2026-03-29").waitFor();
      await workbench.picture("beyond");
    });

    it("produces from a file and shows exactly the message", async () => {
      await workbench.openFile("welcome.messages.jsonl");
      const lens = workbench.page.locator(".codelens-decoration");
      await lens.getByText("Produce All to welcome").waitFor();
      await workbench.page.getByRole("button", { name: /Produce Messages of This File/ }).click();
      await workbench.toasts.getByText("3 messages produced to welcome.").waitFor();
      await workbench.picture("produced");
      await workbench.toasts.getByRole("button", { name: "Show First Message" }).click();
      const shown = workbench.page
        .frameLocator("iframe.webview:visible >> nth=-1")
        .frameLocator("iframe#active-frame");
      await shown.getByRole("row", { selected: true }).getByText("Hello from the editor").waitFor();
    });

    it("comes back after the window was reloaded", async () => {
      const shown = workbench.page
        .frameLocator("iframe.webview:visible >> nth=-1")
        .frameLocator("iframe#active-frame");
      await workbench.reload(shown, shown.getByText("Hello from the editor"));
    });

    it("names a topic and its messages before it deletes them", async () => {
      const orders = workbench.tree("Topics").getByRole("treeitem", { name: /^orders/ });
      await orders.click({ button: "right" });
      // Its name goes on with the key that does the same.
      const entry = workbench.page.getByRole("menuitem", { name: /^Delete Topic/ });
      await entry.hover();
      await workbench.page.keyboard.press("Enter");
      await workbench.dialog.getByText(/Delete topic orders with \d+ messages\?/).waitFor();
      await workbench.picture("delete");
      await workbench.dialog.getByRole("button", { name: "Delete Topic" }).click();
      await orders.waitFor({ state: "detached" });
    });
  });
}
