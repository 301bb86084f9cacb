import assert from "node:assert/strict";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { LabError } from "../../../runtime/api/errors.ts";
import type { Lab, LabClient } from "../../../runtime/api/lab.ts";
import { encodeNewMessages } from "../../../runtime/api/new-messages.ts";
import type { Rewriting } from "../../../runtime/api/moves.ts";
import type { RpcPeer } from "../../../runtime/api/rpc.ts";
import { ReadOnlyCluster } from "../../../runtime/cluster/read-only.ts";
import type { Control } from "../../../runtime/control/control.ts";
import { DataLock } from "../../../runtime/control/lock.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { CONTROL_INFO, controlClient, controlOver } from "../../support/control-over.ts";
import { moveCommand } from "../../support/move-command.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";

describe("a read-only connection", () => {
  let folder: TempFolder;
  let cluster: MemoryCluster;
  let control: Control;
  let lock: DataLock;
  let lab: RpcPeer<LabClient, Lab>;
  beforeEach(async () => {
    folder = tempFolder();
    cluster = new MemoryCluster(new FakeClock());
    cluster.add("orders", 1);
    cluster.put("orders", 0, [{ value: Buffer.from("v") }]);
    control = await controlOver(new ReadOnlyCluster(cluster));
    const { bootstrap, pid, version, startedAtMs } = CONTROL_INFO;
    lock = DataLock.acquire(folder.path, { pid, version, startedAtMs });
    lock.publish({ bootstrap, control: control.url, token: control.token });
    lab = await controlClient(control);
  });
  afterEach(async () => {
    lab.close("done");
    await control.close("the test is over");
    lock.release();
    folder.dispose();
  });

  const isReadOnly = (error: unknown) => error instanceof LabError && error.code === "read-only";
  const command = async (line: string) => (await moveCommand(line, folder.path, "yes")).stdout;

  it("point 23: refuses what would write, from the API alike", async () => {
    const source = { kind: "range", topic: "orders", from: { kind: "earliest" } } as const;
    const rewriting: Rewriting = {
      ...{ key: "keep", value: "keep", headers: "keep", partition: "keep", timestamp: "keep" },
    };
    const replay = { kind: "replay", source, topic: "copy", rewriting, paused: false } as const;
    for (const dryRun of [true, false]) {
      await assert.rejects(lab.request("moves/run", { id: "a", move: replay, dryRun }), isReadOnly);
    }
    const message = {
      ...{ key: null, value: null, headers: [], partition: undefined, timestampMs: undefined },
    };
    const messages = encodeNewMessages([message]);
    await assert.rejects(
      lab.request("messages/produce", { topic: "orders", messages }),
      isReadOnly,
    );
    const topic = { name: "new", partitions: 1, configs: {} };
    await assert.rejects(lab.request("topics/create", topic), isReadOnly);
    await assert.rejects(lab.request("topics/delete", { names: ["orders"] }), isReadOnly);
    assert.equal(cluster.partition("orders", 0).endOffset, 1);
    assert.equal((await cluster.topics()).length, 1);
  });

  it("point 23: refuses what would write, from commands alike", async () => {
    await assert.rejects(command("replay orders --into copy"), isReadOnly);
    await assert.rejects(command("replay orders --into copy --yes"), isReadOnly);
    await assert.rejects(command("import orders --file x.jsonl"), isReadOnly);
    assert.equal(cluster.partition("orders", 0).endOffset, 1);
  });

  it("can be looked at and exported", async () => {
    const file = path.join(folder.path, "orders.jsonl");
    assert.match(await command(`export orders --file ${file}`), /^1 message of orders written to /);
  });
});
