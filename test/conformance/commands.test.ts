/** The `streamside` command beside a real client: search, groups and reset. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "mocha";
import { streamside } from "../support/lab-process.ts";
import { skip } from "../support/skip.ts";
import { LabUnderTest } from "./lab-under-test.ts";

const COUNT = 50;

describe("the command beside a client", () => {
  const kcat = process.env["KCAT"] ?? "";
  let lab: LabUnderTest;
  let member: ChildProcess | undefined;

  const run = async (...args: string[]) => {
    const { data } = lab.process.ready;
    const { code, stdout, stderr } = await streamside([...args, "--data", data]);
    return { code, stderr, lines: stdout.split("\n").filter((line) => line !== "") };
  };

  before(async function () {
    if (kcat === "") skip(this, process.env["KCAT_MISSING"] ?? "KCAT is not set");
    lab = await LabUnderTest.start();
    const lines = Array.from({ length: COUNT }, (_, i) =>
      JSON.stringify({ key: `k${i}`, value: { n: i, kind: i % 2 === 0 ? "even" : "odd" } }),
    );
    const { data } = lab.process.ready;
    const produced = await streamside(["produce", "t", "--data", data], lines.join("\n"));
    assert.equal(produced.code, 0, produced.stderr);
  });
  after(async () => {
    member?.kill("SIGKILL");
    await lab?.dispose();
  });

  it("counts on threads of its own, in a range, by a condition and over time", async () => {
    const all = await run("count", "t");
    assert.deepEqual([all.code, all.lines], [0, [String(COUNT)]]);
    const some = await run("count", "t", "--where", "n >= 48", "--to", "offset:49", "--json");
    assert.deepEqual(some.lines, [`{"topic":"t","count":1,"scanned":49}`]);
    const buckets = await run("count", "t", "--buckets", "3", "--json");
    const counts = buckets.lines.map((line): number => JSON.parse(line).count);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      COUNT,
    );
  });

  it("searches on a thread of its own, and says how far it looked", async () => {
    const sql = await run("search", "t", "--where", "n >= 48 or n = 1", "--json");
    assert.equal(sql.code, 0, sql.stderr);
    assert.deepEqual(
      sql.lines.map((line) => JSON.parse(line).offset),
      [1, 48, 49],
    );
    assert.match(
      sql.stderr,
      new RegExp(`3 found; looked at ${COUNT} messages of t, up to the end`),
    );
    const text = await run("search", "t", "--text", '"even"', "--limit", "2", "--json");
    assert.deepEqual(
      text.lines.map((line) => JSON.parse(line).offset),
      [0, 2],
    );
    assert.match(text.stderr, /stopped at --limit 2/);
    const wrong = await run("search", "t", "--where", "n >");
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /Expected an expression, but found the end/);
  });

  it("shows a group with its lag, and resets it once its member has left", async () => {
    member = spawn(
      kcat,
      [
        ...["-b", lab.bootstrap, "-G", "g", "t", "-u", "-c", String(COUNT)],
        ...["-X", "auto.offset.reset=earliest"],
      ],
      { stdio: ["ignore", "pipe", "ignore"] },
    );
    assert.ok(member.stdout !== null);
    const [first] = (await once(createInterface({ input: member.stdout }), "line")) as [string];
    assert.match(first, /"n":0/);
    const busy = await run("reset", "g", "t", "--to", "earliest");
    // It may have read everything and left by now, and then there is nothing to refuse.
    if (busy.code !== 0) assert.match(busy.stderr, /Group g is .* Stop its consumers first/);
    if (member.exitCode === null) await once(member, "exit");
    const preview = await run("reset", "g", "t", "--to", "offset:7", "--dry-run", "--json");
    assert.equal(preview.code, 0, preview.stderr);
    const reset = await run("reset", "g", "t", "--to", "offset:7");
    assert.equal(reset.code, 0, reset.stderr);
    const { lines } = await run("groups", "g", "--json");
    const group = JSON.parse(lines[0] ?? "{}");
    assert.equal(group.state, "Empty");
    assert.deepEqual(group.progress, [
      { topic: "t", partition: 0, committed: 7, endOffset: COUNT, lag: COUNT - 7 },
    ]);
  });
});
