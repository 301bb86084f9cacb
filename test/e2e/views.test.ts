/** The Topics and Consumers views in a person's hands, beside a real client. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import kafkajs, { type Consumer } from "kafkajs";
import { after, afterEach, before, describe, it } from "mocha";
import type { Locator } from "playwright-core";
import { streamside } from "../support/lab-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { LOOKS, type Theme, Workbench } from "./workbench.ts";

for (const theme of Object.keys(LOOKS) as Theme[]) {
  describe(`the views, ${theme}`, () => {
    let workbench: Workbench;
    const consumers: Consumer[] = [];

    const data = () => path.join(workbench.folder, ".streamside");
    const topic = (name: RegExp): Locator =>
      workbench.tree("Topics").getByRole("treeitem", { name });
    const consumer = (name: RegExp): Locator =>
      workbench.tree("Consumers").getByRole("treeitem", { name });

    async function command(...args: string[]): Promise<void> {
      const { code, stderr } = await streamside([...args, "--data", data()]);
      assert.equal(code, 0, stderr);
    }

    async function consume(groupId: string, clientId: string): Promise<Consumer> {
      const lock = readFileSync(path.join(data(), "lab.lock"), "utf8");
      const { bootstrap } = JSON.parse(lock) as { readonly bootstrap: string };
      const kafka = new kafkajs.Kafka({
        ...{ clientId, brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING },
      });
      const started = kafka.consumer({ groupId, maxWaitTimeInMs: 200 });
      consumers.push(started);
      await started.connect();
      await started.subscribe({ topics: ["orders"], fromBeginning: true });
      await started.run({ autoCommitInterval: 100, eachMessage: () => Promise.resolve() });
      return started;
    }

    before(async () => {
      workbench = await Workbench.open({ theme });
      await workbench.openStreamside();
      await workbench.page.getByRole("button", { name: "Start Lab" }).first().click();
      await workbench.statusBar.getByText(/Lab :\d+/).waitFor();
      await command("topics", "create", "orders", "--partitions", "3");
      for (const name of ["orders", "payments"]) {
        await command("produce", name, "--file", path.join(workbench.folder, `${name}.jsonl`));
      }
    });

    afterEach(async function () {
      if (this.currentTest?.state === "failed") await workbench.picture("FAILED-views");
    });

    after(async () => {
      await Promise.all(consumers.map((one) => one.disconnect()));
      await workbench?.close();
    });

    it("say that there are no groups yet", async () => {
      await workbench.page.getByText("There are no consumer groups yet.").waitFor();
      await workbench.picture("views-no-groups");
    });

    it("show members and lag of a group, and one that nobody reads with", async () => {
      const left = await consume("billing", "billing-1");
      await consumer(/^billing, stable, .*1 member, lag 0/).waitFor();
      await left.disconnect();
      await consumer(/^billing, empty, lag 0/).waitFor();
      await consume("orders-app", "orders-app-1");
      await consume("orders-app", "orders-app-2");
      const group = consumer(/^orders-app, stable, .*2 members, lag 0/);
      await group.waitFor();
      await group.locator(".monaco-tl-twistie").click();
      await consumer(/^Member orders-app-2 at 127\.0\.0\.1, 1 partition, lag 0/).waitFor();
      await consumer(/^Partition 2 of orders, committed/).waitFor();
      await workbench.picture("views-consumers");
    });

    it("point 26: refuse to reset what is being read, and say why", async () => {
      await workbench.contextMenu(consumer(/^orders-app/), "Reset Offsets...");
      await workbench.toasts
        .getByText("Group orders-app is Stable with 2 member(s). Stop its consumers first.")
        .waitFor();
      await workbench.command("Notifications: Clear All Notifications");
    });

    it("point 26: show what a reset does to each partition before it is done", async () => {
      await workbench.contextMenu(consumer(/^billing/), "Reset Offsets...");
      await workbench.quickInput.getByText("Earliest").first().waitFor();
      await workbench.picture("views-reset-target");
      await workbench.page.keyboard.press("Enter");
      await workbench.quickInput.getByText("orders [0]").waitFor();
      await workbench.picture("views-reset-preview");
      await workbench.page.keyboard.press("Enter");
      await consumer(/^billing, empty, lag [1-9]/).waitFor();
      await workbench.statusBar.getByText("3 offsets of billing reset and verified").waitFor();
    });

    it("open the configuration of a topic, complete it and mark what is wrong", async () => {
      await workbench.contextMenu(topic(/^orders/), "Edit Topic Configuration");
      await workbench.editorText.getByText("Configuration of topic orders.").waitFor();
      await workbench.page.keyboard.press("Control+Home");
      await workbench.page.keyboard.press("ArrowDown");
      await workbench.page.keyboard.press("ArrowDown");
      await workbench.page.keyboard.type("\nreten");
      const suggestions = workbench.page.locator(".suggest-widget");
      await suggestions.getByText("retention.ms").first().waitFor();
      await workbench.picture("views-config-completion");
      await workbench.page.keyboard.press("Escape");
      await workbench.page.keyboard.type("tion.ms=soon");
      const problem = workbench.page.getByText("Not a number of type LONG").first();
      // The problem of what was typed a moment before may still be the one that is gone to.
      await waitFor("the lab's own words at the line", async () => {
        await workbench.page.keyboard.press("F8");
        return problem.isVisible();
      });
      await workbench.picture("views-config-problem", { readme: "dark" });
      await workbench.page.keyboard.press("Escape");
      await workbench.page.keyboard.press("End");
      for (const _ of "soon") await workbench.page.keyboard.press("Backspace");
      await workbench.page.keyboard.type("3600000");
      await workbench.page.locator(".squiggly-error").first().waitFor({ state: "detached" });
      await workbench.page.keyboard.press("Control+S");
      await workbench.dialog.getByText("604800000 (default, 7 days) → 3600000 (1 hour)").waitFor();
      await workbench.picture("views-config-save");
      await workbench.dialog.getByRole("button", { name: "Change Topic" }).click();
      await workbench.page.getByRole("tab", { name: /^orders\.topic\.properties/ }).waitFor();
      await workbench.page.locator(".tab.active:not(.dirty)").waitFor();
      await workbench.picture("views-config");
    });

    it("point 34: name the selected topics and their messages when Delete is pressed", async () => {
      await topic(/^orders/).click();
      await topic(/^payments/).click({ modifiers: ["Control"] });
      await workbench.page.keyboard.press("Delete");
      await workbench.dialog.getByText(/Delete 2 topics with [\d,]+ messages\?/).waitFor();
      await workbench.dialog.getByText(/payments, \d+ messages/).waitFor();
      await workbench.picture("views-delete");
      await workbench.dialog.getByRole("button", { name: "Cancel" }).click();
      await topic(/^payments/).waitFor();
    });

    it("find a topic by its name", async () => {
      await workbench.command("Streamside: Find Topic");
      await workbench.page.locator(".monaco-tree-type-filter, .tree-find").first().waitFor();
      await workbench.page.keyboard.type("pay");
      await topic(/^payments/)
        .locator(".highlight")
        .getByText("pay")
        .waitFor();
      await workbench.picture("views-find");
    });
  });
}
