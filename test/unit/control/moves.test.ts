import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { WebSocket } from "ws";
import { LabError } from "../../../runtime/api/errors.ts";
import type { Lab, LabClient } from "../../../runtime/api/lab.ts";
import type { ExportMove, Move } from "../../../runtime/api/moves.ts";
import { RpcPeer } from "../../../runtime/api/rpc.ts";
import { socketPipe } from "../../../runtime/api/socket-pipe.ts";
import { Control } from "../../../runtime/control/control.ts";
import { LogHistory } from "../../../runtime/control/log-history.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { silentLogger } from "../../../runtime/core/logger.ts";
import { inlineScanner } from "../../support/inline-scanner.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";
import { noGroups } from "../../support/no-groups.ts";
import { noTopicAdmin } from "../../support/no-topic-admin.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";
import { waitFor } from "../../support/wait-for.ts";

const info = { version: "1", pid: 1, bootstrap: "127.0.0.1:9", data: "/data", startedAtMs: 0 };

describe("moves over the control channel", () => {
  let folder: TempFolder;
  let cluster: MemoryCluster;
  let control: Control;
  let lab: RpcPeer<LabClient, Lab>;
  beforeEach(async () => {
    folder = tempFolder();
    const clock = new FakeClock();
    cluster = new MemoryCluster(clock);
    cluster.add("orders", 1);
    for (let i = 0; i < 3_000; i++) cluster.put("orders", 0, [{ value: Buffer.from(`${i}`) }]);
    control = await Control.start({
      ...{ info, cluster, clock, groups: noGroups, topicAdmin: noTopicAdmin },
      scanner: inlineScanner(),
      brokers: {
        list: () => [],
        stop: () => Promise.resolve(),
        start: () => Promise.resolve(),
      },
      ...{ history: new LogHistory(), logger: silentLogger, leaseGraceMs: undefined },
      stop: () => undefined,
      giveWay: () => new Promise((resolve) => setImmediate(resolve)),
    });
    lab = await connect();
  });
  afterEach(async () => {
    await control.close("the test is over");
    folder.dispose();
  });

  async function connect() {
    const headers = { authorization: `Bearer ${control.token}` };
    const socket = new WebSocket(control.url, { headers });
    await once(socket, "open");
    const peer = new RpcPeer<LabClient, Lab>(socketPipe(socket), {});
    await peer.request("lab/hello", { client: "test", lease: false });
    return peer;
  }
  const exportOf = (name: string): ExportMove => ({
    ...{ kind: "export", format: "jsonl", offsets: true, overwrite: false },
    source: { kind: "range", topic: "orders", from: { kind: "last", count: 2_500 } },
    path: path.join(folder.path, name),
  });
  const run = (move: Move, id = "a", dryRun = false) =>
    lab.request("moves/run", { id, move, dryRun });
  const fails = (code: string, message: RegExp) => (error: unknown) =>
    error instanceof LabError && error.code === code && message.test(error.message);
  const begun = () =>
    waitFor("the move has begun", async () => {
      const progress = await lab.request("moves/progress", { id: "a" }).catch(() => undefined);
      return progress !== undefined && progress.messages > 0;
    });

  it("answers at the end with a report", async () => {
    const report = await run(exportOf("a.jsonl"));
    assert.deepEqual([report.outcome, report.moved], ["done", 2_500]);
    assert.deepEqual([report.first?.offset, report.first?.value?.sizeBytes], [500, 3]);
    const [first] = readFileSync(path.join(folder.path, "a.jsonl"), "utf8").split("\n");
    assert.equal(first, '{"partition":0,"offset":500,"timestamp":0,"key":null,"value":500}');
  });

  it("pauses, tells its progress to everybody, and stops in order", async () => {
    const running = run(exportOf("a.jsonl"));
    await begun();
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
      await begun();
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
