/** Members of a group that come, leave and crash, with librdkafka, in every mode of groups there is. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { setInterval } from "node:timers/promises";
import { after, afterEach, before, describe, it } from "mocha";
import {
  ListOffsetsRequest,
  ListOffsetsResponse,
} from "../../runtime/wire/kafka/messages/02-list-offsets.ts";
import { Random, seedOfRun } from "../fault/wire/random.ts";
import { skip } from "../support/skip.ts";
import { waitFor } from "../support/wait-for.ts";
import { Herd } from "./churn/herd.ts";
import { Owners } from "./churn/owners.ts";
import { Tap } from "./churn/tap.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import { ask, committedOffsets, createTopic } from "./wire-client.ts";

const IS_FULL = process.env["CONFORMANCE"] === "full";
const MEMBERS = IS_FULL ? 50 : 8;
const PER_PROCESS = IS_FULL ? 5 : 2;
const PARTITIONS = 100;
const CHURN_MS = IS_FULL ? 300_000 : 15_000;
/** Between one thing that happens to the group and the next. */
const EVENT_MS = 2_000;
/**
 * Every so many events a process is killed. Not in the short run with the consumer protocol, in which
 * the broker misses members for 45 s.
 */
const CRASH_EVERY = 6;
const mayCrash = (mode: string) => IS_FULL || mode !== "consumer";
const MESSAGES_PER_EVENT = 2_000;
/** Killed members are missed for the length of their session, 45 s with the consumer protocol. */
const REST_LIMIT_MS = 240_000;
const LATEST = -1;

const MODES = [
  ["classic, eager", "range"],
  ["classic, cooperative", "cooperative-sticky"],
  ["consumer protocol (KIP-848)", "consumer"],
] as const;

const seed = seedOfRun();

async function endOffsets(bootstrap: string, topic: string): Promise<Map<number, number>> {
  const partitions = Array.from({ length: PARTITIONS }, (_, partitionIndex) => ({
    partitionIndex,
    timestamp: LATEST,
  }));
  const { topics } = await ask(bootstrap, ListOffsetsRequest, ListOffsetsResponse, 5, {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions }],
  });
  const found = topics.flatMap((one) => one.partitions);
  return new Map(found.map(({ partitionIndex, offset }) => [partitionIndex, offset]));
}

describe("a group under churn", function () {
  this.timeout(CHURN_MS + 2 * REST_LIMIT_MS);
  const python = process.env["PYTHON"] ?? "";
  let lab: LabUnderTest;
  let tap: Tap | undefined;
  let herd: Herd | undefined;

  before(async function () {
    if (python === "") skip(this, process.env["PYTHON_MISSING"] ?? "PYTHON is not set");
    lab = await LabUnderTest.start();
  });
  afterEach(async () => {
    await herd?.dispose();
    await tap?.stop();
    herd = undefined;
    tap = undefined;
  });
  after(() => lab?.dispose());

  /** Something happens to the group every so often; two that leave are followed by two that join. */
  async function churn(members: Herd, crashes: boolean): Promise<void> {
    const random = new Random(seed);
    const pick = (limit: number) => random.below(limit);
    const untilMs = performance.now() + CHURN_MS;
    let events = 0;
    for await (const _ of setInterval(EVENT_MS)) {
      if (performance.now() > untilMs) return;
      events++;
      members.produce(MESSAGES_PER_EVENT);
      if (crashes && events % CRASH_EVERY === 0) await members.crash(pick);
      else members.leave(pick);
      while (members.size < MEMBERS - random.below(3)) members.join();
    }
  }

  for (const [name, mode] of MODES) {
    it(`reads everything, and no partition has two owners: ${name} (SEED=${seed})`, async () => {
      const topic = `churn-${mode}`;
      const group = `${topic}-group`;
      await createTopic(lab.bootstrap, topic, PARTITIONS);
      const owners = new Owners(group, () => performance.now());
      tap = await Tap.start(Number(lab.bootstrap.split(":")[1]), owners);
      const bootstrap = `127.0.0.1:${tap.port}`;
      const members = new Herd({
        ...{ python, bootstrap, topic, group, mode },
        membersPerProcess: PER_PROCESS,
      });
      herd = members;
      const started = performance.now();
      members.produce(MESSAGES_PER_EVENT);
      for (let n = 0; n < MEMBERS; n++) members.join();
      await churn(members, mayCrash(mode));
      const ends = await settledEnds(topic, members);
      const { coverage } = members;
      const missing = () => [...ends].filter(([index, end]) => !coverage.isWhole(index, end));
      await waitFor(
        "every message to be handled",
        () => missing().length === 0,
        REST_LIMIT_MS,
      ).catch((error: unknown) => {
        const holes = missing().map(
          ([index, end]) => `${index}: ${coverage.describe(index)} of ${end}`,
        );
        throw new Error(`not handled\n${holes.join("\n")}`, { cause: error });
      });
      await waitFor(
        "every offset to be committed",
        async () => {
          const committed = await committedOffsets(lab.bootstrap, group);
          return [...ends].every(([index, end]) => end === 0 || committed.get(index) === end);
        },
        REST_LIMIT_MS,
      );
      const total = [...ends.values()].reduce((sum, end) => sum + end, 0);
      const { violations, ...figures } = owners.figures;
      assert.deepEqual(violations.slice(0, 5), [], "partitions with two owners");
      assert.ok(figures.generations > 2 && figures.assignments > MEMBERS, "nothing was seen");
      note(mode, {
        ...{ members: MEMBERS, partitions: PARTITIONS, seed, messages: total },
        seconds: Math.round((performance.now() - started) / 1000),
        ...figures,
        violations: violations.length,
        handled: coverage.handled,
        ...{ joins: members.joins, leaves: members.leaves, crashes: members.crashes },
        refusedCommits: members.refused,
      });
    });
  }

  /** The ends of the partitions once nothing is sent any more. */
  async function settledEnds(topic: string, members: Herd): Promise<Map<number, number>> {
    return waitFor(
      "the producer to end",
      async () => {
        const ends = await endOffsets(lab.bootstrap, topic);
        const total = [...ends.values()].reduce((sum, end) => sum + end, 0);
        return total === members.sent && members.isSent ? ends : undefined;
      },
      REST_LIMIT_MS,
    );
  }
});

/** What the run came to, for RESULTS.md. */
function note(mode: string, figures: object): void {
  mkdirSync("out/churn", { recursive: true });
  writeFileSync(`out/churn/${mode}.json`, `${JSON.stringify({ mode, ...figures }, null, 2)}\n`);
}
