/** The same scenarios for every client of the table: unmodified clients against the lab as users get it. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, it } from "mocha";
import { skip } from "../support/skip.ts";
import { waitFor } from "../support/wait-for.ts";
import { CODECS, type Client, ClientError, type Member, type Session } from "./client.ts";
import { CLIENTS } from "./clients.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import {
  PARTITIONS,
  STEP_MS,
  assertSame,
  distinct,
  positionsAfter,
  testMessages,
} from "./messages.ts";
import { committedOffsets, partitionCount, storedBatches } from "./wire-client.ts";

const COUNT = process.env["CONFORMANCE"] === "full" ? 5_000 : 200;
const JOIN_LIMIT_MS = 30_000;
const READ_LIMIT_MS = 30_000;
/** The default of max.message.bytes; a value of this size makes a batch that is larger. */
const MAX_MESSAGE_BYTES = 1_048_588;
const MESSAGE_TOO_LARGE = 10;
const IDEMPOTENT_ROUNDS = 20;

/** A session that ends with the test. */
interface Run {
  readonly joinLimitMs?: number | undefined;
  readonly session: Session;
  readonly topic: string;
  readonly group: string;
}

const received = (members: readonly Member[]) => members.flatMap((member) => member.received);

/** Two members that hold two partitions each. */
async function joinTwo({ session, topic, group, joinLimitMs }: Run): Promise<Member[]> {
  const members = [await session.join(group, topic), await session.join(group, topic)];
  await waitFor(
    "each member holds two partitions",
    () => {
      const held = members.map((member) => member.assigned);
      const all = held.flat().sort((a, b) => a - b);
      return held.every(({ length }) => length === 2) && all.join() === "0,1,2,3";
    },
    joinLimitMs ?? JOIN_LIMIT_MS,
  );
  return members;
}

const countReceived = (members: readonly Member[]): number =>
  members.reduce((count, member) => count + member.received.length, 0);

const readAtLeast = (members: readonly Member[], count: number) =>
  waitFor(
    `${count} messages`,
    () => countReceived(members) >= count && distinct(received(members)).length >= count,
    READ_LIMIT_MS,
  ).catch((error: unknown) => {
    throw new Error(`of ${count} messages came ${distinct(received(members)).length}`, {
      cause: error,
    });
  });

/** Reads a topic from its start with a member of a new group. */
async function readAll({ session, topic }: Run, count: number): Promise<Member> {
  const member = await session.join(`read-${randomBytes(4).toString("hex")}`, topic);
  await readAtLeast([member], count);
  return member;
}

