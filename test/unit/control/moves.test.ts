import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { LabError } from "../../../runtime/api/errors.ts";
import type { Lab, LabClient } from "../../../runtime/api/lab.ts";
import type { ExportMove, Move } from "../../../runtime/api/moves.ts";
import type { RpcPeer } from "../../../runtime/api/rpc.ts";
import type { Control } from "../../../runtime/control/control.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { controlClient, controlOver } from "../../support/control-over.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";
import { waitFor } from "../../support/wait-for.ts";

describe("moves over the control channel", () => {
  let folder: TempFolder;
  let cluster: MemoryCluster;
  let control: Control;
  let lab: RpcPeer<LabClient, Lab>;
  beforeEach(async () => {
    folder = tempFolder();
    cluster = new MemoryCluster(new FakeClock());
    cluster.add("orders", 1);
    for (let i = 0; i < 3_000; i++) cluster.put("orders", 0, [{ value: Buffer.from(`${i}`) }]);
    control = await controlOver(cluster);
    lab = await connect();
  });
  afterEach(async () => {
    await control.close("the test is over");
    folder.dispose();
  });

  const connect = () => controlClient(control);
  const exportOf = (name: string): ExportMove => ({
    ...{ kind: "export", format: "jsonl", offsets: true, overwrite: false },
    source: { kind: "range", topic: "orders", from: { kind: "last", count: 2_500 } },
    path: path.join(folder.path, name),
  });
  const run = (move: Move, id = "a", dryRun = false) =>
    lab.request("moves/run", { id, move, dryRun });
  const fails = (code: string, message: RegExp) => (error: unknown) =>
    error instanceof LabError && error.code === code && message.test(error.message);
  /** Holds the move that was just asked for after its first three messages. */
  async function hold(): Promise<void> {
    for (const action of ["pause", "step", "step", "step"] as const) {
      await lab.request("moves/control", { id: "a", action });
    }
    await waitFor("three messages", async () => {
      const { messages } = await lab.request("moves/progress", { id: "a" });
      return messages === 3;
    });
  }

  it("answers at the end with a report", async () => {
    const report = await run(exportOf("a.jsonl"));
    assert.deepEqual([report.outcome, report.moved], ["done", 2_500]);
    assert.deepEqual([report.first?.offset, report.first?.value?.sizeBytes], [500, 3]);
    const [first] = readFileSync(path.join(folder.path, "a.jsonl"), "utf8").split("\n");
    assert.equal(first, '{"partition":0,"offset":500,"timestamp":0,"key":null,"value":500}');
  });

  it("pauses, tells its progress to everybody, and stops in order", async () => {
    const running = run(exportOf("a.jsonl"));
    await hold();
    assert.equal(
      (await lab.request("moves/control", { id: "a", action: "pause" })).state,
      "paused",
    );
    const other = await connect();
    const { phase, part, state } = await other.request("moves/progress", { id: "a" });
    assert.deepEqual([phase, state], ["move", "paused"]);
    assert.ok(part > 0 && part < 1, `${part}`);
    await assert.rejects(run(exportOf("b.jsonl")), fails("bad-request", /A move a runs already/));
    await other.request("moves/control", { id: "a", action: "stop" });
    assert.equal((await running).outcome, "stopped");
    assert.deepEqual(readdirSync(folder.path), []);
  });

  for (const [how, leave] of [
    ["its asker is gone", () => lab.close("gone")],
    ["its asker cancels", undefined],
  ] as const) {
    it(`ends when ${how}, and leaves nothing behind`, async () => {
      const abort = new AbortController();
      const { signal } = abort;
      const params = { id: "a", move: exportOf("a.jsonl"), dryRun: false };
      const running = lab.request("moves/run", params, { signal });
      await hold();
      assert.equal(readdirSync(folder.path).length, 1);
      if (leave === undefined) abort.abort();
      else leave();
      await assert.rejects(running, LabError);
      await waitFor("the folder is empty", () => readdirSync(folder.path).length === 0);
      lab = await connect();
      await assert.rejects(
        lab.request("moves/progress", { id: "a" }),
        fails("unknown-move", /No move a runs/),
      );
    });
  }

  it("is kept when its asker is gone and it was asked for, and is in the list of all", async () => {
    const params = { id: "a", move: exportOf("a.jsonl"), dryRun: false, keep: true };
    const running = lab.request("moves/run", params);
    await hold();
    lab.close("gone");
    await assert.rejects(running, LabError);
    lab = await connect();
    const { moves } = await lab.request("moves/list", {});
    assert.deepEqual(
      moves.map(({ id, kind, state, messages }) => [id, kind, state, messages]),
      [["a", "export", "paused", 3]],
    );
    await lab.request("moves/control", { id: "a", action: "resume" });
    await waitFor("the file", () => readdirSync(folder.path).includes("a.jsonl"));
    await waitFor("the end", async () => (await lab.request("moves/list", {})).moves.length === 0);
  });

  it("end in order before the lab does", async () => {
    const running = run({ kind: "copy", topic: "orders", target: "copy" });
    await hold();
    assert.notEqual(await cluster.topic("copy"), undefined);
    await Promise.all([control.close("the lab stops"), assert.rejects(running, LabError)]);
    assert.equal(await cluster.topic("copy"), undefined);
  });

  it("checks what it is asked", async () => {
    const path = "relative.jsonl";
    await assert.rejects(run({ ...exportOf("a"), path }), fails("bad-request", /absolute path/));
    const source = { kind: "range", topic: "nope", from: { kind: "earliest" } } as const;
    await assert.rejects(
      run({ ...exportOf("a"), source }),
      fails("unknown-topic", /There is no topic nope/),
    );
    const filter = { kind: "sql", expression: "value ==" } as const;
    await assert.rejects(
      run({ ...exportOf("a"), source: { ...source, topic: "orders", filter } }),
      fails("bad-request", /^filter: /),
    );
    const move: unknown = { kind: "teleport" };
    await assert.rejects(
      lab.request("moves/run", { id: "a", move: move as Move, dryRun: false }),
      fails("bad-request", /^move\.kind: expected/),
    );
  });
});
