import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, it } from "mocha";
import { WebSocket } from "ws";
import type { Lab, LabClient } from "../../../runtime/api/lab.ts";
import type { BrokerSummary } from "../../../runtime/api/model.ts";
import { encodeNewMessages } from "../../../runtime/api/new-messages.ts";
import { decodePage } from "../../../runtime/api/page.ts";
import { RpcPeer } from "../../../runtime/api/rpc.ts";
import { socketPipe } from "../../../runtime/api/socket-pipe.ts";
import { Control } from "../../../runtime/control/control.ts";
import type { BrokerControl } from "../../../runtime/control/handlers.ts";
import { LogHistory } from "../../../runtime/control/log-history.ts";
import { MAX_CLIENTS } from "../../../runtime/control/server.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { createLogger } from "../../../runtime/core/logger.ts";
import { inlineScanner } from "../../support/inline-scanner.ts";
import { noGroups } from "../../support/no-groups.ts";
import { noTopicAdmin } from "../../support/no-topic-admin.ts";
import { MemoryCluster } from "../../support/memory-cluster.ts";

const info = { version: "1", pid: 1, bootstrap: "127.0.0.1:9", data: "/data", startedAtMs: 0 };
const GRACE_MS = 10_000;

/** Two brokers, of which it is only known whether they are up. */
class TwoBrokers implements BrokerControl {
  readonly #down = new Set<number>();