function scenarios(client: Client): void {
  let lab: LabUnderTest;
  const sessions: Session[] = [];

  before(async function () {
    if (client.missing !== undefined) skip(this, client.missing);
    lab = await LabUnderTest.start();
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.kill();
  });
  after(() => lab?.dispose());

  async function open(): Promise<Session> {
    const session = await client.start(lab.bootstrap);
    sessions.push(session);
    return session;
  }

  async function run(name: string): Promise<Run> {
    const session = await open();
    const topic = `${name}-topic`;
    await session.createTopic(topic, PARTITIONS);
    return { session, topic, group: `${name}-group`, joinLimitMs: client.joinLimitMs };
  }

  CODECS.forEach((codec, code) =>
    it(`sends and reads ${codec} byte for byte`, async function () {
      const reason = client.withoutCodec?.[codec];
      if (reason !== undefined) skip(this, reason);
      const state = await run(`codec-${codec}`);
      assert.equal(await partitionCount(lab.bootstrap, state.topic), PARTITIONS);
      const sent = testMessages(client, COUNT);
      await state.session.produce(state.topic, sent, { codec });
      const member = await readAll(state, sent.length);
      assertSame(client, sent, member.received);
      const batches = await storedBatches(lab.bootstrap, state.topic, 1);
      assert.ok(
        batches.some((batch) => batch.codec === code),
        `no batch is stored as ${codec}: ${JSON.stringify(batches)}`,
      );
    }),
  );

  for (const variation of ["new members", "the same members"] as const) {
    it(`goes on after kill -9 with ${variation}: nothing lost, nothing repeated`, async () => {
      const state = await run(`kill-${variation.replaceAll(" ", "-")}`);
      const first = testMessages(client, COUNT);
      const second = testMessages(client, COUNT, COUNT);
      let members = await joinTwo(state);
      await state.session.produce(state.topic, first);
      await readAtLeast(members, first.length);
      assertSame(client, first, received(members));
      const committed = positionsAfter(received(members));
      for (const member of members) await member.commit(positionsAfter(member.received));
      assert.deepEqual(await committedOffsets(lab.bootstrap, state.group), committed);

      await lab.kill();
      if (variation === "new members") await state.session.kill();
      await lab.startAgain();

      assert.deepEqual(await committedOffsets(lab.bootstrap, state.group), committed);
      let { session } = state;
      if (variation === "new members") {
        session = await open();
        members = await joinTwo({ ...state, session });
      }
      const readBefore = new Map(members.map((member) => [member, member.received.length]));
      await session.produce(state.topic, second);
      const total = variation === "new members" ? second.length : first.length + second.length;
      await readAtLeast(members, total);
      const later = members.flatMap((member) => member.received.slice(readBefore.get(member)));
      const repeated = later.filter(
        ({ partition, offset }) => offset < (committed.get(partition) ?? 0),
      );
      assert.deepEqual(repeated, [], "came again after the commit");
      assertSame(client, second, distinct(later));
    });
  }

  it("sends each message once with an idempotent producer while the lab is killed", async function () {
    if (client.cannot?.idempotence !== undefined) skip(this, client.cannot.idempotence);
    const state = await run("idempotent");
    const sent = testMessages(client, IDEMPOTENT_ROUNDS * COUNT);
    for (let round = 0; round < IDEMPOTENT_ROUNDS; round++) {
      const messages = sent.slice(round * COUNT, (round + 1) * COUNT);
      const sending = state.session.produce(state.topic, messages, { idempotent: true });
      if (round % 5 === 2) {
        // Each time a little later: before, while and after the lab has the messages.
        for (let wait = 2; wait < round; wait += 5) {
          await partitionCount(lab.bootstrap, state.topic);
        }
        await lab.kill();
        await lab.startAgain();
      }
      await sending;
    }
    const member = await readAll(state, sent.length);
    assertSame(client, sent, member.received);
  });

  it("takes a message of 1 MB and is told when one is too large", async () => {
    const state = await run("large");
    const [template] = testMessages(client, 1);
    assert.ok(template);
    const large = { ...template, value: randomText(1_000_000) };
    await state.session.produce(state.topic, [large]);
    assertSame(client, [large], (await readAll(state, 1)).received);
    const tooLarge = { ...template, value: randomText(MAX_MESSAGE_BYTES) };
    await assert.rejects(
      state.session.produce(state.topic, [tooLarge]),
      (error) => error instanceof ClientError && error.code === MESSAGE_TOO_LARGE,
    );
  });

  it("finds offsets by time", async () => {
    const state = await run("by-time");
    const sent = testMessages(client, 40);
    await state.session.produce(state.topic, sent, { codec: "gzip" });
    const [first] = sent;
    assert.ok(first);
    const offsets = async (timestampMs: number): Promise<number[]> => {
      const found = await state.session.offsetsAt(state.topic, timestampMs);
      return Array.from({ length: PARTITIONS }, (_, partition) => found.get(partition) ?? NaN);
    };
    assert.deepEqual(await offsets(first.timestampMs - 1_000_000), [0, 0, 0, 0]);
    if (client.cannotSend?.has("timestamps")) return;
    // Message 22 is the sixth of partition 2; partitions 0 and 1 have their next one after it.
    assert.deepEqual(await offsets(first.timestampMs + 22 * STEP_MS), [6, 6, 5, 5]);
    assert.deepEqual(await offsets(first.timestampMs + 22 * STEP_MS - 1), [6, 6, 5, 5]);
    assert.deepEqual(await offsets(first.timestampMs + 22 * STEP_MS + 1), [6, 6, 6, 5]);
  });

  it("makes a topic by sending to it", async () => {
    const session = await open();
    const sent = testMessages(client, 20).map((message) => ({ ...message, partition: 0 }));
    await session.produce("made-by-sending", sent);
    assert.equal(await partitionCount(lab.bootstrap, "made-by-sending"), 1);
    const state = { session, topic: "made-by-sending", group: "made-by-sending" };
    assertSame(client, sent, (await readAll(state, sent.length)).received);
  });

  it("deletes a topic", async function () {
    if (client.cannot?.topicAdmin !== undefined) skip(this, client.cannot.topicAdmin);
    const state = await run("deleted");
    await state.session.produce(state.topic, testMessages(client, 20));
    await state.session.deleteTopic(state.topic);
    assert.equal(await partitionCount(lab.bootstrap, state.topic), undefined);
  });
}

/** Text that no codec makes much smaller. */
const randomText = (bytes: number): Buffer =>
  Buffer.from(
    randomBytes(Math.ceil(bytes * 0.75))
      .toString("base64")
      .slice(0, bytes),
  );

describe("clients", () => {
  for (const client of CLIENTS) describe(client.name, () => scenarios(client));
});
