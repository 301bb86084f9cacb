/** Kafka Streams' own system test programs, which come in its test jars, against the lab. */
import path from "node:path";
import type { Suite } from "../suite.ts";
import { classPath } from "./maven.ts";
import { runCases } from "./scene.ts";
import { SMOKE_CASES } from "./streams-smoke.ts";

const VERSION = "4.3.1";
const GROUP = "org.apache.kafka";
const LOGGING = "org.slf4j:slf4j-simple:1.7.36";

const programs = (folder: string): Promise<string> =>
  classPath(path.join(folder, "streams"), [
    `${GROUP}:kafka-streams:${VERSION}`,
    `${GROUP}:kafka-streams:${VERSION}:test`,
    `${GROUP}:kafka-clients:${VERSION}:test`,
    LOGGING,
  ]);

export const streams: Suite = {
  name: "streams",
  title: `Kafka Streams ${VERSION}, the programs of its system tests`,
  how: `java -cp 'kafka-streams-${VERSION}-test.jar:...' org.apache.kafka.streams.tests.StreamsSmokeTest FILE run|process, and others`,
  limitMinutes: 90,
  prepare: async (folder) => void (await programs(folder)),
  run: async (context) => {
    await runCases(context, await programs(context.folder), SMOKE_CASES);
  },
};
