import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { FakeClock } from "../../../../../runtime/core/clock.ts";
import { MemoryJournal } from "../harness.ts";
import {
  calm,
  Consumer,
  consumerBench,
  describeGroup,
  TestTopics,
  type ConsumerBench,
} from "./harness.ts";
import { seeded } from "./seeded.ts";

const RUNS = 60;
const STEPS = 120;
const SUBSCRIPTIONS = [
  { topics: ["a"] },
  { topics: ["a", "b"] },
  { topics: ["b", "c"], assignor: "range" },
  { topics: null, regex: "[ac]" },
];

/** A partition that a member has been given may not be in anybody else's hands. */
function assertNobodyShares(consumers: readonly Consumer[], seed: number): void {
  const held = consumers.flatMap(({ holds }) => holds);
  assert.equal(new Set(held).size, held.length, `seed ${seed}: ${held.join()}`);
}

function newMember(on: ConsumerBench, index: number, random: () => number): Consumer {
  const wish = SUBSCRIPTIONS[Math.floor(random() * SUBSCRIPTIONS.length)];
  const instanceId = random() < 0.3 ? `i${index}` : null;
  return new Consumer(on, `m${index}`, { ...wish, instanceId });
}

async function churn(seed: number): Promise<void> {
  const random = seeded(seed);
  const topics = new TestTopics({ a: 3, b: 5 });
  const journal = new MemoryJournal();
  const clock = new FakeClock();
  const on = consumerBench(topics, journal, clock);
  let consumers: Consumer[] = [];
  for (let step = 0; step < STEPS; step++) {
    journal.refuse = random() < 0.1;
    const choice = random();
    const one = consumers[Math.floor(random() * consumers.length)];
    if (one === undefined || (choice < 0.08 && consumers.length < 8)) {
      consumers.push(newMember(on, step, random));
    } else if (choice < 0.12) {
      if ((await one.beat({ epoch: -1, owned: null })) === "NONE") one.abandon();
      if (one.epoch === 0) consumers = consumers.filter((other) => other !== one);
    } else if (choice < 0.15) {
      topics.put(["a", "b", "c"][step % 3] ?? "a", 1 + (step % 7) + Math.floor(step / 20));
    } else if (choice < 0.17) {
      topics.delete("c");
      for (const consumer of consumers) await consumer.beat();
    } else if (choice < 0.22) {
      await on.advance(Math.floor(random() * 20_000));
    } else {
      const error = await one.beat();
      // What it is told to give up it gives up before anything else happens.
      if (error === "UNKNOWN_MEMBER_ID" || error === "FENCED_MEMBER_EPOCH") one.abandon();
    }
    const known = new Set((await describeGroup(on)).members.map(({ memberId }) => memberId));
    for (const consumer of consumers) if (!known.has(consumer.memberId)) consumer.abandon();
    assertNobodyShares(consumers, seed);
    const replayed = consumerBench(topics, journal, clock);
    assert.deepEqual(await describeGroup(replayed), await describeGroup(on), `seed ${seed}`);
    replayed.groups.dispose();
  }
  journal.refuse = false;
  await calm(consumers);
  assertNobodyShares(consumers, seed);
  const { state, members } = await describeGroup(on);
  if (members.length === consumers.length && members.length > 0) assert.equal(state, "Stable");
}

describe("consumer group under churn", () => {
  it(`never gives a partition to two members, and replays to the same group, in ${RUNS} runs`, async function () {
    this.timeout(60_000);
    for (let seed = 1; seed <= RUNS; seed++) await churn(seed);
  });
});
