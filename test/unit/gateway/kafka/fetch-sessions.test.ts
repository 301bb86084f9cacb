import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "mocha";
import {
  EVICTION_MS,
  FetchSessions,
  MAX_SESSIONS,
} from "../../../../runtime/gateway/kafka/fetch-sessions.ts";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import { FetchRequest, FetchResponse } from "../../../../runtime/wire/kafka/messages/01-fetch.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";
import { batchOf, produce } from "./support.ts";

const VERSION = 12;
const FULL = { sessionId: 0, sessionEpoch: 0, forgottenTopicsData: [] };

function wanted(partitions: number) {
  const asked = { currentLeaderEpoch: -1, fetchOffset: 0, partitionMaxBytes: 1 };
  return [
    {
      topic: "t",
      topicId: "",
      partitions: Array.from({ length: partitions }, (_, partition) => ({ partition, ...asked })),
    },
  ];
}

describe("gateway: the slots of fetch sessions", () => {
  let sessions: FetchSessions;

  beforeEach(() => {
    let id = 0;
    sessions = new FetchSessions(() => ++id);
  });

  /** The id of a new session; 0 when there is none. */
  function create(partitions: number, nowMs: number): number {
    const fetch = sessions.begin({ ...FULL, topics: wanted(partitions) }, VERSION, nowMs);
    assert.equal(fetch.kind, "full");
    return sessions.end(fetch, [], VERSION, nowMs).sessionId;
  }

  function use(sessionId: number, sessionEpoch: number, nowMs: number, version = VERSION): number {
    const request = { sessionId, sessionEpoch, topics: [], forgottenTopicsData: [] };
    const fetch = sessions.begin(request, version, nowMs);
    return fetch.kind === "refused" ? fetch.errorCode : KAFKA_ERRORS.NONE;
  }

  it("are so many; who comes later fetches without a session", () => {
    for (let i = 1; i <= MAX_SESSIONS; i++) assert.equal(create(1, 0), i);
    assert.equal(create(1, 1), 0);
    assert.equal(sessions.size, MAX_SESSIONS);
  });

  it("go to a newcomer when one was not used for long", () => {
    for (let i = 1; i <= MAX_SESSIONS; i++) create(1, 0);
    use(1, 1, EVICTION_MS);
    assert.notEqual(create(1, EVICTION_MS + 1), 0);
    assert.equal(use(2, 1, EVICTION_MS + 1), KAFKA_ERRORS.FETCH_SESSION_ID_NOT_FOUND);
    assert.equal(use(1, 2, EVICTION_MS + 1), KAFKA_ERRORS.NONE);
  });

  it("go to a larger session from the smallest that had its time", () => {
    for (let i = 1; i <= MAX_SESSIONS; i++) create(i === 7 ? 2 : 3, 0);
    for (let id = 1; id <= MAX_SESSIONS; id++) use(id, 1, EVICTION_MS);
    assert.equal(create(1, EVICTION_MS + 1), 0);
    assert.notEqual(create(2, EVICTION_MS + 1), 0);
    assert.equal(use(7, 2, EVICTION_MS + 1), KAFKA_ERRORS.FETCH_SESSION_ID_NOT_FOUND);
  });

  it("refuse another epoch, another form of topics, and an id that is none", () => {
    const id = create(1, 0);
    assert.equal(use(id, 2, 0), KAFKA_ERRORS.INVALID_FETCH_SESSION_EPOCH);
    assert.equal(use(id, 1, 0, 13), KAFKA_ERRORS.FETCH_SESSION_TOPIC_ID_ERROR);
    assert.equal(use(id + 1, 1, 0), KAFKA_ERRORS.FETCH_SESSION_ID_NOT_FOUND);
    assert.equal(use(id, 1, 0), KAFKA_ERRORS.NONE);
    assert.equal(use(id, -1, 0), KAFKA_ERRORS.NONE);
    assert.equal(sessions.size, 0);
  });
});