  list() {
    return [1, 2].map((id) => ({ id, up: !this.#down.has(id), leads: 0, listeners: [] }));
  }

  stop(id: number): Promise<void> {
    this.#down.add(id);
    return Promise.resolve();
  }

  start(id: number): Promise<void> {
    this.#down.delete(id);
    return Promise.resolve();
  }
}

describe("control channel", () => {
  let clock: FakeClock;
  let cluster: MemoryCluster;
  let brokers: TwoBrokers;
  let history: LogHistory;
  let control: Control;
  let stopped: string[];
  const sockets: WebSocket[] = [];
  /** Says that a group has changed. */
  let tellOfGroup: (groupId: string) => void;
  const watchGroups = (listener: (groupId: string) => void) => {
    tellOfGroup = listener;
    return { dispose: () => undefined };
  };

  beforeEach(async () => {
    clock = new FakeClock();
    cluster = new MemoryCluster(clock);
    brokers = new TwoBrokers();
    history = new LogHistory();
    stopped = [];
    control = await Control.start({
      info,
      brokers,
      cluster,
      scanner: inlineScanner(),
      groups: { ...noGroups, onChange: (listener) => watchGroups(listener) },
      topicAdmin: noTopicAdmin,
      clock,
      history,
      logger: createLogger(
        "control",
        () => clock.nowMs(),
        (line) => history.add(line),
      ),
      leaseGraceMs: GRACE_MS,
      stop: (reason) => stopped.push(reason),
      giveWay: () => new Promise((resolve) => setImmediate(resolve)),
    });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await control.close("the test is over");
  });

  const dial = (headers: Record<string, string>) => {
    const socket = new WebSocket(control.url, { headers });
    sockets.push(socket);
    return socket;
  };
  const authorized = () => ({ authorization: `Bearer ${control.token}` });
  async function peer() {
    const socket = dial(authorized());
    await once(socket, "open");
    return { socket, lab: new RpcPeer<LabClient, Lab>(socketPipe(socket), {}) };
  }
  async function client(lease = false) {
    const connected = await peer();
    assert.deepEqual(await connected.lab.request("lab/hello", { client: "test", lease }), info);
    return connected;
  }
  const status = (headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve) => {
      const socket = dial(headers);
      socket.on("error", () => undefined);
      socket.once("unexpected-response", (_request, response) => resolve(response.statusCode));
      socket.once("open", () => resolve(101));
    });

  it("lets in who knows the token and no browser page", async () => {
    assert.match(control.url, /^ws:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await status(authorized()), 101);
    assert.equal(await status({}), 401);
    assert.equal(await status({ authorization: "Bearer " }), 401);
    assert.equal(await status({ authorization: `Bearer ${control.token}x` }), 401);
    assert.equal(await status({ authorization: control.token }), 401);
    assert.equal(await status({ ...authorized(), origin: "http://localhost" }), 403);
    assert.equal(await status({ ...authorized(), origin: "null" }), 403);
    const response = await fetch(control.url.replace("ws:", "http:"));
    assert.equal(response.status, 426);
  });

  it("ends also while someone who was refused keeps the connection open", async () => {
    const socket = connect({ port: Number(new URL(control.url).port), allowHalfOpen: true });
    socket.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    const [answer] = await once(socket, "data");
    assert.match(String(answer), /^HTTP\/1\.1 401 /);
    await control.close("now");
    socket.destroy();
  });

  it("bounds the number of clients", async () => {
    for (let index = 0; index < MAX_CLIENTS; index++) await peer();
    assert.equal(await status(authorized()), 503);
  });

  it("asks for a hello first", async () => {
    const { lab } = await peer();
    await assert.rejects(lab.request("topics/list", { includeInternal: false }), {
      code: "bad-request",
      message: /lab\/hello first/,
    });
    await lab.request("lab/hello", { client: "x", lease: false });
    await assert.rejects(lab.request("lab/hello", { client: "x", lease: false }), /once/);
  });

  it("creates, lists and deletes topics", async () => {
    const { lab } = await client();
    const created = await lab.request("topics/create", {
      name: "orders",
      partitions: 2,
      configs: {},
    });
    assert.equal(created.partitions.length, 2);
    cluster.add("__internal", 1);
    const names = async (includeInternal: boolean) =>
      (await lab.request("topics/list", { includeInternal })).topics.map(({ name }) => name);
    assert.deepEqual(await names(false), ["orders"]);
    assert.deepEqual(await names(true), ["orders", "__internal"]);
    await assert.rejects(
      lab.request("topics/create", { name: "orders", partitions: 1, configs: {} }),
      { code: "topic-exists" },
    );
    await assert.rejects(lab.request("topics/delete", { names: ["orders", "a", "b"] }), {
      code: "unknown-topic",
      message: "There is no topic a. There is no topic b.",
    });
    assert.deepEqual(await names(false), []);
  });

  it("lists, stops and starts brokers", async () => {
    const { lab } = await client();
    const up = (answer: { brokers: readonly BrokerSummary[] }) =>
      answer.brokers.filter((broker) => broker.up).map(({ id }) => id);
    assert.deepEqual(up(await lab.request("brokers/stop", { id: 2 })), [1]);
    assert.deepEqual(up(await lab.request("brokers/list", {})), [1]);
    assert.deepEqual(up(await lab.request("brokers/start", { id: 2 })), [1, 2]);
    await assert.rejects(lab.request("brokers/stop", { id: 3 }), {
      code: "unknown-broker",
      message: /There is no broker 3; the lab has 1, 2\./,
    });
  });

  it("produces, reads and gets messages as bytes", async () => {
    cluster.add("t", 1);
    const { lab } = await client();
    const value = new Uint8Array(5_000).fill(7);
    const messages = encodeNewMessages([
      { key: null, value, headers: [], partition: undefined, timestampMs: 5 },
    ]);
    const { placements } = await lab.request("messages/produce", { topic: "t", messages });
    assert.deepEqual(placements, [{ partition: 0, offset: 0 }]);
    const read = await lab.request("messages/read", {
      topic: "t",
      partition: undefined,
      from: { kind: "earliest" },
      limit: 10,
      waitMs: 0,
    });
    const [message] = decodePage(read.page);
    assert.equal(read.count, 1);
    assert.equal(message?.value?.bytes.length, 1_024);
    assert.equal(message?.value?.sizeBytes, 5_000);
    const whole = await lab.request("messages/get", { topic: "t", partition: 0, offset: 0 });
    assert.deepEqual(
      Buffer.from(decodePage(whole.page)[0]?.value?.bytes ?? []),
      Buffer.from(value),
    );
  });

  it("reads only what a filter wants, and says what is wrong with one", async () => {
    cluster.add("t", 1);
    cluster.put("t", 0, [{ value: Buffer.from('{"n":1}') }, { value: Buffer.from('{"n":2}') }]);
    const { lab } = await client();
    const read = await lab.request("messages/read", {
      ...{ topic: "t", partition: undefined, from: { kind: "earliest" }, limit: 10, waitMs: 0 },
      filter: { kind: "sql", expression: "n > 1" },
    });
    assert.deepEqual(
      decodePage(read.page).map(({ offset }) => offset),
      [1],
    );
    assert.deepEqual([read.count, read.scanned, read.atEnd], [1, 2, true]);
    const check = (expression: string) =>
      lab.request("filter/check", { filter: { kind: "sql", expression } });
    assert.deepEqual(await check("n > 1"), { faults: [] });
    const { faults } = await check("n > nothing(1)");
    assert.deepEqual([faults[0]?.start, faults[0]?.end], [4, 11]);
    assert.match(faults[0]?.message ?? "", /no function nothing/);
  });

  it("counts messages, shows them over time, and finds the newest of each key", async () => {
    cluster.add("t", 1);
    const value = Buffer.alloc(5_000);
    cluster.put("t", 0, [{ key: Buffer.from("a"), timestampMs: 1_000 }, { timestampMs: 1_001 }]);
    cluster.put("t", 0, [{ key: Buffer.from("a"), value, timestampMs: 1_999 }]);
    const { lab } = await client();
    const range = { topic: "t", from: { kind: "earliest" } } as const;
    const filter = { kind: "sql", expression: "key = 'a'" } as const;
    const extents = [{ partition: 0, startOffset: 0, endOffset: 3, sizeBytes: 5_147 }];
    const end = [{ partition: 0, offset: 3 }];
    const step = { extents, end, next: end, scanned: 3, atEnd: true };
    const count = await lab.request("messages/count", { ...range, filter });
    assert.deepEqual(count, { count: 2, ...step });
    const histogram = await lab.request("messages/histogram", {
      ...{ ...range, buckets: 2, by: "partition" },
    });
    assert.deepEqual(histogram, {
      ...{ times: { fromMs: 1_000, toMs: 2_000 }, bucketMs: 500, byHeader: 3, ...step },
      series: [{ partition: 0, counts: [2, 1], earlier: 0, later: 0 }],
    });
    const { page, ...latest } = await lab.request("messages/latestPerKey", { ...range, limit: 9 });
    const next = [{ partition: 0, offset: 0 }];
    assert.deepEqual(latest, { count: 1, withoutKey: 1, ...step, next });
    const [message] = decodePage(page);
    assert.deepEqual([message?.offset, message?.value?.bytes.length], [2, 1_024]);
  });

  it("names what is wrong with a parameter", async () => {
    const socket = dial(authorized());
    await once(socket, "open");
    const answers = new Map<number, { code?: string; message?: string }>();
    socket.on("message", (data: Buffer) => {
      const frame: { id: number; code?: string; message?: string } = JSON.parse(String(data));
      answers.set(frame.id, frame);
    });
    const good = { topic: "t", from: { kind: "earliest" }, limit: 1, waitMs: 0 };
    const field = { topic: "t", partition: 0, offset: 0, side: "value" };
    const hello = { client: "raw", lease: false };
    socket.send(JSON.stringify({ kind: "request", id: 1, method: "lab/hello", params: hello }));
    const bad: [method: string, params: unknown, message: RegExp][] = [
      ["topics/list", undefined, /^params: expected an object/],
      ["topics/list", { includeInternal: 1 }, /^includeInternal: expected true or false/],
      ["topics/create", { name: 5 }, /^name: expected a string/],
      ["topics/create", { name: "a", configs: { b: 1 } }, /^configs\.b: expected a string/],
      ["topics/create", { name: "a", partitions: 0, configs: {} }, /^partitions: .* 1 to 10000/],
      ["topics/delete", { names: [1] }, /^names: expected a list of strings/],
      ["topics/alterConfigs", { changes: [{ name: "a" }] }, /^changes\[0\]\.value: expected a str/],
      ["topics/addPartitions", { topic: "t", total: 0 }, /^total: .* 1 to 10000/],
      ["topics/planDeleteRecords", { target: { kind: "x" } }, /^target\.kind: expected end, off/],
      [
        "topics/deleteRecords",
        { topic: "t", steps: [{ partition: -1 }] },
        /^steps\[0\]\.partition/,
      ],
      ["topics/empty", { names: "t" }, /^names: expected a list/],
      ["groups/list", { names: [1] }, /^names: expected a list of strings/],
      ["groups/deleteOffsets", { partition: -1 }, /^partition: expected an integer/],
      ["messages/read", { ...good, limit: 0 }, /^limit: expected an integer from 1 to 5000/],
      ["messages/read", { ...good, limit: 1.5 }, /^limit/],
      ["messages/read", { ...good, waitMs: 30_001 }, /^waitMs/],
      ["messages/read", { ...good, partition: -1 }, /^partition/],
      ["messages/read", { ...good, from: { kind: "middle" } }, /^from\.kind: expected earliest/],
      ["messages/read", { ...good, from: { kind: "offset", offset: -1 } }, /^from\.offset/],
      [
        "messages/read",
        { ...good, from: { kind: "cursors", cursors: [{}] } },
        /^from\.cursors\[0\]/,
      ],
      ["messages/read", { ...good, filter: { kind: "magic" } }, /^filter\.kind: expected text/],
      ["messages/count", { ...good, to: { kind: "end" } }, /^to\.kind: expected earliest/],
      ["messages/count", { ...good, times: { fromMs: 5, toMs: 5 } }, /^times\.toMs: .* from 6/],
      [
        "messages/decode",
        { ...field, registry: { url: "file:///etc" } },
        /^registry\.url: expected/,
      ],
      [
        "messages/decode",
        { ...field, registry: { url: "http://me:pw@h" } },
        /without user and pass/,
      ],
      ["messages/histogram", { ...good, buckets: 0, by: "topic" }, /^buckets: expected an integer/],
      ["messages/histogram", { ...good, buckets: 2, by: "day" }, /^by: expected topic or part/],
      ["messages/latestPerKey", { ...good, limit: 5_001 }, /^limit: expected an integer/],
      ["filter/check", { filter: { kind: "text", text: "a", part: "soul" } }, /^filter\.part/],
      ["filter/check", { filter: { kind: "sql", expression: 1 } }, /^filter\.expression/],
      ["messages/get", { topic: "t", partition: 0, offset: 2 ** 60 }, /^offset/],
      ["messages/produce", { topic: "t", messages: "text" }, /^messages: expected bytes/],
    ];
    for (const [index, [method, params, message]] of bad.entries()) {
      const id = 100 + index;
      socket.send(JSON.stringify({ kind: "request", id, method, params }));
      while (!answers.has(id)) await once(socket, "message");
      assert.equal(answers.get(id)?.code, "bad-request", method);
      assert.match(answers.get(id)?.message ?? "", message);
    }
  });

  it("tells of changes at once and then not too often", async () => {
    const { lab } = await client();
    const changes: (readonly string[] | undefined)[] = [];
    lab.on("topics/changed", ({ names }) => changes.push(names));
    const add = async (count: number) => {
      for (let index = 0; index < count; index++) cluster.add(`t${index}`, 1);
      await lab.request("topics/list", { includeInternal: false });
    };
    await add(3);
    assert.deepEqual(changes.splice(0), [["t0"]]);
    clock.advance(250);
    await add(0);
    assert.deepEqual(changes.splice(0), [["t1", "t2"]]);
    clock.advance(250);
    await add(1_002);
    clock.advance(250);
    await add(0);
    assert.deepEqual(changes, [["t0"], undefined]);
  });

  it("names the groups that have changed, as seldom", async () => {
    const { lab } = await client();
    const changes: (readonly string[] | undefined)[] = [];
    lab.on("groups/changed", ({ names }) => changes.push(names));
    for (const groupId of ["a", "b", "c", "b"]) tellOfGroup(groupId);
    await lab.request("groups/list", {});
    assert.deepEqual(changes, [["a"]]);
    clock.advance(250);
    await lab.request("groups/list", {});
    assert.deepEqual(changes, [["a"], ["b", "c"]]);
  });

  it("replays the last log lines and goes on with new ones", async () => {
    for (let index = 0; index < 300; index++) {
      history.add({ atMs: index, level: "info", source: "lab", message: `line ${index}` });
    }
    const { lab } = await peer();
    const lines: string[] = [];
    lab.on("lab/log", ({ message }) => lines.push(message));
    await lab.request("lab/hello", { client: "test", lease: false });
    assert.equal(lines[0], "line 100");
    assert.deepEqual(lines.slice(199), ["line 299", "client test connected"]);
    history.add({ atMs: 1, level: "warn", source: "lab", message: "new" });
    await lab.request("topics/list", { includeInternal: false });
    assert.equal(lines.at(-1), "new");
  });

  it("ends with its last lease client, after the grace", async () => {
    const watcher = await client(false);
    const first = await client(true);
    clock.advance(GRACE_MS * 2);
    assert.deepEqual(stopped, []);
    first.socket.terminate();
    await until(() => history.lines.some(({ message }) => message === "client test left"));
    clock.advance(GRACE_MS - 1);
    const second = await client(true);
    clock.advance(GRACE_MS * 2);
    assert.deepEqual(stopped, []);
    second.socket.terminate();
    await until(() => history.lines.filter(({ message }) => message.endsWith("left")).length === 2);
    clock.advance(GRACE_MS);
    assert.deepEqual(stopped, ["its last client is gone"]);
    watcher.socket.terminate();
  });

  it("ends when nobody ever comes", () => {
    clock.advance(GRACE_MS);
    assert.equal(stopped.length, 1);
  });

  it("stops when asked, answering first, once", async () => {
    const { lab } = await client();
    await lab.request("lab/stop", {});
    await lab.request("lab/stop", {});
    await until(() => stopped.length > 0);
    assert.deepEqual(stopped, ["a client asked for it"]);
    await assert.rejects(lab.request("topics/list", { includeInternal: false }), {
      code: "stopping",
    });
  });

  it("says goodbye with the reason, cancels what waits, and closes", async () => {
    cluster.add("t", 1);
    const { lab } = await client();
    const reasons: string[] = [];
    lab.on("lab/stopping", ({ reason }) => reasons.push(reason));
    const from = { kind: "latest" } as const;
    const waiting = lab.request("messages/read", {
      topic: "t",
      partition: 0,
      from,
      limit: 1,
      waitMs: 30_000,
    });
    const closed = assert.rejects(waiting, { code: "closed" });
    await lab.request("topics/list", { includeInternal: false });
    await control.close("maintenance");
    await closed;
    assert.deepEqual(reasons, ["maintenance"]);
  });

  it("closes on frames that are not frames", async () => {
    for (const garbage of ["not json", "7", '{"kind":"shout"}', Buffer.from([1, 2, 3])]) {
      const { socket } = await client();
      const closed = once(socket, "close");
      socket.send(garbage);
      const [, reason] = await closed;
      assert.match(String(reason), /^protocol error: /);
    }
  });
});

/** Waits for a condition that other work of this process brings about. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
