/** A message of 20 MB, seen as a person does: its row, its document, and a window that does not freeze. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import type { FrameLocator } from "playwright-core";
import { streamside } from "../support/lab-process.ts";
import { Workbench } from "./workbench.ts";

const SIZE_BYTES = 20 * 1024 * 1024;
/** Longest time without a frame while it is opened, on a machine that does other things too. */
const MAX_FROZEN_MS = 1_000;

/** Runs in the page: keeps in `longestMs` the longest time between two frames. */
const WATCH = `
  globalThis.longestMs = 0;
  let last = performance.now();
  const next = (now) => {
    globalThis.longestMs = Math.max(globalThis.longestMs, now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
`;

describe("a message of 20 MB", () => {
  let workbench: Workbench;
  let grid: FrameLocator;

  async function command(...args: string[]): Promise<void> {
    const data = path.join(workbench.folder, ".streamside");
    const { code, stderr } = await streamside([...args, "--data", data]);
    assert.equal(code, 0, stderr);
  }

  before(async () => {
    workbench = await Workbench.open({ theme: "dark" });
    await workbench.openStreamside();
    await workbench.page.getByRole("button", { name: "Start Lab" }).first().click();
    await workbench.statusBar.getByText(/Lab :\d+/).waitFor();
    const file = path.join(workbench.folder, "large.jsonl");
    writeFileSync(file, `{"key": "large", "value": {"filler": "${"x".repeat(SIZE_BYTES)}"}}\n`);
    await command("topics", "create", "large", "--config", `max.message.bytes=${SIZE_BYTES * 2}`);
    await command("produce", "large", "--file", file);
    grid = workbench.webview();
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await workbench.picture("FAILED-large");
  });

  after(async () => {
    await workbench?.close();
  });

  it("point 15: has a row with size and head, and opens as a document; nothing freezes", async () => {
    const large = workbench.tree("Topics").getByRole("treeitem", { name: /^large/ });
    await large.hover();
    await large.getByRole("button", { name: "Peek Messages" }).click();
    const row = grid.getByRole("row", { selected: true });
    await row.getByText('{"filler": "xxxx').waitFor();
    await row.getByText("21.0 MB").waitFor();
    // How long the window goes without a turn of its event loop, from here on.
    await workbench.page.evaluate(WATCH);
    const started = performance.now();
    await workbench.page.keyboard.press("Enter");
    await workbench.editorText.getByText('"valueBytes"').first().waitFor();
    const shownMs = performance.now() - started;
    const frozenMs = Number(await workbench.page.evaluate("globalThis.longestMs"));
    console.info(`      shown after ${shownMs.toFixed(0)} ms, frozen ${frozenMs.toFixed(0)} ms`);
    await workbench.picture("large");
    assert.ok(frozenMs > 0 && frozenMs < MAX_FROZEN_MS, `${frozenMs} ms`);
  });
});
