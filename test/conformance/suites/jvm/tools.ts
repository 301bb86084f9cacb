/** Kafka's own command-line tools against the lab: what they print is compared line by line. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Suite, SuiteContext } from "../suite.ts";
import { classPath } from "./maven.ts";
import { runCases, type Scene, withScene } from "./scene.ts";
import { argumentsOf, compare, mainClass, type ToolStep } from "./tool-steps.ts";
import { CLUSTER_STEPS } from "./tool-cluster.ts";
import { RECORD_STEPS } from "./tool-records.ts";
import { TOPIC_STEPS } from "./tool-topics.ts";
import { WORKLOAD_CASES } from "./tool-workloads.ts";

const VERSION = "4.3.1";
const GROUP = "org.apache.kafka";
const STEP_LIMIT_MS = 90_000;
const QUIET = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=error"];

/** Steps that follow from each other play in one lab. */
const STORIES: ReadonlyMap<string, readonly ToolStep[]> = new Map([
  ["topics", TOPIC_STEPS],
  ["records", RECORD_STEPS],
  ["cluster", CLUSTER_STEPS],
]);

const nameOf = ({ tool, does }: ToolStep): string => `${tool}: ${does}`;

/** Runs a tool and says what is wrong with what it printed. */
async function runStep(scene: Scene, step: ToolStep): Promise<string | undefined> {
  const places = { BOOTSTRAP: scene.bootstrap, FOLDER: scene.folder };
  if (step.file !== undefined)
    writeFileSync(path.join(scene.folder, step.file.name), step.file.text);
  const program = scene.start(step.tool, mainClass(step.tool), argumentsOf(step, places), {
    jvm: QUIET,
  });
  for (const line of step.input ?? []) program.tell(line);
  program.endInput();
  await program.end(STEP_LIMIT_MS);
  return compare(step, program.output, places);
}

async function tell(context: SuiteContext, scene: Scene, steps: readonly ToolStep[]) {
  for (const step of steps) {
    let detail: string | undefined;
    try {
      detail = await runStep(scene, step);
    } catch (error) {
      detail = error instanceof Error ? error.message : String(error);
    }
    const name = nameOf(step);
    if (context.only?.test(name) === false) continue;
    context.report(
      detail === undefined ? { name, outcome: "passed" } : { name, outcome: "failed", detail },
    );
  }
}

const tools = (folder: string): Promise<string> =>
  classPath(folder, [
    `${GROUP}:kafka-tools:${VERSION}`,
    // ConfigCommand has stayed with the broker.
    `${GROUP}:kafka_2.13:${VERSION}`,
    "org.slf4j:slf4j-simple:1.7.36",
  ]);

export const javaTools: Suite = {
  name: "java-tools",
  title: `Kafka's command-line tools ${VERSION}`,
  how: `java -cp 'kafka-tools-${VERSION}.jar:...' org.apache.kafka.tools.TopicCommand --bootstrap-server 127.0.0.1:PORT --list, and others`,
  limitMinutes: 40,
  prepare: async (folder) => void (await tools(folder)),
  async run(context) {
    const library = await tools(context.folder);
    for (const [story, steps] of STORIES) {
      if (!steps.some((step) => context.only?.test(nameOf(step)) ?? true)) continue;
      await withScene(context, story, library, (scene) => tell(context, scene, steps));
    }
    await runCases(context, library, WORKLOAD_CASES);
  },
};
