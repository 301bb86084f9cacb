/** Runs the tests of a Go package, compiled into a program, as cases of an outside suite. */
import path from "node:path";
import { runCommand } from "../command.ts";
import type { GoTestProgram } from "./module.ts";
import { GoTestLog } from "./test-log.ts";
import type { SuiteContext } from "../suite.ts";

const LIST_LIMIT_MS = 60_000;
const MINUTE_MS = 60_000;

export interface GoTests {
  readonly program: GoTestProgram;
  readonly env: Readonly<Record<string, string>>;
  readonly limitMinutes: number;
  /** Command line in front of the program's. */
  readonly within?: readonly string[];
  /** What to run, as for `-test.run`; all when left out. */
  readonly run?: string;
  /** What to leave out, as for `-test.skip`. */
  readonly skip?: string;
  /** In front of the names of cases. */
  readonly prefix?: string;
  /** Test functions whose subtests are cases in their place. */
  readonly split?: readonly string[];
}

/** Every test comes to an outcome, also when the program ends in the middle. */
export async function runGoTests(tests: GoTests, context: SuiteContext): Promise<void> {
  const { program, env, limitMinutes, within = [], run, skip, prefix = "" } = tests;
  const functions = await listTests(tests);
  const { only } = context;
  const wanted = functions.filter((name) => only === undefined || only.test(`${prefix}${name}`));
  if (wanted.length === 0) return;
  const log = new GoTestLog({
    split: tests.split ?? [],
    prefix,
    report: (result) => context.report(result),
  });
  const expression = run ?? (only === undefined ? undefined : `^(${wanted.join("|")})$`);
  const [command = "go", ...args] = [
    ...[...within, "go", "tool", "test2json", "-t", program.file, "-test.v=test2json"],
    `-test.timeout=${limitMinutes}m`,
    ...(expression === undefined ? [] : ["-test.run", expression]),
    ...(skip === undefined ? [] : ["-test.skip", skip]),
  ];
  await runCommand(command, args, {
    cwd: program.cwd,
    env,
    limitMs: (limitMinutes + 1) * MINUTE_MS,
    signal: context.signal,
    onLine: (line) => log.take(line),
    logFile: path.join(context.folder, `${prefix.replaceAll(/\W+/g, "-") || "all-"}log.jsonl`),
  });
  log.finish(run === undefined ? wanted : []);
}

/** In the same surroundings, which a TestMain may want. */
async function listTests({ program, env, within = [] }: GoTests): Promise<string[]> {
  const functions: string[] = [];
  const [command, ...args] = [...within, program.file, "-test.list", "^Test"] as const;
  await runCommand(command, args, {
    cwd: program.cwd,
    env,
    limitMs: LIST_LIMIT_MS,
    onLine: (line) => {
      if (/^Test\w+$/.test(line)) functions.push(line);
    },
  });
  return functions;
}
