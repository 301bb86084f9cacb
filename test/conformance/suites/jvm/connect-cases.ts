/** Lines of files through topics into files, while workers and the lab are killed. */
import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { waitFor } from "../../../support/wait-for.ts";
import { JSON_WITH_SCHEMAS, sourceFile, STRINGS, Worker } from "./connect-worker.ts";
import type { JvmCase, Scene } from "./scene.ts";
import { linesOf, mainClass } from "./tool-steps.ts";

const FILE = "org.apache.kafka.connect.file.FileStream";
const LIMIT_MS = 180_000;
const CONSUMER_LIMIT_MS = 60_000;

function linesFrom(first: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${first + index} of what is sent`);
}

function append(file: string, lines: readonly string[]): void {
  appendFileSync(file, lines.map((line) => `${line}\n`).join(""));
}

const read = (file: string): string[] =>
  existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];

/** Waits until every line is in the file; returns all that is in it. */
function hasAll(file: string, lines: readonly string[]): Promise<string[]> {
  return waitFor(
    `${lines.length} lines in ${file}`,
    () => {
      const found = read(file);
      if (found.length < lines.length) return undefined;
      const distinct = new Set(found);
      return lines.every((line) => distinct.has(line)) ? found : undefined;
    },
    LIMIT_MS,
  );
}

const source = (file: string, topic: string, more: Readonly<Record<string, string>> = {}) => ({
  ...{ "connector.class": `${FILE}SourceConnector`, "tasks.max": "1", file, topic },
  ...more,
});

const sink = (file: string, topics: string) => ({
  ...{ "connector.class": `${FILE}SinkConnector`, "tasks.max": "1", file, topics },
});

/** The values of a topic as far as they are committed. */
async function committed(scene: Scene, topic: string): Promise<string[]> {
  const main = mainClass("kafka-console-consumer");
  const args = ["--topic", topic, "--from-beginning", "--isolation-level", "read_committed"];
  const program = scene.start(`read-${topic}`, main, [
    ...["--bootstrap-server", scene.bootstrap, ...args, "--timeout-ms", "5000"],
  ]);
  await program.end(CONSUMER_LIMIT_MS);
  return linesOf(program.output).filter((line) => line.startsWith("line "));
}

async function throughTopic(scene: Scene, plugins: string, converter: Record<string, string>) {
  const input = sourceFile(scene, "in");
  const output = sourceFile(scene, "out");
  const lines = linesFrom(0, 3_000);
  writeFileSync(input, "");
  const worker = await Worker.start(scene, "worker", { plugins, converter, exactlyOnce: false });
  append(input, lines.slice(0, 1_000));
  await worker.configure("source", source(input, "lines"));
  await worker.configure("sink", sink(output, "lines"));
  for (const name of ["source", "sink"]) await worker.runs(name);
  await hasAll(output, lines.slice(0, 1_000));
  append(input, lines.slice(1_000, 2_000));
  await hasAll(output, lines.slice(0, 2_000));
  // A worker that ends in order has committed all that it did.
  await worker.stop();
  append(input, lines.slice(2_000));
  await worker.startAgain();
  assert.deepEqual(await hasAll(output, lines), lines);
}

/** At least once is what Connect promises when workers and brokers are killed. */
async function survives(scene: Scene, plugins: string, kills: { worker: boolean; lab: boolean }) {
  const input = sourceFile(scene, "in");
  const output = sourceFile(scene, "out");
  const lines = linesFrom(0, 4_000);
  writeFileSync(input, "");
  const options = { plugins, converter: STRINGS, exactlyOnce: false };
  const worker = await Worker.start(scene, "worker", options);
  await worker.configure("source", source(input, "lines"));
  await worker.configure("sink", sink(output, "lines"));
  for (let round = 0; round < 4; round++) {
    append(input, lines.slice(round * 1_000, round * 1_000 + 500));
    if (round === 0) await hasAll(output, lines.slice(0, 500));
    if (kills.worker) await worker.kill();
    if (kills.lab) await scene.restartLab();
    append(input, lines.slice(round * 1_000 + 500, (round + 1) * 1_000));
    if (kills.worker) await worker.startAgain();
    await hasAll(output, lines.slice(0, (round + 1) * 1_000));
  }
  for (const name of ["source", "sink"]) await worker.runs(name);
}

/** The topic has every line once and in order, whatever is killed, once the source's offsets are in transactions. */
async function exactlyOnce(scene: Scene, plugins: string): Promise<void> {
  const input = sourceFile(scene, "in");
  const lines = linesFrom(0, 4_000);
  writeFileSync(input, "");
  const options = { plugins, converter: STRINGS, exactlyOnce: true };
  const worker = await Worker.start(scene, "worker", options);
  const required = { "exactly.once.support": "required" };
  await worker.configure("source", source(input, "lines", required));
  await worker.configure("sink", sink(sourceFile(scene, "out"), "lines"));
  await worker.runs("source");
  for (let round = 0; round < 4; round++) {
    append(input, lines.slice(round * 1_000, round * 1_000 + 500));
    if (round % 2 === 0) await worker.kill();
    if (round % 2 === 1) await scene.restartLab();
    append(input, lines.slice(round * 1_000 + 500, (round + 1) * 1_000));
    if (round % 2 === 0) await worker.startAgain();
    await hasAll(sourceFile(scene, "out"), lines.slice(0, (round + 1) * 1_000));
    // A new configuration is a new generation of tasks: the old one's producers are fenced.
    const batch = { ...required, "batch.size": String(3_000 + round) };
    await worker.configure("source", source(input, "lines", batch));
    await worker.runs("source");
  }
  assert.deepEqual(await committed(scene, "lines"), lines);
}

/** Four sources over two workers: tasks move when one comes and when one is killed. */
async function twoWorkers(scene: Scene, plugins: string): Promise<void> {
  const options = { plugins, converter: STRINGS, exactlyOnce: false };
  const first = await Worker.start(scene, "first", options);
  const names = ["a", "b", "c", "d"];
  const lines = new Map(names.map((name) => [name, linesFrom(0, 400).map((l) => `${l}, ${name}`)]));
  const sendPart = (from: number, to: number): void => {
    for (const name of names) {
      append(sourceFile(scene, name), lines.get(name)?.slice(from, to) ?? []);
    }
  };
  sendPart(0, 100);
  for (const name of names) {
    await first.configure(name, source(sourceFile(scene, name), "lines"));
    assert.equal(await first.runs(name), first.id);
  }
  const output = sourceFile(scene, "out");
  await first.configure("sink", sink(output, "lines"));
  const wanted = (to: number): string[] => names.flatMap((n) => lines.get(n)?.slice(0, to) ?? []);
  await hasAll(output, wanted(100));
  const second = await Worker.start(scene, "second", options);
  const whereTasksRun = async (): Promise<Set<string>> => {
    const where = await Promise.all(names.map((name) => first.runs(name)));
    return new Set(where);
  };
  await waitFor("tasks on both", async () => (await whereTasksRun()).size === 2, LIMIT_MS);
  sendPart(100, 200);
  await hasAll(output, wanted(200));
  await second.kill();
  sendPart(200, 300);
  await hasAll(output, wanted(300));
  assert.deepEqual(await whereTasksRun(), new Set([first.id]));
  await second.startAgain();
  await scene.restartLab();
  sendPart(300, 400);
  await hasAll(output, wanted(400));
}

/** Offsets and states as the REST API shows and alters them. */
async function rest(scene: Scene, plugins: string): Promise<void> {
  const input = sourceFile(scene, "in");
  const output = sourceFile(scene, "out");
  const lines = linesFrom(0, 200);
  append(input, lines);
  const options = { plugins, converter: STRINGS, exactlyOnce: false };
  const worker = await Worker.start(scene, "worker", options);
  await worker.configure("source", source(input, "lines"));
  await worker.configure("sink", sink(output, "lines"));
  await hasAll(output, lines);
  assert.deepEqual(await worker.ask("GET", "/connectors/sink/topics"), {
    sink: { topics: ["lines"] },
  });
  await worker.ask("PUT", "/connectors/sink/stop");
  const states = async (): Promise<string | undefined> =>
    (await worker.status("sink"))?.connector.state;
  await waitFor("the sink is stopped", async () => (await states()) === "STOPPED", LIMIT_MS);
  const offsets = await worker.ask("GET", "/connectors/sink/offsets");
  const partition = { kafka_topic: "lines", kafka_partition: 0 };
  assert.deepEqual(offsets, { offsets: [{ partition, offset: { kafka_offset: 200 } }] });
  const altered = { offsets: [{ partition, offset: { kafka_offset: 150 } }] };
  await worker.ask("PATCH", "/connectors/sink/offsets", altered);
  assert.deepEqual(await worker.ask("GET", "/connectors/sink/offsets"), altered);
  await worker.ask("PUT", "/connectors/sink/resume");
  await waitFor("50 again", () => read(output).length === 250, LIMIT_MS);
  await worker.ask("PUT", "/connectors/sink/stop");
  await waitFor("the sink is stopped", async () => (await states()) === "STOPPED", LIMIT_MS);
  await worker.ask("DELETE", "/connectors/sink/offsets");
  assert.deepEqual(await worker.ask("GET", "/connectors/sink/offsets"), { offsets: [] });
  await worker.ask("DELETE", "/connectors/sink");
  assert.deepEqual(await worker.ask("GET", "/connectors"), ["source"]);
}

/** The cases, with the folder in which the file connectors are. */
export const connectCases = (plugins: string): readonly JvmCase[] => [
  {
    name: "lines of a file through a topic into a file, as strings",
    run: (scene) => throughTopic(scene, plugins, STRINGS),
  },
  {
    name: "lines of a file through a topic into a file, as JSON with schemas",
    run: (scene) => throughTopic(scene, plugins, JSON_WITH_SCHEMAS),
  },
  {
    name: "worker killed four times: every line arrives",
    run: (scene) => survives(scene, plugins, { worker: true, lab: false }),
  },
  {
    name: "lab killed four times: every line arrives",
    run: (scene) => survives(scene, plugins, { worker: false, lab: true }),
  },
  {
    name: "both killed four times: every line arrives",
    run: (scene) => survives(scene, plugins, { worker: true, lab: true }),
  },
  {
    name: "exactly-once source: each line once and in order, worker and lab killed",
    run: (scene) => exactlyOnce(scene, plugins),
  },
  { name: "two workers share tasks, one is killed", run: (scene) => twoWorkers(scene, plugins) },
  { name: "offsets and states through REST", run: (scene) => rest(scene, plugins) },
];
