/** Gets librdkafka's sources with its tests, and builds the test program once for all of its suites. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { mustRun, runCommand } from "../command.ts";
import { npmPackage } from "../packages.ts";

/** The npm package that carries the sources, with the version of librdkafka that is in it. */
export const CARRIER = "@confluentinc/kafka-javascript@1.10.1";
export const LIBRDKAFKA_VERSION = "2.15.1";

const FOLDER = path.resolve("out/suites/librdkafka-build");
const BUILD_LIMIT_MS = 1_200_000;
/** Without these it builds too, but leaves out TLS, logins, zstd and the tests of them. */
const LIBRARIES = [
  "libcurl4-openssl-dev",
  "liblz4-dev",
  "libsasl2-dev",
  "libssl-dev",
  "libzstd-dev",
  "rapidjson-dev",
];

/** Installs the libraries it uses where this user may. What cannot be had is left out of the build. */
async function installLibraries(): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  const args = ["install", "-y", "--no-install-recommends", ...LIBRARIES];
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const { code } = await runCommand("apt-get", args, { env, limitMs: BUILD_LIMIT_MS });
  if (code !== 0) console.log("  built without some libraries: apt-get could not install them");
}

/** The folder in which `./test-runner` is run. Throws SuiteMissing. */
export async function buildTests(): Promise<string> {
  const sources = path.join(FOLDER, "package/deps/librdkafka");
  const tests = path.join(sources, "tests");
  const runner = path.join(tests, "test-runner");
  if (existsSync(runner)) return tests;
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  await npmPackage(CARRIER, FOLDER);
  await installLibraries();
  const limitMs = BUILD_LIMIT_MS;
  await mustRun("./configure", ["--disable-gssapi"], { cwd: sources, limitMs });
  await mustRun("make", ["-j2", "libs"], { cwd: sources, limitMs });
  await mustRun("make", ["-j2", "-C", "tests", "build"], { cwd: sources, limitMs });
  return tests;
}
