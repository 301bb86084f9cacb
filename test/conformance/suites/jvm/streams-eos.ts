/**
 * Kafka Streams' test of exactly-once processing, played as Kafka's own system test plays it: three clients
 * come and go while a driver sends; then a verifier compares every record of input and output.
 */
import assert from "node:assert/strict";
import { createTopic } from "../../wire-client.ts";
import type { JavaProgram } from "./java-program.ts";
import type { JvmCase, Scene } from "./scene.ts";

const MAIN = "org.apache.kafka.streams.tests.StreamsEosTest";
const PARTITIONS = 5;
const SIMPLE_TOPICS = ["data", "echo", "min", "sum"];
const COMPLEX_TOPICS = [...SIMPLE_TOPICS, "repartition", "max", "cnt"];
/** The client asks for its changelogs with three replicas; one broker can only have them beforehand. */
const SIMPLE_CHANGELOGS = ["03", "07"];
const COMPLEX_CHANGELOGS = [...SIMPLE_CHANGELOGS, "14", "18"];
const LIMIT_MS = 240_000;
const ROUNDS = 3;

interface Trouble {
  readonly what: string;
  readonly signal: "SIGTERM" | "SIGKILL";
  readonly killsLab: boolean;
}

const TROUBLES: readonly Trouble[] = [
  { what: "clients stopped", signal: "SIGTERM", killsLab: false },
  { what: "clients killed", signal: "SIGKILL", killsLab: false },
  { what: "clients and lab killed", signal: "SIGKILL", killsLab: true },
];

class Play {
  readonly #scene: Scene;
  readonly #command: string;
  readonly #clients = new Map<string, JavaProgram>();

  constructor(scene: Scene, command: string) {
    this.#scene = scene;
    this.#command = command;
  }

  start(name: string, command: string): JavaProgram {
    const file = this.#scene.properties(`${name}.properties`, {
      "bootstrap.servers": this.#scene.bootstrap,
      "state.dir": `${this.#scene.folder}/${name}`,
      "processing.guarantee": "exactly_once_v2",
      "acceptable.recovery.lag": "9223372036854775807",
      "session.timeout.ms": 10_000,
    });
    return this.#scene.start(name, MAIN, [file, command]);
  }

  /** Does something and waits until all clients there are then have shared the work anew and go on. */
  async #rebalance(change: () => Promise<void> | void): Promise<void> {
    const marks = new Map([...this.#clients.values()].map((client) => [client, client.mark]));
    await change();
    for (const client of this.#clients.values()) {
      const mark = marks.get(client) ?? 0;
      await client.line(/StateChange: REBALANCING -> RUNNING/, LIMIT_MS, mark);
      await client.line(/processed \d+ records from topic/, LIMIT_MS, client.mark);
    }
  }

  add(name: string): Promise<void> {
    return this.#rebalance(() => void this.#clients.set(name, this.start(name, this.#command)));
  }

  end(name: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    return this.#rebalance(async () => {
      const client = this.#clients.get(name);
      assert.ok(client !== undefined);
      this.#clients.delete(name);
      await client.stop(signal, LIMIT_MS);
      if (signal === "SIGTERM") assert.match(client.output, /EOS-TEST-CLIENT-CLOSED/);
    });
  }

  async restartLab(): Promise<void> {
    await this.#scene.restartLab();
    for (const client of this.#clients.values()) {
      await client.line(/processed \d+ records from topic/, LIMIT_MS, client.mark);
    }
  }
}

async function exactlyOnce(scene: Scene, complex: boolean, trouble: Trouble): Promise<void> {
  const { signal, killsLab } = trouble;
  for (const topic of complex ? COMPLEX_TOPICS : SIMPLE_TOPICS) {
    await createTopic(scene.bootstrap, topic, PARTITIONS);
  }
  for (const number of complex ? COMPLEX_CHANGELOGS : SIMPLE_CHANGELOGS) {
    const name = `EosTest-KSTREAM-AGGREGATE-STATE-STORE-00000000${number}-changelog`;
    const compact = { name: "cleanup.policy", value: "compact" };
    await createTopic(scene.bootstrap, name, PARTITIONS, [compact]);
  }
  const play = new Play(scene, complex ? "process-complex" : "process");
  const driver = play.start("driver", "run");
  const names = ["client-1", "client-2", "client-3"];
  for (const name of names) await play.add(name);
  for (let round = 0; round < ROUNDS; round++) {
    const name = names[round % names.length] ?? "";
    await play.end(name, signal);
    if (killsLab) await play.restartLab();
    await play.add(name);
  }
  for (const name of names) await play.end(name, "SIGTERM");
  await driver.stop("SIGTERM", LIMIT_MS);
  const verifier = play.start("verifier", complex ? "verify-complex" : "verify");
  await verifier.end(LIMIT_MS);
  assert.match(verifier.output, /ALL-RECORDS-DELIVERED/, verifier.output.slice(-2000));
}

export const EOS_CASES: readonly JvmCase[] = [false, true].flatMap((complex) =>
  TROUBLES.map((trouble) => ({
    name: `EOS test, ${complex ? "process-complex" : "process"}, ${trouble.what}`,
    run: (scene: Scene) => exactlyOnce(scene, complex, trouble),
  })),
);
