/** Runs the tests of one number in a process of their own, and reads what the program reports of each. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runCommand } from "../command.ts";
import type { Outcome } from "../suite.ts";
import type { ListedTest } from "./tests.ts";

export interface Mode {
  /** Further arguments of the program. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
}

export interface RunnerOptions extends Mode {
  readonly number: string;
  readonly tests: readonly ListedTest[];
  readonly scenario: string;
  readonly bootstrap: string;
  /** Where the program is. */
  readonly programs: string;
  /** Where its configuration, report and log go. */
  readonly folder: string;
  /** Lines of the client's configuration besides where the lab is. */
  readonly conf: readonly string[];
  /** A folder with bin/kafka-topics.sh. */
  readonly kafkaPath: string;
  readonly signal: AbortSignal;
}

export interface Verdict {
  readonly outcome: Outcome;
  readonly detail: string;
}

/** What one test came to, as the program names it; "DNS" is one that did not start. */
type State = "PASSED" | "FAILED" | "SKIPPED" | "RUNNING" | "DNS";
interface Report {
  readonly tests: Readonly<Record<string, { readonly state: State; readonly duration: number }>>;
}

/** The version that the tests are told: those that need a newer one skip themselves, as do share groups. */
const KAFKA_VERSION = "4.1.0";
/** A test that took no longer did nothing: its mode leaves out all of its parts without a word. */
const NOTHING_DONE_S = 0.001;
const FAILURE = /^(?:\x1b\[\d*m)*### Test "(?!<MAIN>)/;
const SKIP = /WARN: SKIPPING TEST|SKIP: |SKIPPING:/;
const COLOURS = /\x1b\[\d*m/g;
const DETAIL_CHARS = 300;

function readReport(file: string): Report | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : undefined;
}

/** The line that a failure begins with and the one after it, which says why. */
function explain(lines: readonly string[], pattern: RegExp): string {
  const at = lines.findIndex((line) => pattern.test(line));
  const found = at === -1 ? lines.slice(-2) : lines.slice(at, at + 2);
  return found.join(" ").replace(COLOURS, "").trim().slice(0, DETAIL_CHARS);
}

/** Runs `TESTS=number`: its worst test counts, and it is skipped when each that needs a broker is. */
export async function runNumber(options: RunnerOptions): Promise<Verdict> {
  const { number, scenario, bootstrap, folder, programs, limitMs, signal } = options;
  const stem = path.join(folder, `${number}-${scenario}`);
  const report = `${stem}.json`;
  rmSync(report, { force: true });
  const conf = [`bootstrap.servers=${bootstrap}`, ...options.conf, ""].join("\n");
  writeFileSync(`${stem}.conf`, conf);
  const lines: string[] = [];
  const { code, timedOut } = await runCommand(
    path.join(programs, "test-runner"),
    ["-p1", "-s", scenario, ...options.args],
    {
      cwd: programs,
      limitMs,
      signal,
      logFile: `${stem}.log`,
      onLine: (line) => lines.push(line),
      env: {
        TESTS: number,
        TEST_REPORT: report,
        TEST_KAFKA_VERSION: KAFKA_VERSION,
        RDKAFKA_TEST_CONF: `${stem}.conf`,
        KAFKA_PATH: options.kafkaPath,
        BROKERS: bootstrap,
        LD_LIBRARY_PATH: "../src:../src-cpp",
        ...options.env,
      },
    },
  );
  if (timedOut) {
    const detail = `ended after ${limitMs / 1_000} s: ${explain(lines, FAILURE)}`;
    return { outcome: "failed", detail };
  }
  const results = readReport(report)?.tests;
  if (results === undefined || code !== 0) {
    return { outcome: "failed", detail: explain(lines, FAILURE) };
  }
  return verdictOf(options.tests, results, lines);
}

function verdictOf(
  tests: readonly ListedTest[],
  results: Report["tests"],
  lines: readonly string[],
): Verdict {
  const passed = tests.flatMap(({ name, isLocal }) => {
    const result = results[name];
    return isLocal || result?.state !== "PASSED" ? [] : [result.duration];
  });
  if (passed.length === 0) return { outcome: "skipped", detail: explain(lines, SKIP) };
  const seconds = passed.reduce((sum, duration) => sum + duration, 0);
  return seconds <= NOTHING_DONE_S
    ? { outcome: "skipped", detail: "this mode leaves out all of its parts" }
    : { outcome: "passed", detail: `${seconds.toFixed(1)} s` };
}
