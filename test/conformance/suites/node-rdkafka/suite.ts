/** node-rdkafka's end-to-end tests, with its native module built from the sources of its npm package. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { createTopic } from "../../wire-client.ts";
import { mustRun, runCommand } from "../command.ts";
import { npmPackage } from "../packages.ts";
import type { CaseResult, Suite, SuiteContext } from "../suite.ts";

const VERSION = "3.6.1";
const MINUTE_MS = 60_000;
const BUILD_LIMIT_MS = 40 * MINUTE_MS;
/** What its Makefile gives a test. */
const TEST_LIMIT = "120000";
/** A test that fails here and so leaves a client that cannot be closed: in a process of its own, with less time. */
const ALONE = ["empty buffer key and empty value", "empty key and empty value"];
const ALONE_TEST_LIMIT = "20000";
const ALONE_LIMIT_MS = 90_000;
/** What its run_docker.sh creates before them. */
const TOPICS = ["test", "test2", "test3", "test4", "test5", "test6"];

/** One test in what mocha's JSON reporter writes. */
interface MochaTest {
  readonly fullTitle: string;
  readonly err: { readonly message?: string };
}
interface MochaReport {
  readonly passes: readonly MochaTest[];
  readonly failures: readonly MochaTest[];
  readonly pending: readonly MochaTest[];
}

const sources = (folder: string): string => path.join(folder, "package");
const binding = (folder: string): string =>
  path.join(sources(folder), "build/Release/node-librdkafka.node");

/** Headers of the Node.js in use, where they lie beside it, spare node-gyp a download. */
function nodeHeaders(): Record<string, string> {
  const prefix = path.resolve(process.execPath, "../..");
  const has = existsSync(path.join(prefix, "include/node/node.h"));
  return has ? { npm_config_nodedir: prefix } : {};
}

async function prepare(folder: string): Promise<void> {
  if (existsSync(binding(folder))) return;
  rmSync(sources(folder), { recursive: true, force: true });
  await npmPackage(`node-rdkafka@${VERSION}`, folder);
  await mustRun("npm", ["install", "--no-audit", "--no-fund"], {
    cwd: sources(folder),
    env: nodeHeaders(),
    limitMs: BUILD_LIMIT_MS,
    logFile: path.join(folder, "build.log"),
  });
}

const DETAIL_CHARS = 300;

/** A hook that fails counts as its test. */
const nameOf = (fullTitle: string): string =>
  fullTitle.replace(/"(?:before|after) each" hook for "(.*)"$/, "$1");

function* casesOf(report: MochaReport): Generator<CaseResult> {
  for (const { fullTitle } of report.passes) yield { name: fullTitle, outcome: "passed" };
  for (const { fullTitle } of report.pending) yield { name: fullTitle, outcome: "skipped" };
  for (const { fullTitle, err } of report.failures) {
    const detail = err.message?.slice(0, DETAIL_CHARS) ?? "";
    yield { name: nameOf(fullTitle), outcome: "failed", detail };
  }
}

interface Part {
  readonly args: readonly string[];
  readonly limitMs: number;
}

/** Most of the tests in one process, as its authors run them, and some on their own. */
const PARTS: readonly Part[] = [
  {
    args: ["--timeout", TEST_LIMIT, "--grep", ALONE.join("|"), "--invert"],
    limitMs: 60 * MINUTE_MS,
  },
  ...ALONE.map((title) => ({
    args: ["--timeout", ALONE_TEST_LIMIT, "--grep", title],
    limitMs: ALONE_LIMIT_MS,
  })),
];

async function runPart(context: SuiteContext, bootstrap: string, part: Part): Promise<void> {
  const { folder, only, signal } = context;
  const output = path.join(folder, "report.json");
  rmSync(output, { force: true });
  const reporter = ["--reporter", "json", "--reporter-option", `output=${output}`];
  const args = ["--exit", ...part.args, "e2e/*.spec.js", ...reporter];
  const { tail } = await runCommand(
    process.execPath,
    ["node_modules/mocha/bin/mocha.js", ...args],
    {
      cwd: sources(folder),
      env: { KAFKA_HOST: bootstrap },
      limitMs: part.limitMs,
      signal,
      logFile: path.join(folder, "mocha.log"),
    },
  );
  if (!existsSync(output)) throw new Error(`mocha ended without a report: ${tail}`);
  const report = JSON.parse(readFileSync(output, "utf8")) as MochaReport;
  for (const each of casesOf(report)) if (only?.test(each.name) ?? true) context.report(each);
}

async function run(context: SuiteContext): Promise<void> {
  const { bootstrap } = await context.startLab();
  for (const topic of TOPICS) await createTopic(bootstrap, topic, 1);
  for (const part of PARTS) await runPart(context, bootstrap, part);
}

export const NODE_RDKAFKA: Suite = {
  name: "node-rdkafka",
  title: `node-rdkafka ${VERSION} (librdkafka 2.12.0), e2e`,
  how: "with topics test, test2 ... test6: KAFKA_HOST=127.0.0.1:PORT mocha --exit --timeout 120000 e2e/*.spec.js",
  limitMinutes: 90,
  prepare,
  run,
};
