import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { DataLock, livingLock, lockPath } from "../../../runtime/control/lock.ts";
import { isAlive, processMark } from "../../../runtime/control/process-mark.ts";

const address = { bootstrap: "127.0.0.1:9092", control: "ws://127.0.0.1:1", token: "secret" };
const owner = { pid: process.pid, version: "1.2.3", startedAtMs: 5 };

describe("DataLock", () => {
  let folder = "";
  let data = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-"));
    data = join(folder, "a", "data");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("makes the folder, is readable by its owner only, and leaves nothing else behind", () => {
    const lock = DataLock.acquire(data, owner);
    assert.deepEqual(readdirSync(data), ["lab.lock"]);
    if (process.platform !== "win32") {
      assert.equal(statSync(data).mode & 0o777, 0o700);
      assert.equal(statSync(lockPath(data)).mode & 0o777, 0o600);
    }
    assert.equal(livingLock(data)?.address, undefined);
    lock.publish(address);
    assert.deepEqual(livingLock(data)?.address, address);
    assert.equal(livingLock(data)?.pid, process.pid);
    if (process.platform !== "win32") assert.equal(statSync(lockPath(data)).mode & 0o777, 0o600);
    lock.release();
    assert.deepEqual(readdirSync(data), []);
    lock.release();
  });

  it("refuses a folder that a living process holds, and says which", () => {
    const lock = DataLock.acquire(data, owner);
    assert.throws(() => DataLock.acquire(data, owner), {
      code: "data-in-use",
      message: new RegExp(`in use by process ${process.pid}\\. Stop it, or use --data`),
    });
    lock.publish(address);
    assert.throws(() => DataLock.acquire(data, owner), { code: "data-in-use" });
  });

  it("takes over what a dead process, another boot or a torn write left", () => {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    const left = [
      JSON.stringify({ ...owner, ...address, pid: dead }),
      JSON.stringify({ ...owner, ...address, pid: process.pid, mark: "earlier-boot:1" }),
      JSON.stringify({ ...owner, pid: -1 }),
      '{"pid": 1',
      "",
    ];
    DataLock.acquire(data, owner).release();
    for (const text of left) {
      writeFileSync(lockPath(data), text);
      // Where the system does not mark processes, a living id counts as the same process.
      if (text.includes("earlier-boot") && processMark(process.pid) === undefined) continue;
      assert.equal(livingLock(data), undefined);
      const lock = DataLock.acquire(data, owner);
      assert.equal(livingLock(data)?.pid, process.pid);
      assert.deepEqual(readdirSync(data), ["lab.lock"]);
      lock.release();
    }
  });

  it("does not remove a lock that is no longer its own", () => {
    const lock = DataLock.acquire(data, owner);
    writeFileSync(lockPath(data), "someone else's");
    lock.release();
    assert.equal(readFileSync(lockPath(data), "utf8"), "someone else's");
  });

  it("says what to do when the folder cannot be made", () => {
    writeFileSync(join(folder, "file"), "");
    assert.throws(() => DataLock.acquire(join(folder, "file", "data"), owner), {
      code: "disk",
      message: /Cannot use the data folder .*--data/,
    });
  });
});

describe("process marks", () => {
  it("tell whether a process lives", () => {
    assert.equal(isAlive(process.pid, processMark(process.pid)), true);
    assert.equal(isAlive(process.pid, undefined), true);
    assert.equal(isAlive(spawnSync(process.execPath, ["-e", ""]).pid, undefined), false);
  });
});
