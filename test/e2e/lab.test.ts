/** A person's first minute: the welcome view, Start Lab, the address in the status bar, the first topic. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import { streamside } from "../support/lab-process.ts";
import { isAlive, waitFor } from "../support/wait-for.ts";
import { THEMES, Workbench } from "./workbench.ts";

function labPid(folder: string): number | undefined {
  const file = path.join(folder, ".streamside/lab.lock");
  if (!existsSync(file)) return undefined;
  const lock = JSON.parse(readFileSync(file, "utf8")) as { readonly pid: number };
  return lock.pid;
}

for (const theme of Object.keys(THEMES) as (keyof typeof THEMES)[]) {
  describe(`the lab, ${theme}`, () => {
    let workbench: Workbench;
    let pid = Number.NaN;

    before(async () => {
      workbench = await Workbench.open({ theme });
    });

    afterEach(async function () {
      const failed = this.currentTest?.state === "failed" && !workbench.page.isClosed();
      if (failed) await workbench.picture("FAILED");
    });

    after(async () => {
      await workbench?.close();
    });

    it("welcomes with one button that starts the lab", async () => {
      await workbench.openStreamside();
      await workbench.page.getByRole("button", { name: "Start Lab" }).first().waitFor();
      await workbench.picture("welcome");
    });

    it("shows the port in the status bar once the lab runs", async () => {
      await workbench.page.getByRole("button", { name: "Start Lab" }).first().click();
      await workbench.statusBar.getByText(/Lab :\d+/).waitFor();
      pid = await waitFor("the lab's lock file", () => labPid(workbench.folder));
      assert.ok(isAlive(pid));
    });

    it("shows a topic that a client made, by itself", async () => {
      const data = path.join(workbench.folder, ".streamside");
      for (const topic of ["orders", "payments"]) {
        const file = path.join(workbench.folder, `${topic}.jsonl`);
        const args = ["produce", topic, "--file", file, "--data", data];
        const { code, stderr } = await streamside(args);
        assert.equal(code, 0, stderr);
      }
      const orders = workbench.tree("Topics").getByRole("treeitem", { name: /^orders/ });
      await orders.waitFor();
      await workbench
        .tree("Topics")
        .getByRole("treeitem", { name: /^payments/ })
        .waitFor();
      await orders.locator(".monaco-tl-twistie").click();
      await workbench.tree("Topics").getByRole("treeitem", { level: 2 }).first().waitFor();
      await workbench.picture("topics");
    });

    it("leaves no process behind once its last window is closed", async () => {
      await workbench.page.close();
      await waitFor("the end of the lab", () => !isAlive(pid), 60_000);
    });
  });
}
