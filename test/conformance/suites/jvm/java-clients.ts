/** Apache's Java client, version by version: the cases of test/conformance/clients/java. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { LabUnderTest } from "../../lab-under-test.ts";
import { mustRun } from "../command.ts";
import type { Outcome, Suite, SuiteContext } from "../suite.ts";
import { JavaProgram } from "./java-program.ts";
import { classPath } from "./maven.ts";

const VERSIONS = ["3.9.2", "4.0.2", "4.3.1", "4.4.0"];
const SOURCES = "test/conformance/clients/java";
const LOGGING = "org.slf4j:slf4j-simple:1.7.36";
const COMPILE_LIMIT_MS = 180_000;
const CASE_LIMIT_MS = 300_000;
/** What members of groups say of rebalances is what one needs to understand a failure. */
const LOGGING_LEVELS = [
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
  "-Dorg.slf4j.simpleLogger.showDateTime=true",
  "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.clients.consumer.internals=info",
];
const OUTCOMES: ReadonlyMap<string, Outcome> = new Map([
  ["passed", "passed"],
  ["failed", "failed"],
]);

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".java"))
    .map((file) => path.join(folder, file));

const client = (folder: string, version: string): Promise<string> =>
  classPath(folder, [`org.apache.kafka:kafka-clients:${version}`, LOGGING]);

async function compile(folder: string, version: string): Promise<void> {
  const newer = version.startsWith("3.") ? [] : sourcesIn(path.join(SOURCES, "since-4"));
  const classes = path.join(folder, "classes");
  rmSync(classes, { recursive: true, force: true });
  mkdirSync(classes, { recursive: true });
  const library = await client(folder, version);
  const files = [...sourcesIn(SOURCES), ...newer];
  const args = ["-nowarn", "-d", classes, "-cp", library, ...files];
  await mustRun("javac", args, { limitMs: COMPILE_LIMIT_MS });
}

async function obey(order: string, lab: LabUnderTest, program: JavaProgram): Promise<void> {
  if (order === "kill") await lab.kill();
  else await lab.startAgain();
  program.tell("done");
}

/** Follows the program from line to line: cases are reported, orders carried out. */
async function follow(
  program: JavaProgram,
  lab: LabUnderTest,
  context: SuiteContext,
): Promise<void> {
  for (;;) {
    const next = await program.next(/^(case|order)\t/, CASE_LIMIT_MS);
    if (next === undefined) return;
    const [kind, word = "", name = "", detail = ""] = next.split("\t");
    if (kind === "order") {
      await obey(word, lab, program);
      continue;
    }
    const outcome = OUTCOMES.get(word);
    if (outcome === undefined) throw new Error(`not an outcome: ${next}`);
    context.report({ name, outcome, ...(detail === "" ? {} : { detail }) });
  }
}

function javaClient(version: string): Suite {
  return {
    name: `java-clients-${version}`,
    title: `Apache kafka-clients ${version}, the cases of ${SOURCES}`,
    how: `javac ${SOURCES}/*.java; java -cp kafka-clients-${version}.jar:... JavaClients 127.0.0.1:PORT`,
    limitMinutes: 30,
    prepare: (folder) => compile(folder, version),
    async run(context) {
      const { folder, only, signal } = context;
      const logFile = path.join(folder, "run.log");
      rmSync(logFile, { force: true });
      const lab = await context.startLab();
      const program = new JavaProgram({
        classPath: `${path.join(folder, "classes")}:${await client(folder, version)}`,
        main: "JavaClients",
        args: only === undefined ? [lab.bootstrap] : [lab.bootstrap, only.source],
        jvm: LOGGING_LEVELS,
        logFile,
        signal,
      });
      await follow(program, lab, context);
      const code = await program.end(CASE_LIMIT_MS);
      context.report({
        name: "all cases run to the end",
        outcome: code === 0 ? "passed" : "failed",
      });
    },
  };
}

export const javaClients: readonly Suite[] = VERSIONS.map(javaClient);
