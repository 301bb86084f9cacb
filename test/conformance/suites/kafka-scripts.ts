/** Kafka's own command-line tools in a folder that looks like a Kafka distribution's. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mustRun } from "./command.ts";

export const KAFKA_TOOLS_VERSION = "4.3.1";
const FOLDER = path.resolve("out/suites/kafka-tools");
const MAVEN_LIMIT_MS = 600_000;
/** Each with the class that it runs; the last one is told which. */
const SCRIPTS = {
  "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
  "kafka-acls.sh": "org.apache.kafka.tools.AclCommand",
  "kafka-run-class.sh": "",
} as const;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>streamside</groupId><artifactId>kafka-tools</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>kafka-tools</artifactId>
      <version>${KAFKA_TOOLS_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

const script = (mainClass: string): string => `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \\
  -cp "$CLASSPATH:${FOLDER}/libs/*" ${mainClass} "$@"
`;

/** The folder with bin/kafka-topics.sh and the others, and libs/ (`KAFKA_PATH`). Throws SuiteMissing. */
export async function kafkaScripts(): Promise<string> {
  const bin = path.join(FOLDER, "bin");
  if (existsSync(bin)) return FOLDER;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, "pom.xml"), POM);
  const options = { cwd: FOLDER, limitMs: MAVEN_LIMIT_MS };
  await mustRun("mvn", ["-q", "dependency:copy-dependencies", "-DoutputDirectory=libs"], options);
  mkdirSync(bin);
  for (const [name, mainClass] of Object.entries(SCRIPTS)) {
    writeFileSync(path.join(bin, name), script(mainClass));
    chmodSync(path.join(bin, name), 0o755);
  }
  return FOLDER;
}
