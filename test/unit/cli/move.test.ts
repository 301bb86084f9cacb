import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, it } from "mocha";
import { parseCommand } from "../../../runtime/cli/arguments.ts";
import { runMoves } from "../../../runtime/cli/moves.ts";
import { Output } from "../../../runtime/cli/output.ts";
import { UsageError } from "../../../runtime/cli/usage.ts";
import type { Control } from "../../../runtime/control/control.ts";
import { DataLock } from "../../../runtime/control/lock.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { CONTROL_INFO, controlOver } from "../../support/control-over.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";
import { moveCommand } from "../../support/move-command.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";
import { waitFor } from "../../support/wait-for.ts";

describe("commands that move messages", () => {
  let folder: TempFolder;
  let cluster: MemoryCluster;
  let control: Control;
  let lock: DataLock;
  beforeEach(async () => {
    folder = tempFolder();
    const clock = new FakeClock();
    cluster = new MemoryCluster(clock);
    cluster.add("orders", 1);
    const value = Buffer.from('{"amount":5}');
    cluster.put("orders", 0, [{ key: Buffer.from("k1"), value, timestampMs: 1_000 }]);
    cluster.put("orders", 0, [{ value, timestampMs: 4_500 }]);
    control = await controlOver(cluster, clock);
    const { bootstrap, pid, version, startedAtMs } = CONTROL_INFO;
    lock = DataLock.acquire(folder.path, { pid, version, startedAtMs });
    lock.publish({ bootstrap, control: control.url, token: control.token });
  });
  afterEach(async () => {
    await control.close("the test is over");
    lock.release();
    folder.dispose();
  });

  it("point 23: a replay names target, count and first message, and asks", async () => {
    const said: string[] = [];
    const line = "replay orders --into copy --speed 10";
    await assert.rejects(moveCommand(line, folder.path, "n", said), /nothing was moved/);
    assert.deepEqual(said, [
      "lab 127.0.0.1:9: 2 messages of orders would be placed in copy (a new topic).",
      'first message: partition 0, offset 0, key "k1", value "{\\"amount\\":5}"',
      "this takes 0.4 s.",
    ]);
    assert.equal(await cluster.topic("copy"), undefined);
    const fast = await moveCommand("replay orders --into copy --fast", folder.path, "Y");
    assert.deepEqual(fast.questions, ["replay? [y/N] "]);
    assert.equal(fast.stdout, "2 messages of orders placed in copy (a new topic)\n");
    assert.equal(cluster.partition("copy", 0).endOffset, 2);
  });

  it("point 23: without a person to ask a replay wants to be told", async () => {
    const line = "replay orders --into copy --fast";
    await assert.rejects(moveCommand(line, folder.path, undefined), UsageError);
    assert.equal(await cluster.topic("copy"), undefined);
    const { questions, stdout } = await moveCommand(`${line} --yes --json`, folder.path, undefined);
    assert.deepEqual(questions, []);
    const report: unknown = JSON.parse(stdout);
    assert.deepEqual(report, {
      ...{ outcome: "done", moved: 2, skipped: 0, sizeBytes: 0, elapsedMs: 0, lastsMs: 0 },
      targets: [{ topic: "copy", count: 2, exists: false }],
      first: { partition: 0, offset: 0, timestampMs: 1_000 },
    });
  });

  it("point 24: a redrive shows a table of targets, and asks", async () => {
    const origin = (topic: string) => [
      { key: "kafka_dlt-original-topic", value: Buffer.from(topic) },
    ];
    cluster.add("dlt", 1);
    for (const topic of ["orders", "gone", "orders"]) {
      cluster.put("dlt", 0, [{ value: Buffer.from("v"), headers: origin(topic) }]);
    }
    const said: string[] = [];
    await assert.rejects(moveCommand("redrive dlt", folder.path, "no", said), /nothing was moved/);
    assert.deepEqual(said.slice(0, 3), [
      "TARGET  MESSAGES  EXISTS                 PROBLEM",
      "orders         2     yes                       -",
      "gone           1      no  there is no such topic",
    ]);
    assert.equal(cluster.partition("orders", 0).endOffset, 2);
  });

  it("leave a move to the lab, and see and stop it from there", async () => {
    const line = "replay orders --into copy --yes --detach";
    const { stdout } = await moveCommand(line, folder.path, undefined);
    const id = stdout.trim();
    const list = async (...change: string[]) => {
      const said = new PassThrough();
      const output = new Output(said);
      const command = parseCommand(["moves", ...change, "--data", folder.path]);
      assert.ok(command.name === "moves");
      await runMoves(command, output);
      await output.flush();
      return String(said.read()).trim().split("\n");
    };
    const isOn = new RegExp(`^${id} +replay +running +move +1 `);
    await waitFor("its first message", async () => isOn.test((await list())[1] ?? ""));
    assert.match((await list("pause", id))[1] ?? "", / paused /);
    await list("stop", id);
    await waitFor("it has ended", async () => (await list()).length === 1);
    assert.equal(cluster.partition("copy", 0).endOffset, 1);
  });

  it("say what a dry run would do", async () => {
    const { stdout, remarks } = await moveCommand(
      "replay orders --into orders --dry-run",
      folder.path,
      undefined,
    );
    assert.equal(stdout, "2 messages of orders would be placed in orders\n");
    assert.deepEqual(remarks, ["nothing was moved (--dry-run)."]);
  });
});
