/** kafka-python's integration tests, from its source package, with the lab as their external broker. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { junitCases } from "../junit.ts";
import { mustRun, runCommand } from "../command.ts";
import { pythonSource } from "../packages.ts";
import { type Suite, type SuiteContext, SuiteMissing } from "../suite.ts";

const VERSION = "3.0.12";
const KAFKA_VERSION = "4.3.0";
const STAND_IN = "test/conformance/suites/kafka-python/service.py";
/** As its own Kafka is set up. */
const LAB_ARGS = [
  ...["--default-partitions", "4"],
  ...["--config", "group.min.session.timeout.ms=1000"],
];
const MINUTE_MS = 60_000;
/** What its tests use besides the codecs, which the conformance tests install. */
const PACKAGES = ["pytest==8.4.2", "pytest-mock==3.15.1", "pytest-timeout==2.4.0", "py==1.11.0"];
const CODECS = ["lz4==4.4.5", "python-snappy==0.7.3", "zstandard==0.25.0"];

const sources = (folder: string): string => path.join(folder, `kafka_python-${VERSION}`);
const python = (folder: string): string => path.join(folder, "venv/bin/python");

async function prepare(folder: string): Promise<void> {
  const base = process.env["PYTHON"] ?? "";
  if (base === "") throw new SuiteMissing(process.env["PYTHON_MISSING"] ?? "PYTHON is not set");
  const stamp = path.join(sources(folder), "test/service.py");
  if (existsSync(stamp)) return;
  rmSync(sources(folder), { recursive: true, force: true });
  const limitMs = 10 * MINUTE_MS;
  await pythonSource(base, `kafka-python==${VERSION}`, folder);
  await mustRun(base, ["-m", "venv", path.join(folder, "venv")], { limitMs });
  await mustRun(python(folder), ["-m", "pip", "install", "-q", ...PACKAGES, ...CODECS], {
    limitMs,
  });
  // Without it Python would take its own package of that name.
  writeFileSync(path.join(sources(folder), "test/__init__.py"), "");
  copyFileSync(STAND_IN, stamp);
}

async function run(context: SuiteContext): Promise<void> {
  const { folder, only, signal } = context;
  const lab = await context.startLab(LAB_ARGS);
  const output = path.join(folder, "report.xml");
  rmSync(output, { force: true });
  // Its fixtures want the folder of a distribution to be there, and take nothing from it.
  const kafkaRoot = path.join(folder, "no-distribution");
  mkdirSync(kafkaRoot, { recursive: true });
  const grep = only === undefined ? [] : ["-k", only.source];
  const args = ["-m", "pytest", "-q", "test/integration", `--junitxml=${output}`, ...grep];
  const { tail } = await runCommand(python(folder), args, {
    cwd: sources(folder),
    env: { KAFKA_URI: `kafka://${lab.bootstrap}`, KAFKA_VERSION, KAFKA_ROOT: kafkaRoot },
    limitMs: 50 * MINUTE_MS,
    signal,
    logFile: path.join(folder, "pytest.log"),
  });
  if (!existsSync(output)) throw new Error(`pytest ended without a report: ${tail}`);
  for (const each of junitCases(readFileSync(output, "utf8"))) context.report(each);
}

export const KAFKA_PYTHON: Suite = {
  name: "kafka-python",
  title: `kafka-python ${VERSION}, test/integration`,
  how: "KAFKA_URI=kafka://127.0.0.1:PORT KAFKA_VERSION=4.3.0 pytest test/integration",
  limitMinutes: 60,
  prepare,
  run,
};
