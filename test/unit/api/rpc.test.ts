import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { LabError } from "../../../runtime/api/errors.ts";
import { type Handlers, MAX_IN_FLIGHT, type Pipe, RpcPeer } from "../../../runtime/api/rpc.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";

interface Server {
  requests: {
    "math/add": { params: { readonly a: number; readonly b: number }; result: number };
    wait: { params: Record<string, never>; result: string };
    fail: { params: { readonly how: "code" | "bug" }; result: string };
  };
  events: { tick: { readonly at: number } };
}
interface Client {
  requests: { "client/name": { params: Record<string, never>; result: string } };
  events: object;
}

/** One end of a pipe in memory: delivery is a microtask later, as with a real transport. */
class MemoryPipe implements Pipe {
  other: MemoryPipe | undefined;
  closedWith: string | undefined;
  readonly sent: unknown[] = [];
  #onMessage: (message: unknown) => void = () => undefined;
  #onClose: (reason: string) => void = () => undefined;

  send(message: unknown): void {
    this.sent.push(message);
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => this.other?.deliver(copy));
  }
  deliver(message: unknown): void {
    this.#onMessage(message);
  }
  onMessage(listener: (message: unknown) => void): void {
    this.#onMessage = listener;
  }
  onClose(listener: (reason: string) => void): void {
    this.#onClose = listener;
  }
  close(reason: string): void {
    if (this.closedWith !== undefined) return;
    this.closedWith = reason;
    this.#onClose(reason);
    this.other?.close(reason);
  }
}

function pair() {
  const [near, far] = [new MemoryPipe(), new MemoryPipe()];
  near.other = far;
  far.other = near;
  const clock = new FakeClock();
  const aborted: string[] = [];
  const faults: unknown[] = [];
  const handlers: Handlers<Server> = {
    "math/add": ({ a, b }) => a + b,
    wait: (_params, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          aborted.push("wait");
          reject(new Error("stopped"));
        });
      }),
    fail: ({ how }) => {
      throw how === "code" ? new LabError("unknown-topic", "No topic x.") : new Error("a bug");
    },
  };
  const server = new RpcPeer<Server, Client>(far, handlers, { onFault: (e) => faults.push(e) });
  const client = new RpcPeer<Client, Server>(
    near,
    { "client/name": () => "grid" },
    { after: (delayMs, action) => clock.after(delayMs, action) },
  );
  return { near, far, server, client, clock, aborted, faults };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("RpcPeer", () => {
  it("answers requests in both directions", async () => {
    const { client, server } = pair();
    assert.equal(await client.request("math/add", { a: 1, b: 2 }), 3);
    assert.equal(await server.request("client/name", {}), "grid");
  });

  it("carries codes and messages of failures, and reports bugs", async () => {
    const { client, faults } = pair();
    await assert.rejects(client.request("fail", { how: "code" }), {
      name: "LabError",
      code: "unknown-topic",
      message: "No topic x.",
    });
    assert.equal(faults.length, 0);
    await assert.rejects(client.request("fail", { how: "bug" }), {
      code: "internal",
      message: "a bug",
    });
    assert.equal(faults.length, 1);
  });

  it("cancels at once, here and there, and removes its listener", async () => {
    const { client, aborted } = pair();
    const { signal, removed } = watched();
    const request = client.request("wait", {}, { signal });
    await settle();
    signal.abort();
    await assert.rejects(request, { code: "cancelled" });
    await settle();
    assert.deepEqual(aborted, ["wait"]);
    assert.equal(removed(), 1);
    assert.equal(await client.request("math/add", { a: 1, b: 1 }), 2);
  });

  it("removes its listener once answered and sends nothing when aborted before", async () => {
    const { client, near } = pair();
    const { signal, removed } = watched();
    await client.request("math/add", { a: 1, b: 1 }, { signal });
    assert.equal(removed(), 1);
    const sent = near.sent.length;
    signal.abort();
    await assert.rejects(client.request("wait", {}, { signal }), { code: "cancelled" });
    assert.equal(near.sent.length, sent);
  });

  it("gives up after the time limit and cancels the far handler", async () => {
    const { client, clock, aborted } = pair();
    const request = client.request("wait", {}, { timeLimitMs: 50 });
    await settle();
    clock.advance(50);
    await assert.rejects(request, { code: "timeout" });
    await settle();
    assert.deepEqual(aborted, ["wait"]);
  });

  it("rejects what is pending and aborts what runs when the pipe closes", async () => {
    const { client, server, aborted } = pair();
    const reasons: string[] = [];
    client.onClose((reason) => reasons.push(reason));
    const request = client.request("wait", {});
    await settle();
    server.close("bye");
    await assert.rejects(request, { code: "closed" });
    await assert.rejects(client.request("wait", {}), { code: "closed" });
    await settle();
    assert.deepEqual(aborted, ["wait"]);
    assert.deepEqual(reasons, ["bye"]);
    client.onClose((reason) => reasons.push(`late ${reason}`));
    assert.deepEqual(reasons, ["bye", "late bye"]);
  });

  it("answers busy beyond the bound on requests at once", async () => {
    const { client, server } = pair();
    const waits = Array.from({ length: MAX_IN_FLIGHT }, () => client.request("wait", {}));
    const rejected = Promise.allSettled(waits);
    await assert.rejects(client.request("math/add", { a: 1, b: 1 }), { code: "busy" });
    server.close("done");
    assert.ok((await rejected).every((outcome) => outcome.status === "rejected"));
  });

  it("delivers events until the subscription is disposed", async () => {
    const { client, server } = pair();
    const seen: number[] = [];
    const subscription = client.on("tick", ({ at }) => seen.push(at));
    server.emit("tick", { at: 1 });
    await settle();
    subscription.dispose();
    server.emit("tick", { at: 2 });
    await settle();
    assert.deepEqual(seen, [1]);
  });

  for (const method of ["nope", "constructor", "__proto__", "toString"]) {
    it(`answers unknown-method to ${method}`, async () => {
      const { near, far } = pair();
      near.send({ kind: "request", id: 1, method, params: {} });
      await settle();
      assert.equal(JSON.stringify(far.sent).includes("unknown-method"), true);
    });
  }

  const garbage: unknown[] = [
    null,
    7,
    "text",
    [],
    {},
    { kind: "request", id: 1 },
    { kind: "request", id: "1", method: "wait" },
    { kind: "request", id: 0, method: "wait" },
    { kind: "result", id: 99, result: 1 },
    { kind: "error", id: 1, code: 5, message: "x" },
    { kind: "event" },
    { kind: "shout", id: 1 },
  ];
  for (const message of garbage) {
    it(`closes with a reason on ${JSON.stringify(message)}`, async () => {
      const { near, far } = pair();
      near.send(message);
      await settle();
      assert.match(far.closedWith ?? "", /^protocol error: /);
    });
  }

  it("closes when a request id is used twice at once", async () => {
    const { near, far } = pair();
    near.send({ kind: "request", id: 1, method: "wait", params: {} });
    near.send({ kind: "request", id: 1, method: "wait", params: {} });
    await settle();
    assert.match(far.closedWith ?? "", /in use/);
  });
});

/** An abort signal that counts how often its listener was removed. */
function watched() {
  const controller = new AbortController();
  let count = 0;
  const remove = controller.signal.removeEventListener.bind(controller.signal);
  const signal = Object.assign(controller.signal, { abort: () => controller.abort() });
  signal.removeEventListener = (type: "abort", listener: () => void) => {
    count += 1;
    remove(type, listener);
  };
  return { signal, removed: () => count };
}
