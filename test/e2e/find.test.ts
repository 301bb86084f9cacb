/** Finding messages among many: first rows, volume over time, the latest of each key, saved filters, zoom. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import type { FrameLocator, Locator } from "playwright-core";
import { batchOf, ManyMessages } from "../support/many-messages.ts";
import { waitFor } from "../support/wait-for.ts";
import { LOOKS, type Theme, Workbench } from "./workbench.ts";

const TOPIC = "clicks";
const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2026, 2, 29, 0, 0);
const CLICKS = 3_000;
const MILLION = 1_000_000;
const BATCH = 4_000;
/** What a person is promised for the first rows of a topic of a million messages, and what this machine may add. */
const FIRST_ROWS_MS = 300;
const PATIENCE_MS = 60_000;

/** Clicks of an hour with two waves, by 40 visitors. */
function clicks(): { timestampMs: number; key: string; value: string }[] {
  return Array.from({ length: CLICKS }, (_, n) => {
    const share = n / CLICKS;
    const page = ["home", "basket", "checkout", "search"][n % 4];
    const visitor = `v-${(n * 7) % 40}`;
    return {
      timestampMs: FIRST_MS + Math.floor((share + 0.07 * Math.sin(4 * Math.PI * share)) * HOUR_MS),
      key: visitor,
      value: JSON.stringify({ visitor, page, ms: (n * 37) % 900 }),
    };
  });
}

