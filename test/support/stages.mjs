// The stages of `npm test`: what each one needs and does. A stage resolves with its counts.
import { rmSync } from "node:fs";
import { runNode, runToEnd } from "./child.mjs";
import { compileIntegration, compileProgram, counted, runMocha, skipSuite } from "./suites.mjs";
import * as tools from "./tools.mjs";

const NOTHING = { passed: 0, failed: 0, skipped: 0 };
const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const SUITES_LIMIT_MS = 8 * 3_600_000;
const VSIX = "out/streamside.vsix";
const bin = (name) => `node_modules/.bin/${name}`;

/** Runs commands that pass or fail as a whole: each one that fails counts as one failure. */
async function commands(...lines) {
  let failed = 0;
  for (const [command, ...args] of lines) {
    const code = await runToEnd(command, args);
    if (code !== 0) {
      failed++;
      console.error(`FAILED with code ${code}: ${command} ${args.join(" ")}`);
    }
  }
  return { ...NOTHING, failed };
}

const check = () =>
  commands(
    [bin("tsc"), "-b"],
    [bin("oxlint"), "--type-aware", "--deny-warnings"],
    [bin("prettier"), "--check", "--log-level=warn", "."],
    [bin("knip")],
  );

const packageVsix = () =>
  commands([
    bin("vsce"),
    ...[
      "package",
      "--no-dependencies",
      "--allow-missing-repository",
      "--no-rewrite-relative-links",
    ],
    ...["-o", VSIX],
  ]);

/** Runs test/integration/ in one VS Code host, or in a desktop VS Code where that can be had. */
async function integration(label, host, { args, desktop }) {
  const browser = tools.chromium();
  const missing = host.missing ?? browser.missing;
  if (missing !== undefined) return skipSuite("integration", missing);
  await compileIntegration();
  await compileProgram("test/support/paced-producer.ts");
  const runner = await compileProgram("test/support/integration-runner.ts");
  return counted(label, (results) =>
    runNode(["--enable-source-maps", runner], {
      limitMs: Number(process.env.TEST_LIMIT_MS ?? 300_000),
      env: {
        TEST_RESULTS: results,
        TEST_HOST: process.env.TEST_HOST ?? (desktop ? "auto" : "server"),
        VSCODE_HOST_DIR: host.path,
        CHROMIUM: browser.path,
        ...(args.length === 0 ? {} : { TEST_GREP: args.at(-1) }),
      },
    }),
  );
}

async function e2e({ args }) {
  const host = tools.newestHost();
  const browser = tools.chromium();
  const missing = host.missing ?? browser.missing;
  if (missing !== undefined) return skipSuite("e2e", missing);
  rmSync("out/shots", { recursive: true, force: true });
  return runMocha("e2e", {
    args,
    testMs: 90_000,
    limitMs: 600_000,
    env: { VSCODE_HOST_DIR: host.path, CHROMIUM: browser.path, STREAMSIDE_VSIX: VSIX },
  });
}

/** The project's own scenarios; by itself and in full it goes on with the suites of others. */
async function conformance({ args, all }) {
  const own = await scenarios({ args, all });
  return all || args.length > 0 ? own : add(own, await suites({ args }));
}

/** Each client that is not there skips its own tests, with the reason, which it gets by environment. */
function scenarios({ args, all }) {
  // Some clients need a newer Node.js than this; theirs is the newest host's.
  tools.newestNode();
  const kcat = tools.kcat();
  const python = tools.python();
  const go = tools.go();
  const mode = process.env.CONFORMANCE ?? (all ? "quick" : "full");
  const kafkaServer =
    mode === "full" ? tools.kafkaServer() : { missing: "in full mode only (CONFORMANCE=full)" };
  return runMocha("conformance", {
    args,
    testMs: 120_000,
    limitMs: all ? 1_500_000 : 3_600_000,
    env: {
      CONFORMANCE: mode,
      KCAT: kcat.path ?? "",
      KCAT_MISSING: kcat.missing ?? "",
      PYTHON: python.path ?? "",
      PYTHON_MISSING: python.missing ?? "",
      GO: go.path ?? "",
      GO_MISSING: go.missing ?? "",
      KAFKA_SERVER: kafkaServer.path ?? "",
      KAFKA_SERVER_MISSING: kafkaServer.missing ?? "",
    },
  });
}

