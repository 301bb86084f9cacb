/** Transactions of real clients while the lab is killed and started again. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import { skip } from "../support/skip.ts";
import { Copying } from "./copying.ts";
import { LabUnderTest } from "./lab-under-test.ts";

interface TransactionalClient {
  readonly name: string;
  /** The programs take the same steps. */
  readonly program: string;
  /** Why it does not get through a restart of the lab inside of a transaction. */
  readonly cannotGoOn?: string;
}

const CLIENTS: readonly TransactionalClient[] = [
  { name: "confluent-kafka (librdkafka)", program: "transactions.py" },
  {
    name: "kafka-python",
    program: "transactions_kafka_python.py",
    cannotGoOn:
      "it asks who the coordinator is once it is connected again, gets the answer, and then waits without end and without a request",
  },
  { name: "aiokafka", program: "transactions_aiokafka.py" },
];
const MESSAGES = 200;
const IDLE_S = 5;
/** A group takes its time until its first member has partitions. */
const FIRST_S = 30;

function scenarios({ program, cannotGoOn }: TransactionalClient): void {
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

  /** Has it copy some messages in a transaction that stays open; 0 when none are left. */
  const openNext = (round: number) => client.ask("open", "a", round === 0 ? FIRST_S : IDLE_S);

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
    for (let round = 0; (await openNext(round)) !== 0; round++) {
      assert.equal(await client.ask(round % 3 === 1 ? "abort" : "commit", "a"), null);
    }
    await assertCopiedOnce(target);
    const all = await client.ask("read", target, "read_uncommitted");
    assert.ok(Array.isArray(all) && all.length > MESSAGES, "nothing was aborted");
  });

  it("copies exactly once when the lab is killed inside of transactions", async function () {
    if (cannotGoOn !== undefined) skip(this, cannotGoOn);
    const [, target] = await prepare("killed");
    for (let round = 0; ; round++) {
      if ((await openNext(round)) === 0) break;
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
    assert.notEqual(await openNext(0), 0);
    await client.kill();
    running.splice(0);
    await restart();
    client = startClient();
    assert.deepEqual(await client.ask("read", target, "read_committed"), []);
    const left = await client.ask("read", target, "read_uncommitted");
    assert.ok(Array.isArray(left) && left.length > 0, "nothing was left open");
    assert.equal(await client.ask("start", "a", source, target, "successor"), null);
    // The group waits for the killed member's session to end.
    for (let round = 0; (await openNext(round)) !== 0; round++) {
      assert.equal(await client.ask("commit", "a"), null);
    }
    await assertCopiedOnce(target);
  });
}

describe("transactions", () => {
  for (const client of CLIENTS) describe(client.name, () => scenarios(client));
});
