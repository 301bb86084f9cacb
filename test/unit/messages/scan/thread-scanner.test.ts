import assert from "node:assert/strict";
import { beforeEach, describe, it } from "mocha";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { WHOLE } from "../../../../runtime/messages/message.ts";
import type { ScanOutcome, ScanRequest } from "../../../../runtime/messages/scan/scanner.ts";
import {
  IDLE_MS,
  MAX_CHUNK_MS,
  type ScanAnswer,
  type ScanThread,
  ThreadScanner,
} from "../../../../runtime/messages/scan/thread-scanner.ts";

/** A thread that answers when the test says so. */
class FakeThread implements ScanThread {
  readonly posted: { request: ScanRequest; transfer: readonly ArrayBuffer[] }[] = [];
  ended = false;
  #answer: (answer: ScanAnswer) => void = () => undefined;
  die: (reason: string) => void = () => undefined;

  post(request: ScanRequest, transfer: readonly ArrayBuffer[]): void {
    this.posted.push({ request, transfer });
  }
  onOutcome(listener: (answer: ScanAnswer) => void): void {
    this.#answer = listener;
  }
  answer(outcome: ScanOutcome, returned?: ArrayBuffer): void {
    this.#answer({ outcome, returned });
  }
  onEnd(listener: (reason: string) => void): void {
    this.die = listener;
  }
  end(): void {
    this.ended = true;
  }
}

const DONE: ScanOutcome = { kind: "invalid-filter", diagnostics: [] };

function request(bytes: number): ScanRequest {
  const chunk = {
    ...{ bytes: Buffer.allocUnsafe(bytes), partition: 0, fromOffset: 0, endOffset: 1 },
  };
  const task = { kind: "find", limit: 1, field: WHOLE } as const;
  return { filter: { kind: "sql", expression: "true" }, chunk, task };
}

describe("scanning on threads", () => {
  let clock: FakeClock;
  let threads: FakeThread[];
  let scanner: ThreadScanner;
  const start = (): FakeThread => {
    const thread = new FakeThread();
    threads.push(thread);
    return thread;
  };
  const thread = (index: number): FakeThread => {
    const found = threads[index];
    assert.ok(found !== undefined, `there is no thread ${index}`);
    return found;
  };
  beforeEach(() => {
    clock = new FakeClock();
    threads = [];
    scanner = new ThreadScanner(start, clock);
  });

  it("starts no thread before there is work, and no more than two", async () => {
    assert.equal(threads.length, 0);
    const outcomes = [1, 2, 3].map(() => scanner.scan(request(10)));
    assert.equal(threads.length, 2);
    thread(1).answer(DONE);
    assert.equal(thread(1).posted.length, 2);
    thread(0).answer(DONE);
    thread(1).answer(DONE);
    assert.deepEqual(await Promise.all(outcomes), [DONE, DONE, DONE]);
    void scanner.scan(request(10));
    assert.equal(threads.length, 2);
  });

  it("gives memory away, and copies of what Node.js shares, however much of it that is", () => {
    const { poolSize } = Buffer;
    try {
      // As in Node.js 24, where it is eight times as much as in 20.
      Buffer.poolSize = 65_536;
      const sizes = [1, 4_096, 20_000, 32_767, 32_768, 1_000_000];
      for (const size of sizes) {
        const sent = request(size);
        void scanner.scan(sent);
        const { posted } = thread(0);
        const { request: got, transfer } = posted.at(-1) ?? assert.fail("nothing was posted");
        const { bytes } = structuredClone(got.chunk, { transfer: [...transfer] });
        assert.equal(bytes.byteLength, size);
        assert.equal(got.chunk.bytes.length, 0, "it was given away");
        thread(0).answer(DONE);
        if (size < 32_768) assert.equal(sent.chunk.bytes.length, size, "others share it");
      }
    } finally {
      Buffer.poolSize = poolSize;
    }
  });

  it("lends memory again that came back from a thread, until there are no threads", () => {
    const first = scanner.allocate(100_000);
    assert.ok(first.length >= 100_000);
    void scanner.scan(request(10));
    thread(0).answer(DONE, new ArrayBuffer(first.length));
    const second = scanner.allocate(100_000);
    void scanner.scan(request(10));
    const back = second.buffer;
    assert.ok(back instanceof ArrayBuffer);
    thread(0).answer(DONE, back);
    assert.equal(scanner.allocate(100_000).buffer, back);
    void scanner.scan(request(10));
    thread(0).answer(DONE, back);
    clock.advance(IDLE_MS);
    assert.notEqual(scanner.allocate(100_000).buffer, back);
  });

  it("ends a thread that comes to no end, and the search with what to do about it", async () => {
    const [first, second, third] = [1, 2, 3].map(() => scanner.scan(request(10)));
    thread(1).answer(DONE);
    assert.deepEqual(await second, DONE);
    clock.advance(MAX_CHUNK_MS - 1);
    assert.equal(thread(0).ended, false);
    clock.advance(1);
    assert.equal(thread(0).ended, true);
    const outcome = await first;
    assert.ok(outcome?.kind === "failed");
    assert.match(outcome.message, /longer than 5 s.*Simplify/);
    assert.equal((await third)?.kind, "failed");
  });

  it("goes on with another thread when one dies", async () => {
    const first = scanner.scan(request(10));
    thread(0).die("out of memory");
    const outcome = await first;
    assert.ok(outcome.kind === "failed");
    assert.match(outcome.message, /out of memory/);
    const second = scanner.scan(request(10));
    thread(1).answer(DONE);
    assert.deepEqual(await second, DONE);
  });

  it("ends threads that have nothing to do", async () => {
    const first = scanner.scan(request(10));
    thread(0).answer(DONE);
    await first;
    clock.advance(IDLE_MS);
    assert.equal(thread(0).ended, true);
    void scanner.scan(request(10));
    assert.equal(threads.length, 2);
  });

  it("answers all that waits when it ends, and all that comes after", async () => {
    const waiting = [1, 2, 3].map(() => scanner.scan(request(10)));
    scanner.dispose();
    scanner.dispose();
    const outcomes = await Promise.all([...waiting, scanner.scan(request(10))]);
    assert.ok(outcomes.every(({ kind }) => kind === "failed"));
    assert.ok(threads.every(({ ended }) => ended));
  });
});