for (const theme of Object.keys(LOOKS) as Theme[]) {
  describe(`finding messages, ${theme}`, () => {
    let workbench: Workbench;
    let many: ManyMessages;
    let grid: FrameLocator;
    let rows: Locator;
    let filter: Locator;

    before(async () => {
      workbench = await Workbench.open({ theme });
      await workbench.openStreamside();
      await workbench.page.getByRole("button", { name: "Start Lab" }).first().click();
      await workbench.statusBar.getByText(/Lab :\d+/).waitFor();
      many = await connect();
      await many.createTopic(TOPIC, 2);
      const all = clicks();
      for (let at = 0; at < all.length; at += 100) {
        await many.produce(TOPIC, (at / 100) % 2, all.slice(at, at + 100));
      }
      grid = workbench.webview();
      rows = grid.getByRole("row");
      filter = grid.getByRole("textbox", { name: "Filter" });
    });

    afterEach(async function () {
      if (this.currentTest?.state === "failed") await workbench.picture("FAILED-find");
    });

    after(async () => {
      many?.close();
      await workbench?.close();
    });

    async function connect(): Promise<ManyMessages> {
      const lab = await workbench.statusBar.getByText(/Lab :\d+/).textContent();
      return ManyMessages.connect(`127.0.0.1:${/:(\d+)/.exec(lab ?? "")?.[1]}`);
    }

    async function peek(topic: string): Promise<void> {
      const item = workbench
        .tree("Topics")
        .getByRole("treeitem", { name: new RegExp(`^${topic}`) });
      await item.hover();
      await item.getByRole("button", { name: "Peek Messages" }).click();
      await rows.nth(1).waitFor();
    }

    it("shows volume over time, of which a stretch is chosen with the keyboard", async () => {
      await peek(TOPIC);
      await grid.getByRole("button", { name: "Show Volume over Time" }).click();
      await grid.getByText(/^3,000 messages from /).waitFor();
      const from = grid.getByRole("slider", { name: /^Beginning/ });
      await from.focus();
      for (let step = 0; step < 8; step++) await from.press("PageUp");
      await from.press("Enter");
      await grid.getByRole("button", { name: "All Times" }).waitFor();
      const chosen = Number(
        /^([\d,]+) messages/
          .exec((await grid.getByText(/^[\d,]+ messages from /).textContent()) ?? "")?.[1]
          ?.replaceAll(",", ""),
      );
      assert.ok(chosen > 0 && chosen < CLICKS, `${chosen} messages`);
      // What the drawing says is what is shown.
      const shown = grid.getByText(/ shown · /);
      await waitFor("all of the stretch", async () => {
        await grid.getByRole("grid").press("End");
        return (await shown.textContent())?.startsWith(`${chosen.toLocaleString("en")} shown`);
      });
      await workbench.picture("volume", { readme: theme });
    });

    it("shows the newest message of each key", async () => {
      await grid.getByRole("button", { name: "All Times" }).click();
      await grid.getByRole("button", { name: /^Latest per Key/ }).click();
      // Each visitor was on both partitions.
      await grid.getByText(/^80 shown · 3,000 scanned of 3,000$/).waitFor();
      await workbench.picture("latest");
      await grid.getByRole("button", { name: /^Latest per Key/ }).click();
      await grid.getByText(/ of 3,000 messages · /).waitFor();
    });

    if (theme !== "dark") return;

    it("shows one partition of a topic, and its volume", async () => {
      const partition = grid.getByRole("combobox", { name: "Partition" });
      await partition.selectOption({ label: "Partition 1" });
      await grid.getByText(/ of 1,500 messages · /).waitFor();
      await grid.getByText(/^1,500 messages from /).waitFor();
      await workbench.page.getByRole("tab", { name: /^clicks \[1\]/ }).waitFor();
      await partition.selectOption({ label: "All partitions" });
      await grid.getByText(/^3,000 messages from /).waitFor();
    });

    it("saves a filter with the workspace, and applies it again", async () => {
      await filter.focus();
      await filter.press("Alt+S");
      await filter.fill("ms > 800");
      await filter.press("Enter");
      await grid.getByText(/ shown · /).waitFor();
      await grid.getByRole("button", { name: "Saved Filters" }).click();
      await workbench.quickInput.getByText("Save This Filter...").click();
      await workbench.quickInput.getByText(/^Name; a filter/).waitFor();
      await workbench.answer("slow clicks");
      const settings = path.join(workbench.folder, ".vscode/settings.json");
      const saved = await waitFor("the setting", () => {
        const text = readFileSync(settings, "utf8");
        return text.includes("slow clicks") ? text : undefined;
      });
      assert.match(saved, /"sql": "ms > 800"/);
      await filter.focus();
      await filter.press("Escape");
      await grid.getByRole("button", { name: "Saved Filters" }).click();
      await workbench.quickInput.getByText("slow clicks").click();
      await grid.getByText(/ shown · /).waitFor();
      assert.equal(await filter.inputValue(), "ms > 800");
    });

    it("comes back after a reload with filter, columns and selection", async () => {
      await rows.nth(5).click();
      const selected = await grid.getByRole("row", { selected: true }).textContent();
      await grid.getByRole("columnheader", { name: "Size" }).click({ button: "right" });
      const hide = workbench.page.getByRole("menuitem", { name: "Hide Column" });
      await hide.waitFor();
      await hide.hover();
      await workbench.page.keyboard.press("Enter");
      await grid.getByRole("columnheader", { name: "Size" }).waitFor({ state: "detached" });
      await workbench.reload(grid, grid.getByText(/ shown · /));
      assert.equal(await filter.inputValue(), "ms > 800");
      assert.equal(await grid.getByRole("columnheader", { name: "Size" }).count(), 0);
      const again = await grid.getByRole("row", { selected: true }).textContent();
      assert.equal(`${again}`, `${selected}`.slice(0, `${again}`.length));
    });

    it("can be used at 200 % zoom, in a narrow window", async () => {
      await workbench.page.setViewportSize({ width: 640, height: 480 });
      await grid.getByRole("grid", { name: "Messages" }).waitFor();
      await workbench.picture("narrow");
      const field = await filter.boundingBox();
      assert.ok(field !== null && field.width > 100, `the filter is ${field?.width} px wide`);
      await workbench.page.setViewportSize({ width: 1280, height: 800 });
    });

    it("point 12: shows the first of a million messages at once, and goes over them with the keyboard", async () => {
      const value = "x".repeat(200);
      const batch = batchOf(
        Array.from({ length: BATCH }, (_, n) => ({
          timestampMs: FIRST_MS + n,
          key: `k-${n}`,
          value,
        })),
      );
      many.close();
      many = await connect();
      await many.createTopic("million", 1);
      for (let sent = 0; sent < MILLION; sent += BATCH)
        await many.send("million", 0, Buffer.from(batch));
      await filter.focus();
      await filter.press("Escape");
      await workbench.page.keyboard.press("Control+W");
      await peek("million");
      const from = grid.getByRole("combobox", { name: "From" });
      const started = performance.now();
      await from.selectOption({ label: "Earliest" });
      await grid.getByRole("row", { selected: true }).getByText(/^0$/).first().waitFor();
      const ms = performance.now() - started;
      console.info(`      first rows after ${Math.round(ms)} ms`);
      assert.ok(ms < FIRST_ROWS_MS * 3, `${ms} ms`);
      await grid.getByText(/ of 1,000,000 messages · /).waitFor();
      const list = grid.getByRole("grid");
      for (let page = 0; page < 10; page++) await list.press("End");
      const listed = Number(await list.getAttribute("aria-rowcount"));
      assert.ok(listed > 2_000, `${listed} rows`);
      assert.ok((await rows.count()) < 100, "only rows in view are in the document");
    });

    it("point 13: a search is cancelled at once, and goes on where it was", async () => {
      await filter.focus();
      await filter.press("Alt+S");
      await filter.fill("CHAR_LENGTH(value) > 200 OR value LIKE '%y%'");
      await filter.press("Enter");
      await grid.getByRole("button", { name: "Stop" }).waitFor();
      await filter.press("Escape");
      await grid.getByText(/^No message matches so far\. Scanned [\d,]+, .* are left\.$/).waitFor();
      await workbench.picture("stopped");
      const goOn = grid.getByRole("button", { name: "Continue" });
      await goOn.click();
      // On a busy machine it asks again when it has found nothing for a while.
      const end = grid.getByText(/^No message matches\. Scanned 1,000,000, /);
      await waitFor(
        "the end of the search",
        async () => {
          if (await goOn.isVisible()) await goOn.click();
          return end.isVisible();
        },
        PATIENCE_MS,
      );
    });
  });
}
