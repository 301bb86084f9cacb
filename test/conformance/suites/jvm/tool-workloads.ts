/** Kafka's verifiable clients, transactional copier and performance tools, while things are killed. */
import assert from "node:assert/strict";
import path from "node:path";
import { createTopic } from "../../wire-client.ts";
import type { JavaProgram } from "./java-program.ts";
import type { JvmCase, Scene } from "./scene.ts";
import { linesOf, mainClass } from "./tool-steps.ts";

const TOOLS = "org.apache.kafka.tools";
const LIMIT_MS = 180_000;
const KILLS = 3;

/** The values of a program's JSON lines of one kind, in order. */
function valuesOf(program: JavaProgram, kind: string): string[] {
  const values: string[] = [];
  for (const line of program.output.split("\n")) {
    if (!line.startsWith("{") || !line.includes(`"name":"${kind}"`)) continue;
    const { value } = JSON.parse(line) as { value?: unknown };
    values.push(String(value));
  }
  return values;
}

function startProducer(scene: Scene, topic: string, count: number, throughput: number) {
  const args = ["--topic", topic, "--max-messages", String(count), "--acks", "-1"];
  return scene.start("producer", `${TOOLS}.VerifiableProducer`, [
    ...["--bootstrap-server", scene.bootstrap, ...args, "--throughput", String(throughput)],
  ]);
}

function startConsumer(scene: Scene, name: string, topic: string, protocol: string) {
  const args = ["--topic", topic, "--group-id", "verifiable", "--verbose"];
  return scene.start(name, `${TOOLS}.VerifiableConsumer`, [
    ...["--bootstrap-server", scene.bootstrap, ...args, "--group-protocol", protocol],
    ...["--reset-policy", "earliest"],
    ...(protocol === "classic" ? ["--session-timeout", "10000"] : []),
  ]);
}

/** Until one of them reads more. */
async function anyReads(consumers: readonly JavaProgram[]): Promise<void> {
  await Promise.any(consumers.map((each) => each.line(/records_consumed/, LIMIT_MS, each.mark)));
}

/** Two members read what a producer sends; the lab is killed over and over, and one member too. */
async function verifiable(scene: Scene, protocol: string): Promise<void> {
  await createTopic(scene.bootstrap, "v", 3);
  const consumers = ["one", "two"].map((name) => startConsumer(scene, name, "v", protocol));
  for (const each of consumers) await each.line(/partitions_assigned/, LIMIT_MS);
  const producer = startProducer(scene, "v", 15_000, 1_000);
  await producer.line(/producer_send_success/, LIMIT_MS);
  for (let kill = 0; kill < KILLS; kill++) {
    await scene.restartLab();
    await producer.line(/producer_send_success/, LIMIT_MS, producer.mark);
    await producer.line(/producer_send_success.*"value":"\d+00"/, LIMIT_MS, producer.mark);
  }
  await consumers[0]?.stop("SIGKILL");
  const third = startConsumer(scene, "three", "v", protocol);
  await producer.end(LIMIT_MS);
  const acknowledged = new Set(valuesOf(producer, "producer_send_success"));
  assert.ok(acknowledged.size > 10_000, `${acknowledged.size} of 15000 were acknowledged`);
  const read = new Set<string>();
  const missing = (): string[] => {
    for (const each of [...consumers, third]) {
      for (const value of valuesOf(each, "record_data")) read.add(value);
    }
    return [...acknowledged].filter((value) => !read.has(value));
  };
  // The killed member's partitions come to the others when its session is over.
  await third.line(/partitions_assigned/, LIMIT_MS);
  while (missing().length > 0) await anyReads([...consumers, third]);
}

/** The values of a topic as the console consumer reads them. */
async function readCommitted(scene: Scene, topic: string, count: number): Promise<string[]> {
  const args = ["--topic", topic, "--from-beginning", "--max-messages", String(count)];
  const main = mainClass("kafka-console-consumer");
  const program = scene.start(`read-${topic}`, main, [
    ...["--bootstrap-server", scene.bootstrap, ...args, "--isolation-level", "read_committed"],
    ...["--timeout-ms", "60000"],
  ]);
  await program.end(LIMIT_MS);
  return linesOf(program.output).filter((line) => /^\d+$/.test(line));
}

function startCopier(scene: Scene, partition: number, extra: readonly string[]) {
  const args = ["--input-topic", "in", "--output-topic", "out", "--consumer-group", "copiers"];
  return scene.start(`copier-${partition}`, `${TOOLS}.TransactionalMessageCopier`, [
    ...["--broker-list", scene.bootstrap, "--input-partition", String(partition), ...args],
    ...["--transactional-id", `copier-${partition}`, "--transaction-size", "250"],
    ...["--transaction-timeout", "20000", "--enable-random-aborts", ...extra],
  ]);
}

