/** The same requests to a real Apache Kafka and to the lab: every difference is known, with its reason. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { attacks } from "../../fault/wire/attacks.ts";
import { Random, seedOfRun } from "../../fault/wire/random.ts";
import { TOPIC } from "../../fault/wire/valid-requests.ts";
import { skip } from "../../support/skip.ts";
import { CLIENTS } from "../clients.ts";
import { createTopic } from "../wire-client.ts";
import { clientMessages, clientRun } from "./clients.ts";
import { compareValues, type Difference, lines, sortOut } from "./compare.ts";
import { compareFrames, type FrameDifference, sortOutFrames } from "./frames.ts";
import { writeReport } from "./report.ts";
import { runScript } from "./run.ts";
import { SCRIPTS } from "./scripts/all.ts";
import { type Side, kafkaSide, labSide } from "./sides.ts";

const FRAMES = 4_000;
const lib = process.env["KAFKA_SERVER"] ?? "";
const missing = process.env["KAFKA_SERVER_MISSING"] || "KAFKA_SERVER is not set";
const seed = seedOfRun();

describe("side by side with Apache Kafka 4.4.0", () => {
  let kafka: Side;
  let lab: Side;
  const all: Difference[] = [];
  const compared = new Map<string, number>();
  const done = new Set<string>();
  let frames: { sent: number; differences: FrameDifference[] } | undefined;

  before(async function () {
    if (lib === "") skip(this, missing);
    [kafka, lab] = await Promise.all([kafkaSide(lib), labSide()]);
  });
  after(() => Promise.all([kafka?.stop(), lab?.stop()]));

  function assertKnown(differences: readonly Difference[]): void {
    all.push(...differences);
    assert.equal(lines(sortOut(differences).unknown).join("\n"), "");
  }

  for (const script of SCRIPTS) {
    it(script.name, async () => {
      const outcome = await runScript(script, kafka, lab);
      for (const [api, count] of outcome.compared) {
        compared.set(api, (compared.get(api) ?? 0) + count);
      }
      assertKnown(outcome.differences);
      done.add(script.name);
    });
  }

  for (const client of CLIENTS) {
    it(`${client.name}, every day`, async function () {
      if (client.missing !== undefined) skip(this, client.missing);
      const topic = `client-${client.name.replaceAll(/[^a-z]+/g, "-")}`;
      const messages = clientMessages(client);
      const [inKafka, inLab] = await Promise.all([
        clientRun(client, kafka, topic, messages),
        clientRun(client, lab, topic, messages),
      ]);
      const where = { api: "client", version: 0, step: client.name };
      assertKnown(compareValues(where, inKafka, inLab));
      done.add(client.name);
    });
  }

  it(`malformed frames (SEED=${seed})`, async () => {
    for (const { tap } of [kafka, lab]) await createTopic(tap.bootstrap, TOPIC, 1);
    frames = await compareFrames(attacks(FRAMES, new Random(seed)), kafka, lab);
    const shown = sortOutFrames(frames.differences).unknown.map(
      ({ kind, api, version, bytes, ...who }) =>
        `${kind}, ${api} v${version}: Kafka ${who.kafka}, lab ${who.lab}: ${bytes}`,
    );
    assert.equal(shown.join("\n"), "");
  });

  it("all known differences are still there, and the results are written", async function () {
    if (done.size < SCRIPTS.length + CLIENTS.length || frames === undefined) {
      skip(this, "not everything has run");
    }
    const { known } = sortOut(all);
    const gone = [...known].filter(([, found]) => found.length === 0).map(([{ why }]) => why);
    const date = new Date().toISOString().slice(0, 10);
    const clients = CLIENTS.map(({ name }) => name);
    const { sent, differences } = frames;
    const knownFrames = sortOutFrames(differences).known;
    await writeReport({ date, compared, known, clients, frames: { sent, known: knownFrames } });
    assert.deepEqual(gone, []);
  });
});
