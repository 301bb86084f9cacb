/**
 * `npm run bench -- quick`: start, idle cost, throughput and memory of the lab, beside the limit broker,
 * in under three minutes once its tools are built. `npm run bench -- restart`: how soon a lab with 10 GB
 * in it is ready again; needs 15 GB of disk. `npm run bench -- messages`: how fast a million messages are
 * looked at, searched and counted. `npm run bench -- replay`: how well a replay keeps the rhythm of its
 * messages, in under a minute. `npm run bench -- tail`: five minutes of a busy topic in a real VS Code. Each
 * writes its part of test/bench/RESULTS.md.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { tempFolder } from "../support/temp-folder.ts";
import { measureMessages } from "./messages.ts";
import { MESSAGES_HEADING, messagesSection } from "./messages-report.ts";
import { measureReplay } from "./replay.ts";
import {
  markdown,
  REPLAY_HEADING,
  replaySection,
  RESTART_HEADING,
  restartSection,
} from "./report.ts";
import { LOADS, measureRestart } from "./restart.ts";
import { sectionOf, withSection } from "./sections.ts";
import { measureStartAndIdle } from "./start-idle.ts";
import { measureTail, TAIL_HEADING, tailSection } from "./tail.ts";
import { measureThroughput } from "./throughput.ts";
import { limitBroker, nodes, rdkafkaPerformance } from "./tools.ts";

const RESULTS = "test/bench/RESULTS.md";
const ROUNDS = { quick: 5, full: 15 } as const;
const mode = process.argv[2] ?? "quick";
const apart = { restart, messages, replay, tail } as const;
const isApart = (name: string): name is keyof typeof apart => Object.hasOwn(apart, name);
if (mode !== "quick" && mode !== "full" && !isApart(mode)) {
  console.error("usage: npm run bench -- quick|full|restart|messages|replay|tail");
  process.exit(2);
}

const date = new Date().toISOString().slice(0, 10);
const folder = tempFolder();
const started = performance.now();
const secondsSoFar = () => (performance.now() - started) / 1000;

function newestNode() {
  const newest = nodes().at(-1);
  if (newest === undefined) throw new Error("no Node.js found");
  return newest;
}

/** Puts a section that is measured apart into the results. */
function writeSection(heading: string, section: string): void {
  writeFileSync(RESULTS, withSection(readFileSync(RESULTS, "utf8"), heading, section));
  console.log(section);
}

async function messages(): Promise<void> {
  const { name, path } = newestNode();
  console.log(`messages on ${name}`);
  const load = os.loadavg();
  const result = await measureMessages(path, `${folder.path}/messages`);
  const about = { date, seconds: secondsSoFar(), load, node: name, result };
  writeSection(MESSAGES_HEADING, messagesSection(about));
}

async function restart(): Promise<void> {
  const newest = newestNode();
  const results = [];
  for (const [i, load] of LOADS.entries()) {
    const { topics, partitionsPerTopic, bytes } = load;
    console.log(`restart with ${topics} topics of ${partitionsPerTopic}, ${bytes / 1e9} GB`);
    const data = `${folder.path}/restart-${i}`;
    results.push(await measureRestart(newest.path, data, load));
    rmSync(data, { recursive: true });
  }
  const about = { date, seconds: secondsSoFar(), load: os.loadavg(), node: newest.name };
  writeSection(RESTART_HEADING, restartSection({ ...about, results }));
}

async function tail(): Promise<void> {
  const figures = await measureTail(`${folder.path}/tail.json`);
  writeSection(TAIL_HEADING, tailSection(date, os.loadavg(), figures));
}

async function replay(): Promise<void> {
  const newest = newestNode();
  const result = await measureReplay(newest.path, `${folder.path}/replay`);
  const about = { date, load: os.loadavg(), node: newest.name, result };
  writeSection(REPLAY_HEADING, replaySection(about));
}

async function throughput(rounds: number): Promise<void> {
  const program = rdkafkaPerformance();
  const limit = limitBroker();
  if (limit === undefined) {
    console.error("no source of the limit broker: measuring without ratios");
  }
  const found = nodes();
  const starts = [];
  for (const [i, { name, path }] of found.entries()) {
    console.log(`start and idle on ${name}`);
    starts.push({
      node: name,
      result: await measureStartAndIdle(path, `${folder.path}/idle-${i}`),
    });
  }
  const newest = newestNode();
  console.log(`throughput on ${newest.name}, ${rounds} rounds`);
  const options = { program, limitBroker: limit, node: newest.path, folder: folder.path };
  const result = await measureThroughput({ ...options, rounds });
  const text = markdown({
    date,
    seconds: secondsSoFar(),
    load: os.loadavg(),
    starts,
    throughput: { node: newest.name, result },
    versions: ["librdkafka of node-rdkafka 3.6.1"],
  });
  const before = readFileSync(RESULTS, "utf8");
  const whole = [RESTART_HEADING, MESSAGES_HEADING, REPLAY_HEADING, TAIL_HEADING].reduce(
    (result, heading) => withSection(result, heading, sectionOf(before, heading)),
    text,
  );
  writeFileSync(RESULTS, whole);
  console.log(text);
}

try {
  if (isApart(mode)) await apart[mode]();
  else await throughput(ROUNDS[mode]);
} finally {
  folder.dispose();
  rmSync(folder.path, { recursive: true, force: true });
}
