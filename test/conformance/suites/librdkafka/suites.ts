/**
 * librdkafka's own tests, each number in a process and against a lab of its own. What needs no broker (-L)
 * is left out: it would pass without a lab.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { kafkaScripts } from "../kafka-scripts.ts";
import type { Suite, SuiteContext } from "../suite.ts";
import { LIBRDKAFKA_VERSION, buildTests } from "./build.ts";
import { type Mode, type Verdict, runNumber } from "./runner.ts";
import { type ListedTest, listTests } from "./tests.ts";

const SECOND_MS = 1_000;
/** Tests that run at the same time; most of them mostly wait. */
const LANES = 2;

/** A scenario of librdkafka, and the lab that it is run against. */
interface Place {
  readonly scenario: "default" | "noautocreate";
  /** Arguments of `serve`. */
  readonly lab: readonly string[];
  /** Lines of the client's configuration. */
  readonly conf: readonly string[];
}

/** Topics of librdkafka's scenarios have four partitions. */
const FOUR_PARTITIONS = ["--default-partitions", "4"];
const DEFAULT: Place = { scenario: "default", lab: FOUR_PARTITIONS, conf: [] };
const NO_AUTO_CREATE: Place = {
  scenario: "noautocreate",
  lab: [...FOUR_PARTITIONS, "--config", "auto.create.topics.enable=false"],
  conf: [],
};
/** Topics of these are made with three replicas. */
const THREE_BROKERS: Place = { ...DEFAULT, lab: [...DEFAULT.lab, "--brokers", "3"] };
const THREE_BROKERS_NO_AUTO_CREATE: Place = {
  ...NO_AUTO_CREATE,
  lab: [...NO_AUTO_CREATE.lab, "--brokers", "3"],
};
/** With Kafka's default: members that come within 3 s of the first make one generation with it. */
const JOINED_AT_ONCE: Place = {
  scenario: "default",
  lab: [
    ...[...FOUR_PARTITIONS, "--config", "group.initial.rebalance.delay.ms=3000"],
    // Its tests wait 30 s for a member that says nothing to be taken out; Kafka's default is 45 s.
    ...["--config", "group.consumer.session.timeout.ms=10000"],
  ],
  conf: [],
};
const PASSWORD = "of-a-test";
const USERS_FILE = path.resolve("out/suites/librdkafka-build/users.json");
const SASL: Place = {
  scenario: "default",
  lab: [
    ...["--listener", "sasl_plaintext://127.0.0.1:0", "--users", USERS_FILE],
    ...THREE_BROKERS.lab,
  ],
  conf: [
    "security.protocol=sasl_plaintext",
    "sasl.mechanism=SCRAM-SHA-256",
    "sasl.username=tester",
    `sasl.password=${PASSWORD}`,
  ],
};

/** Numbers that are about something that a lab does only when it is asked to. */
const SPECIAL: Readonly<Record<string, readonly Place[]>> = {
  // Two members that are to get their first assignment together.
  "0089": [JOINED_AT_ONCE],
  "0102": [JOINED_AT_ONCE],
  "0113": [JOINED_AT_ONCE],
  "0098": [THREE_BROKERS],
  "0101": [THREE_BROKERS],
  "0103": [THREE_BROKERS],
  "0107": [THREE_BROKERS_NO_AUTO_CREATE],
  "0111": [THREE_BROKERS_NO_AUTO_CREATE],
  // Logins.
  "0135": [SASL],
  "0142": [SASL],
};

const needsBroker = ({ isLocal, isManual }: ListedTest): boolean => !isLocal && !isManual;

/** Where there is something of a number to run. */
function placesOf(number: string, tests: readonly ListedTest[]): readonly Place[] {
  const wanted = tests.filter(needsBroker).flatMap((test) => test.scenarios);
  const places = SPECIAL[number] ?? [DEFAULT, NO_AUTO_CREATE];
  return places.filter(({ scenario }) => wanted.includes(scenario));
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
  for (const { scenario, lab: args, conf } of placesOf(number, tests)) {
    const lab = await context.startLab(args);
    const { bootstrap } = lab.process.ready;
    const where = { programs, kafkaPath, folder: path.join(folder, "runs"), bootstrap, signal };
    const what = { number, scenario, conf };
    const inScenario = tests.filter((test) => test.scenarios.includes(scenario));
    verdicts.push(await runNumber({ ...mode, ...where, ...what, tests: inScenario }));
    await lab.dispose();
  }
  return verdicts;
}

async function run(context: SuiteContext, mode: Mode): Promise<void> {
  mkdirSync(path.join(context.folder, "runs"), { recursive: true });
  writeFileSync(USERS_FILE, JSON.stringify({ tester: { password: PASSWORD } }));
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
    how: "TESTS=NNNN ./test-runner -p1 -Q -E -L",
    args: ["-Q", "-E", "-L"],
    env: {},
    limitMs: 240 * SECOND_MS,
    limitMinutes: 90,
  }),
  suite({
    name: "librdkafka-full",
    what: "its tests that need a broker, full mode",
    how: "TESTS=NNNN ./test-runner -p1 -L",
    args: ["-L"],
    env: {},
    limitMs: 900 * SECOND_MS,
    limitMinutes: 300,
  }),
  suite({
    name: "librdkafka-consumer",
    what: "its tests that need a broker, full mode with group.protocol=consumer",
    how: "TEST_CONSUMER_GROUP_PROTOCOL=consumer TESTS=NNNN ./test-runner -p1 -L",
    args: ["-L"],
    env: { TEST_CONSUMER_GROUP_PROTOCOL: "consumer" },
    limitMs: 900 * SECOND_MS,
    limitMinutes: 300,
  }),
];
