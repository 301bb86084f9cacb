/** Kafka Connect's distributed workers with the file connectors against the lab. */
import path from "node:path";
import type { Suite } from "../suite.ts";
import { connectCases } from "./connect-cases.ts";
import { classPath } from "./maven.ts";
import { runCases } from "./scene.ts";

const VERSION = "4.3.1";
const GROUP = "org.apache.kafka";

const worker = (folder: string): Promise<string> =>
  classPath(path.join(folder, "worker"), [
    `${GROUP}:connect-runtime:${VERSION}`,
    `${GROUP}:connect-json:${VERSION}`,
    `${GROUP}:kafka-tools:${VERSION}`,
    "org.slf4j:slf4j-simple:1.7.36",
  ]);

const plugins = async (folder: string): Promise<string> => {
  const library = await classPath(path.join(folder, "plugin"), [
    `${GROUP}:connect-file:${VERSION}`,
  ]);
  return path.dirname(library);
};

export const connect: Suite = {
  name: "connect",
  title: `Kafka Connect ${VERSION}, distributed workers with file source and file sink`,
  how: `java -cp 'connect-runtime-${VERSION}.jar:...' org.apache.kafka.connect.cli.ConnectDistributed FILE, and its REST API`,
  limitMinutes: 45,
  async prepare(folder) {
    await worker(folder);
    await plugins(folder);
  },
  async run(context) {
    const cases = connectCases(await plugins(context.folder));
    await runCases(context, await worker(context.folder), cases);
  },
};
