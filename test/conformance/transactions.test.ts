/** Transactions of real clients while the lab is killed and started again. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import { skip } from "../support/skip.ts";
import { Copying } from "./copying.ts";
import { LabUnderTest } from "./lab-under-test.ts";

/** The programs, which take the same steps. */
const CLIENTS = [
  ["confluent-kafka (librdkafka)", "transactions.py"],
  ["kafka-python", "transactions_kafka_python.py"],
  ["aiokafka", "transactions_aiokafka.py"],
] as const;
const MESSAGES = 200;
const IDLE_S = 3;

function scenarios(program: string): void {
  const python = process.env["PYTHON"] ?? "";
  let lab: LabUnderTest;
  const running: Copying[] = [];
  let client: Copying;

  before(async function () {
    if (python === "") skip(this, process.env["PYTHON_MISSING"] ?? "PYTHON is not set");
    lab = await LabUnderTest.start();
  });
  after(() => lab?.dispose());
  afterEach(async () => {
    for (const one of running.splice(0)) await one.kill();
  });

  function startClient(): Copying {
    const one = new Copying(python, program, lab.bootstrap);
    running.push(one);
    return one;
  }

  async function prepare(name: string): Promise<[source: string, target: string]> {
    client = startClient();
    const topics: [string, string] = [`${name}-in`, `${name}-out`];
    assert.equal(await client.ask("create", ...topics), null);
    assert.equal(await client.ask("fill", topics[0], MESSAGES), 0);
    assert.equal(await client.ask("start", "a", ...topics, name), null);
    return topics;
  }

  async function restart(): Promise<void> {
    await lab.kill();
    await lab.startAgain();
  }

  async function assertCopiedOnce(target: string): Promise<void> {
    const values = await client.ask("read", target, "read_committed");
    assert.ok(Array.isArray(values), String(values));
    const expected = Array.from({ length: MESSAGES }, (_, i) => i);
    assert.deepEqual(
      values.map(Number).sort((x, y) => x - y),
      expected,
    );
  }

  it("copies exactly once when every third transaction is aborted", async () => {
    const [, target] = await prepare("aborts");
    for (let round = 0; (await client.ask("open", "a", IDLE_S)) !== 0; round++) {
      assert.equal(await client.ask(round % 3 === 1 ? "abort" : "commit", "a"), null);
    }
    await assertCopiedOnce(target);
    const all = await client.ask("read", target, "read_uncommitted");
    assert.ok(Array.isArray(all) && all.length > MESSAGES, "nothing was aborted");
  });

  it("copies exactly once when the lab is killed inside of transactions", async () => {
    const [, target] = await prepare("killed");
    for (let round = 0; ; round++) {
      if ((await client.ask("open", "a", IDLE_S)) === 0) break;
      const ends = round % 4 === 2 ? "abort" : "commit";
      // Before the end is asked for; at the same time; not at all.
      if (round === 1 || round === 2) await restart();
      const ended = client.ask(ends, "a");
      if (round === 3 || round === 4) await restart();
      assert.equal(await ended, null);
    }
    await assertCopiedOnce(target);
  });

  it("aborts what a killed client left open when its successor starts", async () => {
    const [source, target] = await prepare("successor");
    assert.notEqual(await client.ask("open", "a", IDLE_S), 0);
    await client.kill();
    running.splice(0);
    await restart();
    client = startClient();
    assert.deepEqual(await client.ask("read", target, "read_committed"), []);
    const left = await client.ask("read", target, "read_uncommitted");
    assert.ok(Array.isArray(left) && left.length > 0, "nothing was left open");
    assert.equal(await client.ask("start", "a", source, target, "successor"), null);
    // The group waits for the killed member's session to end.
    assert.notEqual(await client.ask("open", "a", 30), 0);
    assert.equal(await client.ask("commit", "a"), null);
    while ((await client.ask("open", "a", IDLE_S)) !== 0) {
      assert.equal(await client.ask("commit", "a"), null);
    }
    await assertCopiedOnce(target);
  });
}

describe("transactions", () => {
  for (const [name, program] of CLIENTS) describe(name, () => scenarios(program));
});
