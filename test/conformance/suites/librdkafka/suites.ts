/**
 * librdkafka's own tests, each number in a process and against a lab of its own. What needs no broker is
 * left out: it would pass without a lab.
 */
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { kafkaScripts } from "../kafka-scripts.ts";
import type { Suite, SuiteContext } from "../suite.ts";
import { LIBRDKAFKA_VERSION, buildTests } from "./build.ts";
import { type Mode, type Verdict, runNumber } from "./runner.ts";
import { type ListedTest, listTests } from "./tests.ts";

const SECOND_MS = 1_000;
/** Tests that run at the same time; most of them mostly wait. */
const LANES = 2;

/** Arguments of `serve` by scenario; those of librdkafka have topics of four partitions. */
const LAB_ARGS: Readonly<Record<string, readonly string[]>> = {
  default: ["--default-partitions", "4"],
  noautocreate: ["--default-partitions", "4", "--no-auto-create"],
};

const needsBroker = ({ isLocal, isManual }: ListedTest): boolean => !isLocal && !isManual;

/** The scenarios in which there is something to run. */
function scenariosOf(tests: readonly ListedTest[]): string[] {
  const wanted = tests.filter(needsBroker).flatMap((test) => test.scenarios);
  return Object.keys(LAB_ARGS).filter((scenario) => wanted.includes(scenario));
}

async function runOne(
  context: SuiteContext,
  mode: Mode,
  number: string,
  tests: readonly ListedTest[],
): Promise<Verdict[]> {
  const [programs, kafkaPath] = [await buildTests(), await kafkaScripts()];
  const { folder, signal } = context;
  const verdicts: Verdict[] = [];
  for (const scenario of scenariosOf(tests)) {
    const lab = await context.startLab(LAB_ARGS[scenario]);
    const { bootstrap } = lab;
    const where = { programs, kafkaPath, folder: path.join(folder, "runs"), bootstrap, signal };
    const inScenario = tests.filter((test) => test.scenarios.includes(scenario));
    verdicts.push(await runNumber({ ...mode, ...where, number, scenario, tests: inScenario }));
    await lab.dispose();
  }
  return verdicts;
}

async function run(context: SuiteContext, mode: Mode): Promise<void> {
  mkdirSync(path.join(context.folder, "runs"), { recursive: true });
  const source = readFileSync(path.join(await buildTests(), "test.c"), "utf8");
  const left = [...listTests(source)]
    .filter(([number, tests]) => tests.some(needsBroker) && (context.only?.test(number) ?? true))
    .values();
  const lane = async (): Promise<void> => {
    for (const [number, tests] of left) {
      if (context.signal.aborted) return;
      for (const verdict of await runOne(context, mode, number, tests)) {
        context.report({ name: number, ...verdict });
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

interface Variation extends Mode {
  readonly name: string;
  readonly what: string;
  readonly how: string;
  readonly limitMinutes: number;
}

const suite = ({ name, what, how, limitMinutes, ...mode }: Variation): Suite => ({
  name,
  title: `librdkafka ${LIBRDKAFKA_VERSION}, ${what}`,
  how: `for each number: ${how}, with serve --default-partitions 4`,
  limitMinutes,
  prepare: async () => {
    await buildTests();
    await kafkaScripts();
  },
  run: (context) => run(context, mode),
});

export const LIBRDKAFKA: readonly Suite[] = [
  suite({
    name: "librdkafka",
    what: "its tests that need a broker, quick mode",
    how: "TESTS=NNNN ./test-runner -p1 -Q -E",
    args: ["-Q", "-E"],
    env: {},
    limitMs: 240 * SECOND_MS,
    limitMinutes: 90,
  }),
  suite({
    name: "librdkafka-full",
    what: "its tests that need a broker, full mode",
    how: "TESTS=NNNN ./test-runner -p1",
    args: [],
    env: {},
    limitMs: 900 * SECOND_MS,
    limitMinutes: 300,
  }),
  suite({
    name: "librdkafka-consumer",
    what: "its tests that need a broker, full mode with group.protocol=consumer",
    how: "TEST_CONSUMER_GROUP_PROTOCOL=consumer TESTS=NNNN ./test-runner -p1",
    args: [],
    env: { TEST_CONSUMER_GROUP_PROTOCOL: "consumer" },
    limitMs: 900 * SECOND_MS,
    limitMinutes: 300,
  }),
];