/** Copiers are killed and started again with the same id, and the lab is killed under them. */
async function copy(scene: Scene, extra: readonly string[]): Promise<void> {
  const count = 10_000;
  for (const topic of ["in", "out"]) await createTopic(scene.bootstrap, topic, 2);
  await startProducer(scene, "in", count, -1).end(LIMIT_MS);
  const copiers = [0, 1].map((partition) => startCopier(scene, partition, extra));
  const progress = /"stage":"ProcessLoop".*"totalProcessed":[1-9]/;
  for (let round = 0; round < KILLS; round++) {
    for (const [partition, copier] of copiers.entries()) {
      await Promise.race([copier.line(progress, LIMIT_MS).catch(() => ""), copier.end(LIMIT_MS)]);
      if (round % 2 === 0) await scene.restartLab();
      await copier.stop("SIGKILL");
      copiers[partition] = startCopier(scene, partition, extra);
    }
  }
  for (const copier of copiers) assert.equal(await copier.end(LIMIT_MS), 0, copier.output);
  const copied = await readCommitted(scene, "out", count);
  assert.equal(copied.length, count);
  assert.equal(new Set(copied).size, count);
}

async function performance(scene: Scene): Promise<void> {
  await createTopic(scene.bootstrap, "p", 2);
  const bootstrap = ["--bootstrap-server", scene.bootstrap];
  const producer = scene.start("producer", mainClass("kafka-producer-perf-test"), [
    ...["--topic", "p", "--num-records", "50000", "--record-size", "200", "--throughput", "-1"],
    ...bootstrap,
  ]);
  await producer.line(/^50000 records sent, /, LIMIT_MS);
  const transactional = scene.start("transactional", mainClass("kafka-producer-perf-test"), [
    ...["--topic", "p", "--num-records", "10000", "--record-size", "200", "--throughput", "-1"],
    ...["--transactional-id", "perf", "--transaction-duration-ms", "100", ...bootstrap],
  ]);
  await transactional.line(/^10000 records sent, /, LIMIT_MS);
  const consumer = scene.start("consumer", mainClass("kafka-consumer-perf-test"), [
    ...[...bootstrap, "--topic", "p", "--num-records", "60000"],
  ]);
  const line = await consumer.line(/^\d{4}-.*, 60000, /, LIMIT_MS);
  assert.equal(line.split(", ").length, 10);
  const latency = scene.start("latency", mainClass("kafka-e2e-latency"), [
    ...[...bootstrap, "--topic", "l", "--num-records", "500"],
    ...["--producer-acks", "all", "--record-size", "100"],
  ]);
  await latency.line(/^Percentiles: /, LIMIT_MS);
}

async function dump(scene: Scene, folder: string, ...more: string[]): Promise<string[]> {
  const data = scene.lab.process.ready.data;
  const file = path.join(data, folder, "00000000000000000000.log");
  const args = ["--files", file, ...more];
  const program = scene.start(`dump-${folder}`, mainClass("kafka-dump-log"), args);
  assert.equal(await program.end(LIMIT_MS), 0);
  return linesOf(program.output);
}

/** The lab's segments are Kafka's, and so are the records of its coordinators. */
async function dumpLog(scene: Scene): Promise<void> {
  await createTopic(scene.bootstrap, "in", 1);
  await createTopic(scene.bootstrap, "out", 1);
  await startProducer(scene, "in", 500, -1).end(LIMIT_MS);
  await startCopier(scene, 0, []).end(LIMIT_MS);
  const records = await dump(scene, "in-0", "--print-data-log");
  assert.equal(records.filter((line) => /^\| offset: \d+ .* payload: \d+$/.test(line)).length, 500);
  assert.ok(records.every((line) => !line.startsWith("baseOffset") || /isvalid: true/.test(line)));
  const copied = await dump(scene, "out-0", "--print-data-log");
  assert.ok(copied.some((line) => /isTransactional: true isControl: true/.test(line)));
  assert.ok(copied.some((line) => /endTxnMarker: COMMIT/.test(line)));
  const offsets = await dump(scene, "__consumer_offsets-0", "--offsets-decoder");
  assert.ok(offsets.some((line) => /"group":"copiers","topic":"in".*"offset":500/.test(line)));
  const transactions = await dump(scene, "__transaction_state-0", "--transaction-log-decoder");
  assert.ok(transactions.some((line) => line.includes('"transactionalId":"copier-0"')));
}

export const WORKLOAD_CASES: readonly JvmCase[] = [
  ...["classic", "consumer"].map((protocol) => ({
    name: `kafka-verifiable-producer and -consumer, ${protocol} group: nothing acknowledged is lost`,
    run: (scene: Scene) => verifiable(scene, protocol),
  })),
  {
    name: "TransactionalMessageCopier: copied exactly once over kills",
    run: (scene: Scene) => copy(scene, []),
  },
  {
    name: "TransactionalMessageCopier in a group: copied exactly once over kills",
    run: (scene: Scene) => copy(scene, ["--group-mode", "--use-group-metadata"]),
  },
  { name: "kafka-producer-perf-test, -consumer-perf-test and -e2e-latency", run: performance },
  { name: "kafka-dump-log: segments and coordinators' records", run: dumpLog },
];
