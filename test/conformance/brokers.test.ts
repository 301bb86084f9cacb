/** Unmodified clients against a lab of three brokers, while leaders move and brokers stop and start. */
import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import { skip } from "../support/skip.ts";
import { waitFor } from "../support/wait-for.ts";
import type { Client, Session, TestMessage } from "./client.ts";
import { CLIENTS } from "./clients.ts";
import { Copying } from "./copying.ts";
import { BROKERS, COORDINATES, ThreeBrokers } from "./three-brokers.ts";

const IS_FULL = process.env["CONFORMANCE"] === "full";
/** One of each family; the others are told apart in scenarios of one broker. */
const QUICK_CLIENTS: ReadonlySet<string> = new Set([
  ...["@platformatic/kafka", "confluent-kafka (librdkafka)", "franz-go"],
]);
const PARTITIONS = 4;
const ROUND_MESSAGES = 200;
const ROUNDS = 8;
const READ_LIMIT_MS = 60_000;
const IDLE_S = 5;

/** Messages that differ in their values, spread over the partitions. */
function numbered(first: number): TestMessage[] {
  return Array.from({ length: ROUND_MESSAGES }, (_, i) => ({
    partition: i % PARTITIONS,
    key: Buffer.from("key"),
    value: Buffer.from(`value-${first + i}`),
    headers: [],
    timestampMs: Date.now(),
  }));
}

const allValues = (rounds: number) =>
  Array.from({ length: rounds * ROUND_MESSAGES }, (_, i) => `value-${i}`).sort();

function scenarios(client: Client): void {
  let lab: ThreeBrokers;
  let sessions: Session[] = [];

  before(async function () {
    if (client.missing !== undefined) skip(this, client.missing);
    if (!IS_FULL && !QUICK_CLIENTS.has(client.name)) skip(this, "in full mode (CONFORMANCE=full)");
    lab = await ThreeBrokers.start();
  });
  after(() => lab?.dispose());
  afterEach(async () => {
    for (const session of sessions) await session.kill();
    sessions = [];
  });

  async function start(): Promise<Session> {
    const session = await client.start(lab.bootstrap);
    sessions.push(session);
    return session;
  }

  it("stores each message once with an idempotent producer while the leaders go round", async function () {
    const why = client.cannot?.idempotence ?? client.cannot?.leaderMoves;
    if (why !== undefined) skip(this, why);
    const topic = "once";
    await lab.createTopic(topic, PARTITIONS);
    const session = await start();
    for (let round = 0; round < ROUNDS; round++) {
      const sending = session.produce(topic, numbered(round * ROUND_MESSAGES), {
        idempotent: true,
      });
      const moving = async () => {
        if (round % 3 === 1) await lab.stopBroker(1 + (round % BROKERS));
        else if (round % 3 === 2) await lab.startBroker();
        else await lab.moveLeaders(topic, PARTITIONS, round + 1);
      };
      await Promise.all([sending, moving()]);
    }
    const values = await lab.values(topic);
    assert.deepEqual(values.sort(), allValues(ROUNDS));
  });

  /** A member that has come to the end of a first round, and what produces and awaits the next ones. */
  async function joined(topic: string, group: string) {
    await lab.createTopic(topic, PARTITIONS);
    const session = await start();
    const member = await session.join(group, topic);
    const came = () => new Set(member.received.map(({ value }) => String(value)));
    const pass = async (round: number) => {
      await session.produce(topic, numbered(round * ROUND_MESSAGES));
      const all = (round + 1) * ROUND_MESSAGES;
      await waitFor(`${all} messages`, () => came().size === all, READ_LIMIT_MS);
      assert.deepEqual([...came()].sort(), allValues(round + 1));
    };
    await pass(0);
    return pass;
  }

  it("goes on with a group whose coordinator stops", async () => {
    const group = "a-group";
    const pass = await joined("group", group);
    const coordinator = await lab.coordinatorOf(group, COORDINATES.group);
    await lab.stopBroker(coordinator);
    assert.notEqual(await lab.coordinatorOf(group, COORDINATES.group), coordinator);
    await pass(1);
    await lab.startBroker();
    await pass(2);
  });

  it("produces and consumes while leaders go different ways", async function () {
    if (client.cannot?.leaderMoves !== undefined) skip(this, client.cannot.leaderMoves);
    const topic = "moves";
    const pass = await joined(topic, "moves-group");
    await lab.stopBroker(2);
    await pass(1);
    await lab.startBroker();
    await lab.moveLeaders(topic, PARTITIONS, 1);
    await pass(2);
    await lab.moveLeaders(topic, PARTITIONS, 2);
    await pass(3);
  });
}

for (const client of CLIENTS) {
  describe(`three brokers: ${client.name}`, () => scenarios(client));
}

describe("three brokers: transactions of confluent-kafka", () => {
  const python = process.env["PYTHON"] ?? "";
  const total = 200;
  let lab: ThreeBrokers;
  let copying: Copying | undefined;

  before(async function () {
    if (python === "") skip(this, process.env["PYTHON_MISSING"] ?? "PYTHON is not set");
    lab = await ThreeBrokers.start();
  });
  after(async () => {
    await copying?.kill();
    await lab?.dispose();
  });

  /** One that another broker coordinates than the group. */
  async function idOfAnother(group: string): Promise<string> {
    const coordinator = await lab.coordinatorOf(group, COORDINATES.group);
    for (let i = 0; ; i++) {
      const id = `copier-${i}`;
      if ((await lab.coordinatorOf(id, COORDINATES.transaction)) !== coordinator) return id;
    }
  }

  /*
   * The group's coordinator stays: once it has been gone from the metadata, librdkafka 2.16 goes on to send
   * TxnOffsetCommit through the handle that it has given up, and waits for ever.
   */
  it("copies exactly once while the transaction's coordinator and leaders stop and move", async () => {
    const [source, target, group] = ["copy-in", "copy-out", "copy-in-to-copy-out"];
    await lab.createTopic(source, 2);
    await lab.createTopic(target, 2);
    const transactionalId = await idOfAnother(group);
    const coordinators = [
      await lab.coordinatorOf(group, COORDINATES.group),
      await lab.coordinatorOf(transactionalId, COORDINATES.transaction),
    ] as const;
    const neither = [1, 2, 3].find((id) => !coordinators.includes(id)) ?? 0;
    const client = new Copying(python, "transactions.py", lab.bootstrap);
    copying = client;
    assert.equal(await client.ask("fill", source, total), 0);
    assert.equal(await client.ask("start", "a", source, target, transactionalId), null);
    for (let round = 0; ; round++) {
      const opened = client.ask("open", "a", IDLE_S);
      if (round === 2 || round === 5) await lab.startBroker();
      if ((await opened) === 0) break;
      const ended = client.ask(round % 4 === 3 ? "abort" : "commit", "a");
      if (round === 1) {
        await lab.stopBroker(coordinators[1]);
      } else if (round === 4) {
        await lab.stopBroker(neither);
      } else {
        await lab.moveLeaders(target, 2, round);
      }
      assert.equal(await ended, null);
    }
    const values = await client.ask("read", target, "read_committed");
    assert.ok(Array.isArray(values), String(values));
    const expected = Array.from({ length: total }, (_, i) => i);
    assert.deepEqual(
      values.map(Number).sort((x, y) => x - y),
      expected,
    );
  });
});