/** The clients' own suites, each of which says itself what it needs; test/conformance/suites/. */
async function suites({ args }) {
  const { path, missing } = tools.python();
  const program = await compileProgram("test/conformance/suites/main.ts");
  return counted("suites", (results) =>
    runNode(["--enable-source-maps", program, ...args], {
      limitMs: SUITES_LIMIT_MS,
      env: { TEST_RESULTS: results, PYTHON: path ?? "", PYTHON_MISSING: missing ?? "" },
    }),
  );
}

async function bench({ args }) {
  const program = await compileProgram("test/bench/main.ts");
  const code = await runNode(["--enable-source-maps", program, ...args], { limitMs: 3_600_000 });
  return code === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

/** The declarations of messages are compared with Kafka's own where those can be had. */
function unit({ args }, more = {}) {
  const { path, missing } = tools.kafkaMessages();
  const env = { KAFKA_MESSAGES: path ?? "", KAFKA_MESSAGES_MISSING: missing ?? "" };
  return runMocha("unit", { args, testMs: 10_000, limitMs: 300_000, env, ...more });
}

/** The random tests can be told to take long. */
const faultLimitMs = () =>
  ["RUNS", "KILLED_RUNS", "FUZZ_CASES"].some((name) => name in process.env) ? 7_200_000 : 900_000;

function unitOnNewestNode(run) {
  const { path, missing } = tools.newestNode();
  if (missing !== undefined) return skipSuite("unit", missing);
  return unit(run, { node: path, label: "unit-newest" });
}

/**
 * In the order in which `npm test` runs them. `needs` are the stages that come first when a stage is
 * run by itself; `alone` marks what `npm test` leaves out; `tool` a stage that has no tests to count.
 */
export const STAGES = [
  { name: "check", run: check, tool: true },
  { name: "build", run: () => commands([process.execPath, "esbuild.mjs"]), tool: true },
  { name: "unit", run: unit },
  {
    name: "fault",
    needs: ["build"],
    run: ({ args }) => runMocha("fault", { args, testMs: 120_000, limitMs: faultLimitMs() }),
  },
  { name: "unit-newest", run: unitOnNewestNode },
  {
    name: "integration",
    needs: ["build"],
    run: (run) => integration("integration", tools.newestHost(), { ...run, desktop: true }),
  },
  {
    name: "integration-oldest",
    needs: ["build"],
    run: (run) => integration("integration-oldest", tools.oldestHost(), { ...run, desktop: false }),
  },
  { name: "package", needs: ["build"], run: packageVsix, tool: true },
  { name: "e2e", needs: ["build", "package"], run: e2e },
  { name: "conformance", needs: ["build"], run: conformance },
  { name: "suites", needs: ["build"], run: suites, alone: true },
  { name: "bench", needs: ["build"], run: bench, alone: true },
];

/** One stage's counts. Whatever it throws is one failure: the other stages still run. */
async function runStage(stage, run) {
  console.log(`\n=== ${stage.name}`);
  const started = performance.now();
  let counts;
  try {
    counts = await stage.run(run);
  } catch (error) {
    console.error(error);
    counts = { ...NOTHING, failed: 1 };
  }
  return { name: stage.name, ...counts, seconds: (performance.now() - started) / 1000 };
}

/**
 * Runs the named stages with what they need first, or all of `npm test` when none is named. `ok` means
 * that nothing failed and, where there are tests, that some passed.
 */
export async function runStages(names, args) {
  const all = names.length === 0;
  const wanted = STAGES.filter((stage) => (all ? !stage.alone : names.includes(stage.name)));
  const first = new Set(all ? [] : wanted.flatMap((stage) => stage.needs ?? []));
  const rows = [];
  for (const stage of STAGES) {
    if (!wanted.includes(stage) && !first.has(stage.name)) continue;
    const row = await runStage(stage, { args: wanted.includes(stage) ? args : [], all });
    rows.push(row);
    if (first.has(stage.name) && row.failed > 0) break;
  }
  console.log("\n=== summary");
  for (const row of rows) {
    const numbers = `${row.passed} passed, ${row.failed} failed, ${row.skipped} skipped`;
    console.log(`${row.name.padEnd(20)} ${row.seconds.toFixed(1).padStart(6)} s  ${numbers}`);
  }
  const total = rows.reduce(add, NOTHING);
  const mustPass = wanted.some((stage) => !stage.tool);
  return { ...total, ok: total.failed === 0 && (total.passed > 0 || !mustPass) };
}
