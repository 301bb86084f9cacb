/** Class paths of Apache's own artifacts, got by Maven. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { mustRun } from "../command.ts";

const MAVEN_LIMIT_MS = 600_000;

/** "group:artifact:version", or with a classifier as a fourth part. */
export type Artifact = string;

function dependency(artifact: Artifact): string {
  const [group = "", name = "", version = "", classifier] = artifact.split(":");
  const which = classifier === undefined ? "" : `<classifier>${classifier}</classifier>`;
  return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>${which}</dependency>`;
}

function project(artifacts: readonly Artifact[]): string {
  return [
    `<project xmlns="http://maven.apache.org/POM/4.0.0">`,
    "<modelVersion>4.0.0</modelVersion>",
    "<groupId>lab</groupId><artifactId>suite</artifactId><version>1</version>",
    "<dependencies>",
    ...artifacts.map(dependency),
    "</dependencies></project>",
  ].join("\n");
}

/**
 * The artifacts with all that they need, as a class path; they lie in `folder`, and are got again only when
 * the list has changed. Throws SuiteMissing where Maven is missing or cannot get them.
 */
export async function classPath(folder: string, artifacts: readonly Artifact[]): Promise<string> {
  const pom = path.join(folder, "pom.xml");
  const library = path.join(folder, "lib");
  const text = project(artifacts);
  const isThere = existsSync(library) && existsSync(pom) && readFileSync(pom, "utf8") === text;
  if (!isThere) {
    rmSync(library, { recursive: true, force: true });
    rmSync(pom, { force: true });
    mkdirSync(folder, { recursive: true });
    const draft = path.join(folder, "new-pom.xml");
    writeFileSync(draft, text);
    const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${library}`];
    await mustRun("mvn", ["-q", "-B", "-f", draft, ...goal], { limitMs: MAVEN_LIMIT_MS });
    writeFileSync(pom, text);
  }
  return path.join(library, "*");
}
