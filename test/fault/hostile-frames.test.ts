/** What a peer can do to the lab with bytes alone, seen from outside: it lives, bounded and quiet. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "mocha";
import { buildBatch } from "../../runtime/record/build.ts";
import { ProduceRequest, ProduceResponse } from "../../runtime/wire/kafka/messages/00-produce.ts";
import { FetchRequest } from "../../runtime/wire/kafka/messages/01-fetch.ts";
import { MetadataRequest } from "../../runtime/wire/kafka/messages/03-metadata.ts";
import {
  ApiVersionsRequest,
  ApiVersionsResponse,
} from "../../runtime/wire/kafka/messages/18-api-versions.ts";
import {
  ask,
  createTopic,
  encodeRequest,
  firstFrame,
  partitionCount,
} from "../conformance/wire-client.ts";
import { type LabProcess, startLab } from "../support/lab-process.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { isAlive, waitFor } from "../support/wait-for.ts";
import { type Attack, attacks } from "./wire/attacks.ts";
import { type Outcome, attackWith, connectTo, mayWait, rssBytes } from "./wire/peer.ts";
import { Random, seedOfRun } from "./wire/random.ts";
import { ALL_REQUESTS, TOPIC } from "./wire/valid-requests.ts";

const ATTACKS = 10_000;
const AT_ONCE = 64;
const MAX_GROWTH_BYTES = 32 * 1024 * 1024;
const MEGABYTE = 1_048_576;
/** A topic that no attack names. */
const SPARED = "spared";

const seed = seedOfRun();

