/** The Topics view of a cluster with 10,000 topics, as a person feels it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import kafkajs, { type Admin } from "kafkajs";
import { after, afterEach, before, describe, it } from "mocha";
import { streamside } from "../support/lab-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { Workbench } from "./workbench.ts";

const TOPICS = 10_000;
const AT_ONCE = 1_000;
/** What a busy machine keeps as well; the lines that are printed say how long it took. */
const MAX_MS = 15_000;

describe("the view of 10,000 topics", () => {
  let workbench: Workbench;
  let admin: Admin;

  before(async function () {
    this.timeout(180_000);
    workbench = await Workbench.open({ theme: "dark" });
    await workbench.openStreamside();
    await workbench.page.getByRole("button", { name: "Start Lab" }).first().click();
    await workbench.statusBar.getByText(/Lab :\d+/).waitFor();
    const lock = readFileSync(path.join(workbench.folder, ".streamside/lab.lock"), "utf8");
    const { bootstrap } = JSON.parse(lock) as { readonly bootstrap: string };
    const logLevel = kafkajs.logLevel.NOTHING;
    admin = new kafkajs.Kafka({ brokers: [bootstrap], logLevel, requestTimeout: 60_000 }).admin();
    await admin.connect();
    for (let at = 0; at < TOPICS; at += AT_ONCE) {
      const topics = Array.from({ length: AT_ONCE }, (_, i) => ({ topic: `topic-${at + i}` }));
      await admin.createTopics({ topics, waitForLeaders: false, timeout: 60_000 });
    }
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed") await workbench.picture("FAILED-many-topics");
  });

  after(async () => {
    await admin?.disconnect();
    await workbench?.close();
  });

  const row = (name: string) =>
    workbench.tree("Topics").getByRole("treeitem", { name: new RegExp(`^${name}, `) });

  /** How long something takes until `done`, which is printed and has a bound. */
  async function measure(what: string, act: () => Promise<void>): Promise<void> {
    const started = performance.now();
    await act();
    const tookMs = performance.now() - started;
    console.info(`      ${what}: ${tookMs.toFixed(0)} ms`);
    assert.ok(tookMs < MAX_MS, `${what}: ${tookMs} ms`);
  }

  it("scrolls to the end at once", async () => {
    await row("topic-0").click();
    // While topics come the list is drawn anew, and a key can get lost in that.
    await waitFor(
      "the whole list",
      async () => {
        await workbench.page.keyboard.press("End");
        return row(`topic-${TOPICS - 1}`).isVisible();
      },
      60_000,
    );
    await workbench.page.keyboard.press("Home");
    await row("topic-0").waitFor();
    await measure("from the first row to the last", async () => {
      await workbench.page.keyboard.press("End");
      await row(`topic-${TOPICS - 1}`).waitFor();
    });
    await workbench.picture("many-topics");
  });

  it("shows soon what changes among them", async () => {
    const file = path.join(workbench.folder, "payments.jsonl");
    const data = path.join(workbench.folder, ".streamside");
    const name = `topic-${TOPICS - 1}`;
    await streamside(["produce", name, "--file", file, "--data", data]);
    await measure("a count that changes, after the command had ended", () =>
      workbench
        .tree("Topics")
        .getByRole("treeitem", { name: new RegExp(`^${name}, 1 partition, 180 messages`) })
        .waitFor(),
    );
    await measure("a new topic", async () => {
      await admin.createTopics({ topics: [{ topic: "topic-9998a" }], waitForLeaders: false });
      await row("topic-9998a").waitFor();
    });
  });

  it("finds one of them", async () => {
    await workbench.command("Streamside: Find Topic");
    await workbench.page.locator(".monaco-tree-type-filter, .tree-find").first().waitFor();
    await measure("a name that is typed", async () => {
      await workbench.page.keyboard.type("topic-7777");
      await row("topic-7777").locator(".highlight").first().waitFor();
    });
  });
});
