/** Messages moved by a person: what a replay asks before it begins, how it shows, and how it is stopped. */
import assert from "node:assert/strict";
import path from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import { streamside } from "../support/lab-process.ts";
import { type Theme, THEMES, Workbench } from "./workbench.ts";

/** Messages a second apart: a replay of them goes on while it is looked at. */
const RECORDED = Array.from({ length: 60 }, (_, i) =>
  JSON.stringify({
    key: `o-${i}`,
    value: { id: i, amount: i * 7 },
    timestamp: 1_700_000_000_000 + i * 1_000,
  }),
);

for (const theme of Object.keys(THEMES) as Theme[]) {
  describe(`moving messages, ${theme}`, () => {
    let workbench: Workbench;
    let data: string;

    before(async () => {
      workbench = await Workbench.open({ theme });
      data = path.join(workbench.folder, ".streamside");
      await workbench.openStreamside();
      await workbench.page.getByRole("button", { name: "Start Lab" }).first().click();
      await workbench.statusBar.getByText(/Lab :\d+/).waitFor();
      const { code, stderr } = await streamside(
        ["produce", "recorded", "--data", data],
        RECORDED.join("\n"),
      );
      assert.equal(code, 0, stderr);
    });

    afterEach(async function () {
      const failed = this.currentTest?.state === "failed" && !workbench.page.isClosed();
      if (failed) await workbench.picture("FAILED");
    });

    after(async () => {
      await workbench?.close();
    });

    const option = async (name: string | RegExp) => {
      const item = workbench.quickInput.getByRole("option", { name });
      await item.first().click();
    };

    it("point 23: names target, count and first message, and asks", async () => {
      const { page } = workbench;
      const recorded = workbench.tree("Topics").getByRole("treeitem", { name: /^recorded/ });
      await recorded.waitFor();
      await workbench.contextMenu(recorded, "Replay Messages...");
      await workbench.quickInput.getByRole("option", { name: /^All Messages/ }).waitFor();
      await workbench.picture("replay-which");
      await option(/^All Messages/);
      await option(/New Topic/);
      await workbench.answer("again");
      await option(/^As Recorded/);
      await workbench.quickInput.getByText("Rewrite Values...").waitFor();
      await workbench.picture("replay-keep");
      await page.keyboard.press("Enter");
      const dialog = page.locator(".monaco-dialog-box");
      await dialog.getByText("Replay 60 messages of recorded into again?").waitFor();
      await dialog.getByText(/First message: partition 0, offset 0/).waitFor();
      await workbench.picture("replay-confirm");
      await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    });

    it("point 22: shows how far it is, and is paused, stepped and stopped from the status bar", async () => {
      const status = workbench.statusBar.getByText(/Replay of recorded: \d+ messages?,/);
      await status.waitFor();
      await workbench
        .tree("Topics")
        .getByRole("treeitem", { name: /^again/ })
        .waitFor();
      await workbench.picture("replay-running");
      await status.click();
      await option(/Pause/);
      const paused = workbench.statusBar.getByText(/Replay of recorded: paused after/);
      await paused.waitFor();
      await paused.click();
      await option(/One Message Further/);
      await workbench.quickInput.getByRole("option", { name: /Continue/ }).waitFor();
      await workbench.picture("replay-paused");
      await option(/Stop/);
      await workbench.statusBar.getByText(/Replay stopped: \d+ messages? are in again/).waitFor();
      await status.waitFor({ state: "detached" });
    });
  });
}
