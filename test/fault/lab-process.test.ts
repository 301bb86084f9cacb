/** The lab as a process, and the command line beside it: starting, being found, being asked, ending. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { WebSocket } from "ws";
import type { Lab, LabClient } from "../../runtime/api/lab.ts";
import { RpcPeer } from "../../runtime/api/rpc.ts";
import { socketPipe } from "../../runtime/api/socket-pipe.ts";
import { type LabProcess, startLab, streamside } from "../support/lab-process.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { isAlive, waitFor } from "../support/wait-for.ts";

interface LockFile {
  readonly pid: number;
  readonly token: string;
}

const lockFile = (data: string) => path.join(data, "lab.lock");

function readLock(data: string): LockFile {
  const lock: LockFile = JSON.parse(readFileSync(lockFile(data), "utf8"));
  return lock;
}

/** Connects as a window does. */
async function connect(lab: LabProcess, lease: boolean) {
  const { token } = readLock(lab.ready.data);
  const socket = new WebSocket(lab.ready.control, {
    headers: { authorization: `Bearer ${token}` },
  });
  await once(socket, "open");
  const peer = new RpcPeer<LabClient, Lab>(socketPipe(socket), {});
  const info = await peer.request("lab/hello", { client: "test", lease });
  return { socket, peer, info };
}

describe("the lab process", () => {
  let folder: TempFolder;
  let data: string;
  const labs: LabProcess[] = [];
  beforeEach(() => {
    folder = tempFolder();
    data = path.join(folder.path, "data");
  });
  afterEach(async () => {
    await Promise.all(labs.splice(0).map((lab) => lab.kill()));
    folder.dispose();
  });
  const start = async (args: readonly string[] = []) => {
    const lab = await startLab({ data, args });
    labs.push(lab);
    return lab;
  };

  it("says one ready line, is found by its lock file, and ends with code 0 without it", async () => {
    const lab = await start();
    const { ready } = lab;
    const { bootstrap } = ready;
    const keys = ["ready", "bootstrap", "control", "pid", "data", "listeners", "brokers"];
    assert.deepEqual(Object.keys(ready), keys);
    assert.deepEqual(ready.listeners, [{ protocol: "PLAINTEXT", bootstrap }]);
    assert.deepEqual(ready.brokers, [{ id: 1, listeners: ready.listeners }]);
    assert.equal(ready.pid, lab.child.pid);
    assert.equal(ready.data, data);
    const lock = readLock(data);
    assert.equal(lock.pid, ready.pid);
    if (process.platform !== "win32") assert.equal(statSync(lockFile(data)).mode & 0o777, 0o600);
    const { info, peer } = await connect(lab, false);
    assert.equal(info.bootstrap, ready.bootstrap);
    const stopping = new Promise((resolve) => peer.on("lab/stopping", resolve));
    assert.equal(await lab.stop(), 0);
    assert.deepEqual(await stopping, { reason: "SIGTERM" });
    assert.equal(existsSync(lockFile(data)), false);
    assert.doesNotMatch(lab.stderr(), new RegExp(lock.token));
  });

  it("ends when a client asks for it", async () => {
    const lab = await start();
    const { peer } = await connect(lab, false);
    const exit = once(lab.child, "exit");
    assert.deepEqual(await peer.request("lab/stop", {}), {});
    assert.deepEqual(await exit, [0, null]);
  });

  it("ends a while after its last window, and only then", async () => {
    const lab = await start(["--lease-ms", "200"]);
    const first = await connect(lab, true);
    const second = await connect(lab, true);
    first.socket.terminate();
    const exit = once(lab.child, "exit");
    await second.peer.request("topics/list", { includeInternal: false });
    assert.equal(isAlive(lab.ready.pid), true);
    second.socket.terminate();
    assert.deepEqual(await exit, [0, null]);
    assert.equal(existsSync(lockFile(data)), false);
  });

  it("takes over from a lab that was killed, with its topics", async () => {
    const killed = await start();
    const { peer } = await connect(killed, false);
    await peer.request("topics/create", { name: "kept", partitions: 3, configs: {} });
    await killed.kill();
    assert.equal(existsSync(lockFile(data)), true);
    const { stdout } = await streamside(["topics", "--data", data]);
    assert.equal(stdout, "");
    const next = await start();
    const { topics } = await (
      await connect(next, false)
    ).peer.request("topics/list", { includeInternal: false });
    assert.deepEqual(
      topics.map(({ name, partitions }) => [name, partitions.length]),
      [["kept", 3]],
    );
  });

  it("is one, however many start at the same time over the lock of a dead one", async () => {
    await (await start()).kill();
    const starts = await Promise.allSettled(Array.from({ length: 4 }, () => start()));
    const won = starts.filter((outcome) => outcome.status === "fulfilled");
    assert.equal(won.length, 1);
    for (const outcome of starts) {
      if (outcome.status === "rejected") assert.match(String(outcome.reason), /is in use by/);
    }
    assert.equal(readLock(data).pid, won[0]?.value.ready.pid);
  });

  it("takes another port when the one asked for is taken, and says so", async () => {
    const first = await start();
    const port = Number(first.ready.bootstrap.split(":")[1]);
    const second = await startLab({ data: path.join(folder.path, "other"), port });
    labs.push(second);
    assert.notEqual(second.ready.bootstrap, first.ready.bootstrap);
    assert.match(second.stderr(), new RegExp(`warn.*${port}`));
  });
});

