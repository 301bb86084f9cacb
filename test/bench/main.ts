/**
 * `npm run bench -- quick`: start, idle cost, throughput and memory of the lab, beside the limit broker,
 * in under three minutes once its tools are built. Writes test/bench/RESULTS.md.
 */
import { rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { tempFolder } from "../support/temp-folder.ts";
import { markdown } from "./report.ts";
import { measureStartAndIdle } from "./start-idle.ts";
import { measureThroughput } from "./throughput.ts";
import { limitBroker, nodes, rdkafkaPerformance } from "./tools.ts";

const ROUNDS = { quick: 5, full: 15 } as const;
const mode = process.argv[2] ?? "quick";
if (mode !== "quick" && mode !== "full") {
  console.error("usage: npm run bench -- quick|full");
  process.exit(2);
}

const program = rdkafkaPerformance();
const limit = limitBroker();
if (limit === undefined) console.error("no source of the limit broker: measuring without ratios");
const folder = tempFolder();
const started = performance.now();
try {
  const found = nodes();
  const starts = [];
  for (const [i, { name, path }] of found.entries()) {
    console.log(`start and idle on ${name}`);
    starts.push({
      node: name,
      result: await measureStartAndIdle(path, `${folder.path}/idle-${i}`),
    });
  }
  const newest = found.at(-1);
  if (newest === undefined) throw new Error("no Node.js found");
  console.log(`throughput on ${newest.name}, ${ROUNDS[mode]} rounds`);
  const options = { program, limitBroker: limit, node: newest.path, folder: folder.path };
  const result = await measureThroughput({ ...options, rounds: ROUNDS[mode] });
  const text = markdown({
    date: new Date().toISOString().slice(0, 10),
    seconds: (performance.now() - started) / 1000,
    load: os.loadavg(),
    starts,
    throughput: { node: newest.name, result },
    versions: ["librdkafka of node-rdkafka 3.6.1"],
  });
  writeFileSync("test/bench/RESULTS.md", text);
  console.log(text);
} finally {
  folder.dispose();
  rmSync(folder.path, { recursive: true, force: true });
}