describe("hostile frames", () => {
  const folder = tempFolder();
  let lab: LabProcess;
  let bootstrap: string;

  before(async () => {
    lab = await startLab({ data: folder.path });
    ({ bootstrap } = lab.ready);
    await createTopic(bootstrap, TOPIC, 1);
    await createTopic(bootstrap, SPARED, 3);
  });
  after(async () => {
    await lab?.stop();
    folder.dispose();
  });

  async function assertServes(): Promise<void> {
    assert.equal(lab.child.exitCode, null, lab.stderr());
    assert.ok(isAlive(lab.ready.pid));
    assert.equal(await partitionCount(bootstrap, SPARED), 3);
  }

  function assertBounded(beforeBytes: number | undefined, maxBytes: number): void {
    const afterBytes = rssBytes(lab.ready.pid);
    if (beforeBytes === undefined || afterBytes === undefined) return;
    const grown = Math.round((afterBytes - beforeBytes) / MEGABYTE);
    assert.ok(afterBytes - beforeBytes < maxBytes, `the lab grew by ${grown} MB`);
  }

  /** Sends all, some at once, and returns those that the lab left open. */
  async function sendAll(all: readonly Attack[]): Promise<Map<Attack, Outcome>> {
    const outcomes = new Map<Attack, Outcome>();
    const left = [...all];
    const worker = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        outcomes.set(next, await attackWith(bootstrap, next));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return outcomes;
  }

  const show = ({ kind, bytes }: Attack): string => `${kind}: ${bytes.toString("hex")}`;

  it(`answers or closes ${ATTACKS} of them (SEED=${seed})`, async () => {
    const random = new Random(seed);
    // What they cost once: code that is compiled, buffers that are kept.
    await sendAll(attacks(ATTACKS, random));
    const rssBefore = rssBytes(lab.ready.pid);
    const linesBefore = lab.stderr().split("\n").length;

    const outcomes = await sendAll(attacks(ATTACKS, random));

    await assertServes();
    const open = [...outcomes].filter(
      ([attack, outcome]) => outcome === "open" || (outcome === "given up" && !mayWait(attack)),
    );
    assert.deepEqual(
      open.map(([attack]) => show(attack)),
      [],
      "neither answered nor closed",
    );
    assertBounded(rssBefore, MAX_GROWTH_BYTES);
    const lines = lab
      .stderr()
      .split("\n")
      .slice(linesBefore - 1);
    const closed = [...outcomes.values()].filter((outcome) => outcome !== "answered").length;
    assert.ok(lines.length <= closed + 1, `${lines.length} lines for ${closed} bad connections`);
    const traces = lab
      .stderr()
      .split("\n")
      .filter((line) => /^\s+at /.test(line));
    assert.deepEqual(traces.slice(0, 5), [], "a stack trace on stderr");
  });

  it("knows a request of every API that is served", async () => {
    const request = { clientSoftwareName: "peer", clientSoftwareVersion: "1" };
    const { apiKeys } = await ask(bootstrap, ApiVersionsRequest, ApiVersionsResponse, 3, request);
    const known = new Set(ALL_REQUESTS.map((bytes) => bytes.readInt16BE(4)));
    assert.deepEqual(
      apiKeys.map(({ apiKey }) => apiKey).filter((key) => !known.has(key)),
      [],
    );
  });

  it("holds little for clients that ask for much and never read it", async () => {
    const large = "large";
    await createTopic(bootstrap, large, 1);
    const value = Buffer.alloc(1_000_000, "x");
    const records = buildBatch([{ timestampMs: Date.now(), key: null, value, headers: [] }]);
    for (let count = 0; count < 20; count++) {
      await ask(bootstrap, ProduceRequest, ProduceResponse, 7, {
        acks: -1,
        timeoutMs: 5_000,
        topicData: [{ name: large, partitionData: [{ index: 0, records }] }],
      });
    }
    const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 8_000_000 }];
    const fetch = encodeRequest(FetchRequest, 5, {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 8_000_000,
      topics: [{ topic: large, partitions }],
    });
    const rssBefore = rssBytes(lab.ready.pid);
    const sockets = Array.from({ length: 8 }, () => connectTo(bootstrap).pause());
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    for (const socket of sockets) {
      for (let count = 0; count < 500; count++) socket.write(fetch);
    }
    // Each answer to another client shows that the lab had its turn.
    for (let turn = 0; turn < 50; turn++) await assertServes();
    // 4 GB were asked for; one answer and what is unsent each is what may be held.
    assertBounded(rssBefore, sockets.length * 16 * MEGABYTE + MAX_GROWTH_BYTES);
    // The one that reads after all gets what it asked for.
    let readBytes = 0;
    sockets[0]?.on("data", (chunk: Buffer) => (readBytes += chunk.length)).resume();
    await waitFor("100 MB of answers", () => readBytes > 100 * MEGABYTE);
    for (const socket of sockets) socket.destroy();
    await assertServes();
  });

  it("serves a client that sends a byte at a time", async () => {
    const socket = connectTo(bootstrap);
    await once(socket, "connect");
    const answer = firstFrame(socket);
    const request = encodeRequest(MetadataRequest, 5, {
      topics: [{ name: TOPIC }],
      allowAutoTopicCreation: false,
    });
    for (const byte of request) {
      await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    }
    assert.ok((await answer).includes(TOPIC));
    socket.destroy();
  });

  it("forgets frames whose sender goes away in the middle", async () => {
    const half = Buffer.alloc(2 * MEGABYTE);
    half.writeInt32BE(100_000_000, 0);
    const cut = async (): Promise<void> => {
      const socket = connectTo(bootstrap);
      await once(socket, "connect");
      await new Promise((resolve) => socket.write(half, resolve));
      socket.resetAndDestroy();
    };
    for (let round = 0; round < 4; round++) await Promise.all(Array.from({ length: 5 }, cut));
    const rssBefore = rssBytes(lab.ready.pid);
    for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 5 }, cut));
    await assertServes();
    assertBounded(rssBefore, MAX_GROWTH_BYTES);
  });

  it("ends in order after all that", async () => {
    await waitFor("a quiet lab", () => partitionCount(bootstrap, TOPIC));
    assert.equal(await lab.stop(), 0);
  });
});