describe("the command line", () => {
  let folder: TempFolder;
  let lab: LabProcess;
  let data: string;
  before(async () => {
    folder = tempFolder();
    data = path.join(folder.path, "data");
    lab = await startLab({ data });
  });
  after(async () => {
    await lab?.kill();
    folder?.dispose();
  });
  const run = (args: readonly string[], input?: string) =>
    streamside([...args, "--data", data], input);
  const file = (name: string, text: string | Buffer) => {
    const whole = path.join(folder.path, name);
    writeFileSync(whole, text);
    return whole;
  };

  it("produces a file, peeks at it byte for byte, and lists the topic", async () => {
    const lines = [
      '{"key":"a","value":{"n":9007199254740993,"n":1.0}}',
      "",
      '{"key":null,"value":null,"headers":[["h","1"],["h",{"base64":"AP8="}]],"timestamp":5}',
      `{"key":"","value":"${"x".repeat(5_000)}"}`,
      '{"valueBase64":"//79"}',
    ];
    const name = file("all.jsonl", lines.join("\r\n"));
    const produced = await run(["produce", "all", "--file", name]);
    assert.equal(produced.code, 0, produced.stderr);
    assert.equal(produced.stdout, "4 messages placed in all, partition 0 at offsets 0 to 3\n");
    const peeked = await run(["peek", "all", "--json"]);
    const shown = peeked.stdout.split("\n");
    assert.match(shown[0] ?? "", /"offset":0,.*"value":\{"n":9007199254740993,"n":1\.0\}\}$/);
    assert.equal(
      shown[1],
      '{"partition":0,"offset":1,"timestamp":5,"key":null,"value":null,"headers":[["h","1"],["h",{"base64":"AP8="}]]}',
    );
    assert.ok(shown[2]?.includes("x".repeat(5_000)));
    assert.match(shown[3] ?? "", /"valueBase64":"\/\/79"/);
    const copied = await run(["produce", "copy"], peeked.stdout);
    assert.equal(copied.code, 0, copied.stderr);
    assert.equal((await run(["peek", "copy", "--json"])).stdout, peeked.stdout);
    const { stdout } = await run(["topics"]);
    assert.match(stdout, /^TOPIC +PARTITIONS +MESSAGES +BYTES\nall +1 +4 +\d+\ncopy +1 +4 +\d+\n$/);
  });

  it("peeks at exactly what was asked for", async () => {
    const input = Array.from({ length: 10 }, (_, n) => `{"value":${n},"timestamp":${1_000 + n}}\n`);
    await run(["produce", "ten"], input.join(""));
    const values = async (...args: string[]) => {
      const { code, stdout, stderr } = await run(["peek", "ten", "--json", ...args]);
      assert.equal(code, 0, stderr);
      const lines = stdout.split("\n").filter(Boolean);
      return lines.map((line) => Number(/"value":(\d+)/.exec(line)?.[1]));
    };
    assert.deepEqual(await values("--from", "offset:7"), [7, 8, 9]);
    assert.deepEqual(await values("--from", "last:2"), [8, 9]);
    assert.deepEqual(await values("--from", "latest"), []);
    assert.deepEqual(await values("--from", "time:1970-01-01T00:00:01.008Z"), [8, 9]);
    assert.deepEqual(await values("--limit", "3"), [0, 1, 2]);
    assert.deepEqual(
      await values("--limit", "0", "--partition", "0"),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    const plain = await run(["peek", "ten", "--limit", "1"]);
    assert.match(plain.stdout, /\n +0 +0 +1970-01-01T00:00:01\.000Z +\(null\) +0\n$/);
  });

  it("carries many messages, and stops without a word when its reader has enough", async () => {
    const input = Array.from({ length: 20_000 }, (_, n) => `{"key":"k${n}","value":"v${n}"}\n`);
    const { code, stdout } = await run(["produce", "many"], input.join(""));
    assert.deepEqual([code, stdout.split(",")[0]], [0, "20000 messages placed in many"]);
    const peeked = await run(["peek", "many", "--json"]);
    assert.equal(peeked.stdout.split("\n").length, 20_001);
    const args = ["dist/streamside.mjs", "peek", "many", "--json", "--data", data];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint += String(chunk)));
    child.stdout.once("data", () => child.stdout.destroy());
    const [exitCode] = await once(child, "close");
    assert.deepEqual([exitCode, complaint], [0, ""]);
  });

  const failures: [args: readonly string[], input: string, code: number, text: RegExp][] = [
    [["peek", "nope"], "", 1, /^streamside: There is no topic nope\./],
    [["peek", "bad name!"], "", 1, /no topic/],
    [["produce", "bad name!"], '{"value":1}', 1, /made of ASCII letters/],
    [["produce", "x", "--file", "/nope.jsonl"], "", 1, /cannot read \/nope\.jsonl/],
    [["produce", "x"], '{"value":1}\n\n{"value":}', 1, /stdin:3:10: expected a JSON value/],
    [["peek"], "", 2, /expected the name of a topic/],
    [["peek", "a", "b"], "", 2, /expected one topic/],
    [["peek", "a", "--from", "middle"], "", 2, /--from: expected earliest/],
    [["peek", "a", "--from", "time:2024-06-11T08:00:00"], "", 2, /with its zone/],
    [["peek", "a", "--limit", "-1"], "", 2, /--limit/],
    [["topics", "--what"], "", 2, /--what/],
    [["dance"], "", 2, /no command dance/],
    [["serve", "--port", "70000"], "", 2, /--port: expected a whole number from 0 to 65535/],
  ];
  for (const [args, input, code, text] of failures) {
    it(`answers ${args.join(" ")} with code ${code} and one line`, async () => {
      const result = await run(args, input);
      assert.match(result.stderr, text);
      assert.equal(result.code, code);
      assert.equal(result.stderr.trimEnd().split("\n").length, 1);
      assert.equal(result.stdout, "");
    });
  }

  it("places nothing of a file with a fault in it", async () => {
    const name = file("half.jsonl", `${'{"value":1}\n'.repeat(2_000)}{"value":1`);
    const { code, stderr } = await run(["produce", "half", "--file", name]);
    assert.equal(code, 1);
    assert.match(stderr, /half\.jsonl:2001:11: /);
    const { stderr: after } = await run(["peek", "half"]);
    assert.match(after, /no topic half/);
  });

  it("says how to start a lab when none runs, and helps", async () => {
    const none = await streamside(["topics", "--data", path.join(folder.path, "none")]);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /no lab is running on .*streamside serve/);
    const help = await streamside(["--help"]);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /Exit codes: 0 done, 1 failed, 2/);
    assert.match((await streamside(["--version"])).stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it("leaves no client behind", async () => {
    const { peer } = await connect(lab, false);
    const lines: string[] = [];
    peer.on("lab/log", ({ message }) => lines.push(message));
    await run(["topics"]);
    await waitFor("the client's end", () => lines.includes("client command line left"));
  });
});
