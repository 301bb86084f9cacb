import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BufferPool } from "../../../../runtime/core/buffer-pool.ts";
import { ResponseMemory } from "../../../../runtime/gateway/kafka/response-memory.ts";

describe("memory of responses", () => {
  it("has less to give the more is under way, and never less than nothing", () => {
    const memory = new ResponseMemory(new BufferPool(0), 300_000);
    const lent = [memory.borrow(200_000)];
    assert.ok(memory.freeBytes < 100_000);
    lent.push(memory.borrow(200_000));
    assert.equal(memory.freeBytes, 0);
    memory.release(lent);
    assert.equal(memory.freeBytes, 300_000);
    memory.release(lent);
    assert.equal(memory.freeBytes, 300_000);
  });
});

describe("buffer pool", () => {
  it("lends a buffer again once it came back, and only then", () => {
    const pool = new BufferPool(1_000_000);
    const first = pool.borrow(100_000);
    const second = pool.borrow(100_000);
    assert.notEqual(first.buffer, second.buffer);
    assert.equal(first.length, 131_072);
    pool.release(first);
    assert.equal(pool.borrow(70_000), first);
  });

  it("keeps no more than it may, and nothing that is not its own", () => {
    const pool = new BufferPool(65_536);
    const kept = pool.borrow(65_536);
    const dropped = pool.borrow(65_536);
    pool.release(kept);
    pool.release(dropped);
    pool.release(Buffer.alloc(131_072).subarray(0, 65_536));
    assert.equal(pool.borrow(65_536), kept);
    assert.notEqual(pool.borrow(65_536), dropped);
  });
});
