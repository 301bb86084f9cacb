/** node-rdkafka's end-to-end tests, with its native module built from the sources of its npm package. */
import { existsSync, rmSync } from "node:fs";
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
/** What its run_docker.sh creates before them. */
const TOPICS = ["test", "test2", "test3", "test4", "test5", "test6"];

/** A line of mocha's reporter json-stream. */
type MochaEvent =
  | readonly ["start" | "end", object]
  | readonly ["pass" | "fail", { readonly fullTitle: string; readonly err?: string }];

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
const RUN_LIMIT_MS = 60 * MINUTE_MS;
const EVENT = /^\["(?:start|pass|fail|end)",/;

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

interface MochaRun {
  readonly folder: string;
  readonly bootstrap: string;
  /** Titles of the tests that are wanted; all when undefined. */
  readonly titles?: ReadonlySet<string>;
  readonly args?: readonly string[];
  readonly signal: AbortSignal;
  readonly onCase: (result: CaseResult) => void;
}

/** Runs tests in one process, until the last of them has ended: it may never end itself. */
async function runMocha(options: MochaRun): Promise<void> {
  const { folder, bootstrap, titles, args = [], signal, onCase } = options;
  const ended = new AbortController();
  const takeIn = (line: string): void => {
    if (!EVENT.test(line)) return;
    const [kind, about] = JSON.parse(line) as MochaEvent;
    if (kind === "end") ended.abort();
    if (kind === "pass") onCase({ name: about.fullTitle, outcome: "passed" });
    // Hooks are no tests.
    if (kind !== "fail" || / hook (?:for|in) "/.test(about.fullTitle)) return;
    const detail = about.err?.slice(0, DETAIL_CHARS) ?? "";
    onCase({ name: about.fullTitle, outcome: "failed", detail });
  };
  const wanted = titles === undefined ? [] : [...titles].map(literal);
  const grep = titles === undefined ? [] : ["--grep", `^(?:${wanted.join("|")})$`];
  const settings = ["--exit", "--timeout", TEST_LIMIT, "--reporter", "json-stream"];
  await runCommand(
    process.execPath,
    ["node_modules/mocha/bin/mocha.js", ...settings, ...args, ...grep, "e2e/*.spec.js"],
    {
      cwd: sources(folder),
      env: { KAFKA_HOST: bootstrap },
      limitMs: RUN_LIMIT_MS,
      signal: AbortSignal.any([signal, ended.signal]),
      logFile: path.join(folder, "mocha.log"),
      onLine: takeIn,
    },
  );
}

/**
 * librdkafka 2.12's destroy sometimes never returns after node-rdkafka's consume loop, with no connection
 * to a broker left. The hook that waits for it then gives up, and mocha leaves out what comes after it in
 * that file: those are run in another process.
 */
async function run(context: SuiteContext): Promise<void> {
  const { folder, only, signal } = context;
  const { bootstrap } = await context.startLab();
  for (const topic of TOPICS) await createTopic(bootstrap, topic, 1);
  const left = new Set<string>();
  const list = ({ name }: CaseResult): void => {
    if (only?.test(name) ?? true) left.add(name);
  };
  await runMocha({ folder, bootstrap, signal, args: ["--dry-run"], onCase: list });
  for (let before = 0; left.size !== before;) {
    before = left.size;
    const onCase = (result: CaseResult): void => {
      left.delete(result.name);
      context.report(result);
    };
    if (before > 0) await runMocha({ folder, bootstrap, signal, titles: new Set(left), onCase });
  }
  for (const name of left) context.report({ name, outcome: "failed", detail: "it did not run" });
}

export const NODE_RDKAFKA: Suite = {
  name: "node-rdkafka",
  title: `node-rdkafka ${VERSION} (librdkafka 2.12.0), e2e`,
  how: "with topics test, test2 ... test6: KAFKA_HOST=127.0.0.1:PORT mocha --exit --timeout 120000 e2e/*.spec.js",
  limitMinutes: 90,
  prepare,
  run,
};
