/** Kafka Streams' own system test programs, which come in its test jars, against the lab. */
import path from "node:path";
import type { Suite } from "../suite.ts";
import { classPath } from "./maven.ts";
import { runCases } from "./scene.ts";
import { EOS_CASES } from "./streams-eos.ts";
import { OTHER_CASES } from "./streams-others.ts";
import { SMOKE_CASES } from "./streams-smoke.ts";

const VERSION = "4.3.1";
/** The last version whose test jar has the EOS driver and client; they run on Streams of VERSION. */
const EOS_VERSION = "4.2.1";
const GROUP = "org.apache.kafka";

/** Two test jars have classes of the same names: each has a class path of its own. */
const programs = (folder: string, testVersion: string): Promise<string> =>
  classPath(path.join(folder, `tests-${testVersion}`), [
    `${GROUP}:kafka-streams:${VERSION}`,
    `${GROUP}:kafka-streams:${testVersion}:test`,
    `${GROUP}:kafka-clients:${VERSION}:test`,
    `${GROUP}:kafka-tools:${VERSION}`,
    "org.slf4j:slf4j-simple:1.7.36",
  ]);

export const streams: Suite = {
  name: "streams",
  title: `Kafka Streams ${VERSION}, the programs of its system tests (the EOS test's from ${EOS_VERSION})`,
  how: `java -cp 'kafka-streams-${VERSION}-test.jar:...' org.apache.kafka.streams.tests.StreamsSmokeTest FILE run|process, and others`,
  limitMinutes: 120,
  async prepare(folder) {
    await programs(folder, VERSION);
    await programs(folder, EOS_VERSION);
  },
  async run(context) {
    const current = await programs(context.folder, VERSION);
    await runCases(context, current, SMOKE_CASES);
    await runCases(context, current, OTHER_CASES);
    await runCases(context, await programs(context.folder, EOS_VERSION), EOS_CASES);
  },
};
