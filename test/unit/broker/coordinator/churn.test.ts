import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type {
  JoinResponse,
  SyncResponse,
} from "../../../../runtime/broker/coordinator/group-requests.ts";
import { bench, commitRequest, joinRequest, settle, syncRequest, type Bench } from "./harness.ts";

const runs = 40;
const stepsPerRun = 150;
const clients = 5;
/** Where in the range of choices of a step a client's wish lies. */
const wish = { join: 0, sync: 0.4 } as const;

/** A small seeded generator (mulberry32): numbers in [0, 1). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A client that follows the protocol as badly as chance wants it to. */
class Client {
  memberId = "";
  generation = -1;
  leads = false;
  wants: "join" | "sync" | "nothing" = "join";
  members: readonly string[] = [];
  parked = 0;
  readonly assignments: string[] = [];
  readonly instanceId: string | null;

  constructor(instanceId: string | null) {
    this.instanceId = instanceId;
  }

  join(on: Bench, metadata: string, signal: AbortSignal): void {
    const { memberId, instanceId } = this;
    const protocols = [{ name: "range", metadata: Buffer.from(metadata) }];
    this.parked += 1;
    const request = joinRequest({ memberId, instanceId, protocols });
    void on.groups.join(request, signal).then((response) => this.#joined(response));
  }

  #joined(response: JoinResponse): void {
    this.parked -= 1;
    const { error } = response;
    if (error === "UNKNOWN_MEMBER_ID" || error === "FENCED_INSTANCE_ID") this.memberId = "";
    if (error !== "NONE" && error !== "MEMBER_ID_REQUIRED") return;
    this.wants = error === "NONE" ? "sync" : "join";
    this.memberId = response.memberId;
    this.generation = response.generation;
    this.leads = response.leader === response.memberId && !response.skipAssignment;
    this.members = response.members.map(({ memberId }) => memberId);
  }

  sync(on: Bench, signal: AbortSignal): void {
    const { memberId, generation, instanceId, members } = this;
    const assignments = Object.fromEntries(members.map((id) => [id, `${id}@${generation}`]));
    const joined = { memberId, generation, protocol: "range" };
    this.parked += 1;
    const request = { ...syncRequest(joined, this.leads ? assignments : {}), instanceId };
    void on.groups.sync(request, signal).then((response) => this.#synced(response));
  }

  #synced({ error, assignment }: SyncResponse): void {
    this.parked -= 1;
    this.wants = error === "NONE" ? "nothing" : "join";
    if (error === "NONE") this.assignments.push(assignment.toString());
  }
}

/** Runs one seed; gives how many assignments were handed out. */
async function churn(seed: number): Promise<number> {
  const random = seeded(seed);
  const on = bench();
  const all = Array.from(
    { length: clients },
    (_, index) => new Client(index < 2 ? `i${index}` : null),
  );
  let acknowledged = -1;
  let attempted = 0;
  for (let index = 0; index < stepsPerRun; index++) {
    // Mostly somebody who does not wait, else no generation would ever settle.
    const idle = all.filter(({ parked }) => parked === 0);
    const from = idle.length > 0 && random() < 0.9 ? idle : all;
    const client = from[Math.floor(random() * from.length)];
    assert.ok(client);
    on.journal.refuse = random() < 0.1;
    const connection = new AbortController();
    const { signal } = connection;
    const { memberId, generation, instanceId } = client;
    const choice = client.wants === "nothing" || random() < 0.3 ? random() : wish[client.wants];
    if (choice < 0.35) client.join(on, random() < 0.8 ? "same" : `m${index}`, signal);
    else if (choice < 0.6) client.sync(on, signal);
    else if (choice < 0.7) await on.advance(Math.floor(random() * 6_000));
    else if (choice < 0.78) {
      void on.groups.leave({ groupId: "g", members: [{ memberId, instanceId }] });
    } else if (choice < 0.88) {
      void on.groups.heartbeat({ groupId: "g", memberId, generation, instanceId });
    } else {
      const offset = ++attempted;
      const request = commitRequest({ memberId, generation, instanceId }, offset);
      const { topics } = await on.groups.commit(request);
      if (topics[0]?.partitions[0]?.error === "NONE") acknowledged = offset;
    }
    await settle();
    if (random() < 0.1) connection.abort();
    await on.advance(0);
    await checkReplay(on, acknowledged);
  }
  on.journal.refuse = false;
  // Without clients every session ends, so that nobody is left waiting and the group is empty.
  for (let index = 0; index < 20; index++) await on.advance(60_000);
  assert.deepEqual(
    all.map(({ parked }) => parked),
    all.map(() => 0),
  );
  const [group] = await on.groups.describe(["g"]);
  assert.ok(group === undefined || group.members.length === 0, group?.state);
  await checkReplay(on, acknowledged);
  return all.reduce((sum, { assignments }) => sum + assignments.length, 0);
}

/** A restart at this moment has every acknowledged offset, and the same group once that has settled. */
async function checkReplay(on: Bench, acknowledged: number): Promise<void> {
  const restarted = bench({}, on.journal, on.clock);
  const read = { groupId: "g", topics: [{ topic: "t", partitions: [0] }] };
  const offsets = await restarted.groups.fetchOffsets(read);
  assert.deepEqual(await on.groups.fetchOffsets(read), offsets);
  assert.equal(offsets.topics[0]?.partitions[0]?.offset, acknowledged);
  const [live] = await on.groups.describe(["g"]);
  const [replayed] = await restarted.groups.describe(["g"]);
  if (live?.state === "Stable") assert.deepEqual(replayed, live);
  restarted.groups.dispose();
}

describe("group churn", () => {
  const first = Number(process.env["SEED"] ?? 1);
  it(`keeps its promises over ${runs} runs from seed ${first}`, async () => {
    let assignments = 0;
    for (let seed = first; seed < first + runs; seed++) {
      try {
        assignments += await churn(seed);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    assert.ok(assignments > runs * 5, `only ${assignments} assignments: the runs prove little`);
  }).timeout(20_000);
});