describe("gateway: fetch sessions", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    gateway = await startGateway();
    client = await RawClient.connect(gateway.server.port);
    await gateway.broker.createTopic({ name: "s", partitions: 3 });
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  interface Ask {
    readonly id?: number;
    readonly epoch: number;
    readonly offsets?: Readonly<Record<number, number>>;
    readonly forget?: readonly number[];
    readonly version?: number;
    readonly maxWaitMs?: number;
  }

  async function ask({ id = 0, epoch, offsets = {}, forget = [], version = 12, ...more }: Ask) {
    const topicId = gateway.broker.topic("s")?.id ?? "";
    const named = { topic: "s", topicId };
    const partitions = Object.entries(offsets).map(([partition, fetchOffset]) => ({
      partition: Number(partition),
      fetchOffset,
      partitionMaxBytes: 1_000,
    }));
    const answer = await client.ask(FetchRequest, FetchResponse, version, {
      maxWaitMs: more.maxWaitMs ?? 0,
      minBytes: 1,
      maxBytes: 1_000_000,
      sessionId: id,
      sessionEpoch: epoch,
      topics: partitions.length === 0 ? [] : [{ ...named, partitions }],
      forgottenTopicsData: forget.length === 0 ? [] : [{ ...named, partitions: forget }],
    });
    const told = answer.responses.flatMap((topic) =>
      topic.partitions.map(
        ({ partitionIndex, errorCode, records }) =>
          `${partitionIndex}:${errorCode}:${(records?.length ?? 0) > 0 ? "data" : "none"}`,
      ),
    );
    return { error: answer.errorCode, id: answer.sessionId, told };
  }

  for (const version of [7, 12, 13, 18]) {
    it(`tell only what is new (version ${version})`, async () => {
      const end = async (index: number) => gateway.broker.partition("s", index)?.log.endOffset ?? 0;
      const offsets = { 0: await end(0), 1: await end(1), 2: await end(2) };
      const first = await ask({ epoch: 0, offsets, version });
      assert.deepEqual(first.told, ["0:0:none", "1:0:none", "2:0:none"]);
      const { id } = first;
      assert.notEqual(id, 0);
      assert.deepEqual(await ask({ id, epoch: 1, version }), { error: 0, id, told: [] });
      await produce(client, "s", batchOf(["a"]), 1);
      assert.deepEqual((await ask({ id, epoch: 2, version })).told, ["1:0:data"]);
      const more = { 1: offsets[1] + 1 };
      assert.deepEqual((await ask({ id, epoch: 3, offsets: more, version })).told, []);
      assert.deepEqual((await ask({ id, epoch: 4, forget: [0, 1], version })).told, []);
      await produce(client, "s", batchOf(["b"]), 1);
      assert.deepEqual((await ask({ id, epoch: 5, version })).told, []);
      const outside = { 2: offsets[2] + 9 };
      for (const epoch of [6, 7]) {
        assert.deepEqual((await ask({ id, epoch, offsets: outside, version })).told, ["2:1:none"]);
      }
      const back = { 2: offsets[2] };
      assert.deepEqual((await ask({ id, epoch: 8, offsets: back, version })).told, ["2:0:none"]);
    });
  }

  it("wait for data of the partitions that the request does not name", async () => {
    const offsets = { 0: 0 };
    const { id } = await ask({ epoch: 0, offsets });
    const waiting = ask({ id, epoch: 1, maxWaitMs: 5_000 });
    const other = await RawClient.connect(gateway.server.port);
    await produce(other, "s", batchOf(["late"]), 0);
    other.close();
    assert.deepEqual((await waiting).told, ["0:0:data"]);
  });

  it("serve a busy partition after the others", async () => {
    await produce(client, "s", batchOf(["a"]), 1);
    await produce(client, "s", batchOf(["a"]), 2);
    const first = await ask({ epoch: 0, offsets: { 0: 0, 1: 1_000_000, 2: 0 } });
    assert.deepEqual(first.told, ["0:0:data", "1:1:none", "2:0:data"]);
    const next = await ask({ id: first.id, epoch: 1, offsets: { 1: 0 } });
    assert.deepEqual(next.told, ["1:0:data", "0:0:data", "2:0:data"]);
  });

  it("end when nothing is left in them, or the client says so", async () => {
    const { id } = await ask({ epoch: 0, offsets: { 0: 0 } });
    assert.deepEqual(await ask({ id, epoch: 1, forget: [0] }), { error: 0, id: 0, told: [] });
    assert.equal((await ask({ id, epoch: 2 })).error, KAFKA_ERRORS.FETCH_SESSION_ID_NOT_FOUND);
    const again = await ask({ epoch: 0, offsets: { 0: 0 } });
    const final = await ask({ id: again.id, epoch: -1, offsets: { 0: 0 } });
    assert.deepEqual(final, { error: 0, id: 0, told: ["0:0:data"] });
    const gone = await ask({ id: again.id, epoch: 1 });
    assert.equal(gone.error, KAFKA_ERRORS.FETCH_SESSION_ID_NOT_FOUND);
  });

  it("have no part in a fetch that does not ask for one", async () => {
    assert.deepEqual(await ask({ epoch: -1, offsets: { 0: 0 } }), {
      error: 0,
      id: 0,
      told: ["0:0:data"],
    });
  });
});
