/** Every message that the gateway takes, mutated: an answer, a refusal, and nothing else. */
import assert from "node:assert/strict";
import { getHeapStatistics } from "node:v8";
import { describe, it } from "mocha";
import { Reader } from "../../runtime/wire/kafka/reader.ts";
import type { Message } from "../../runtime/wire/kafka/schema.ts";
import { messages } from "../unit/wire/kafka/registry.ts";
import { mutated, sealedBatch } from "./fuzz/mutate.ts";
import { FuzzTarget, type Outcome } from "./fuzz/target.ts";
import { RequestMaker } from "./fuzz/values.ts";
import { Random, seedOfRun } from "./wire/random.ts";

/** Per API. FUZZ_CASES=100000 is what the issue asks for. */
const CASES = Number(process.env["FUZZ_CASES"] ?? 1_000);
/** Cases that share a lab: what they leave in it makes the later ones slower. */
const CASES_PER_LAB = 1_000;
/** What one request may take, a hundred times what it should on a machine that is busy. */
const MAX_CASE_MS = 5_000;
/** What one request of a few hundred bytes may make the decoder and the handler allocate. */
const MAX_CASE_BYTES = 64 * 1024 * 1024;

interface Api {
  readonly request: Message<unknown>;
  readonly response: Message<unknown>;
}

function apisOf(all: readonly Message<unknown>[]): Api[] {
  const responses = new Map(
    all.filter(({ name }) => name.endsWith("Response")).map((one) => [one.key, one]),
  );
  return all.flatMap((request) => {
    const response = responses.get(request.key);
    return request.name.endsWith("Request") && response ? [{ request, response }] : [];
  });
}

function allocatedBytes(): number {
  const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
  return heap + outside;
}

describe("a fuzzer for every message", function () {
  this.timeout(Math.max(120_000, CASES * 60));
  const seed = seedOfRun();
  const apis = apisOf(messages);

  async function attack({ request, response }: Api, target: FuzzTarget, random: Random) {
    const known = target.known();
    const sealed = known.batches.map((batch) => sealedBatch(batch, random));
    const batches = [...known.batches, ...sealed];
    const maker = new RequestMaker(random, { ...known, batches });
    const [first, last] = request.versions;
    const version = first + random.below(last - first + 1);
    const value = maker.members(request.members, version);
    const body = mutated(Buffer.concat(request.encode(version, value)), random);
    // Now and then as if it were of another version.
    const as = random.below(8) === 0 ? first + random.below(last - first + 1) : version;
    const before = allocatedBytes();
    const started = performance.now();
    const { outcome, bytes } = await target.serve(request.key, as, body);
    const tookMs = performance.now() - started;
    const show = () => `${request.name} v${as} ${body.toString("hex")}`;
    assert.ok(tookMs < MAX_CASE_MS, `${tookMs} ms: ${show()}`);
    const grownBytes = allocatedBytes() - before;
    assert.ok(grownBytes < MAX_CASE_BYTES, `${grownBytes} bytes: ${show()}`);
    if (bytes === undefined) return outcome;
    const reader = new Reader(bytes);
    response.read(reader, as);
    assert.equal(reader.at, bytes.length, `more than an answer: ${show()}`);
    return outcome;
  }

  for (const api of apis) {
    it(`${api.request.name}: ${CASES} cases (SEED=${seed})`, async () => {
      const counts: Partial<Record<Outcome, number>> = {};
      for (let done = 0; done < CASES; done += CASES_PER_LAB) {
        const random = new Random(seed + api.request.key + done * 1_000);
        const target = await FuzzTarget.start();
        for (let n = 0; n < Math.min(CASES_PER_LAB, CASES - done); n++) {
          const outcome = await attack(api, target, random);
          counts[outcome] = (counts[outcome] ?? 0) + 1;
        }
        assert.equal(await target.stop(), 0, "requests that are never answered");
        assert.deepEqual(target.errors, [], "errors of the lab itself");
      }
      if (CASES > CASES_PER_LAB) console.log(JSON.stringify({ api: api.request.name, ...counts }));
    });
  }

  it("leaves out none that is served", async () => {
    const target = await FuzzTarget.start();
    const fuzzed = new Set(apis.map(({ request }) => request.key));
    assert.deepEqual(
      [...target.apis.keys()].filter((key) => !fuzzed.has(key)),
      [],
    );
    await target.stop();
  });
});
