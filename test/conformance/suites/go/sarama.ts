/**
 * Sarama's functional tests: five brokers behind toxiproxy, which cuts and delays connections, on fixed
 * ports, and some of them stopped and started with `docker compose`.
 */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { GoTestProgram } from "./module.ts";
import { runGoTests } from "./tests.ts";
import { NetworkNamespace } from "../network-namespace.ts";
import type { Suite, SuiteContext } from "../suite.ts";
import { type Proxy, Toxiproxy } from "./toxiproxy.ts";

const VERSION = "v1.61.1";
const PACKAGE = {
  ...{ module: "github.com/IBM/sarama", version: VERSION, name: "." },
  tags: "functional",
};
const TOXIPROXY_PORT = 8474;
const BROKERS = 5;
/** The tests find the first broker here, and each of the others one further. */
const FIRST_PORT = 29_091;
const LIMIT_MINUTES = 60;

/**
 * The lab is on ::1 and toxiproxy on 127.0.0.1, with the same ports: who reaches the lab by ::1 is told
 * 127.0.0.1, and so all that clients do goes through toxiproxy.
 */
async function run(context: SuiteContext): Promise<void> {
  const network = await NetworkNamespace.open();
  const { within } = network;
  const listener = `plaintext://[::1]:${FIRST_PORT}`;
  const port = TOXIPROXY_PORT;
  let proxy: Toxiproxy | undefined;
  try {
    const cluster = ["--brokers", String(BROKERS), "--config", "auto.create.topics.enable=false"];
    const lab = await context.startLab(["--listener", listener, ...cluster], within);
    proxy = await Toxiproxy.start({ folder: context.folder, proxies: proxies(), port, within });
    const commands = writeDocker(context.folder, lab.process.ready.data);
    await runGoTests(
      {
        program: new GoTestProgram(context.folder, PACKAGE),
        env: {
          TOXIPROXY_ADDR: `http://127.0.0.1:${port}`,
          KAFKA_VERSION: "4.3.1",
          PATH: `${commands}:${process.env["PATH"] ?? ""}`,
        },
        within,
        limitMinutes: LIMIT_MINUTES - 5,
      },
      context,
    );
  } finally {
    await proxy?.dispose();
    await network.dispose();
  }
}

/** Each broker behind a proxy that the tests know by its name. */
const proxies = (): Proxy[] =>
  Array.from({ length: BROKERS }, (_, i) => ({
    name: `kafka${i + 1}`,
    listen: `127.0.0.1:${FIRST_PORT + i}`,
    upstream: `[::1]:${FIRST_PORT + i}`,
    enabled: true,
  }));

/** A `docker` that does to the lab's brokers what the tests want of containers; returns its folder. */
function writeDocker(folder: string, data: string): string {
  const commands = path.resolve(folder, "bin");
  const file = path.join(commands, "docker");
  const streamside = `"${process.execPath}" "${path.resolve("dist/streamside.mjs")}"`;
  mkdirSync(commands, { recursive: true });
  writeFileSync(
    file,
    `#!/bin/sh
case "$1 $2 $3" in
  "compose stop kafka-"*|"compose start kafka-"*)
    exec ${streamside} brokers "$2" "\${3#kafka-}" --data "${data}" ;;
esac
echo "this docker can only stop and start brokers of the lab" >&2
exit 1
`,
  );
  chmodSync(file, 0o755);
  return commands;
}

export const SARAMA: Suite = {
  name: "sarama",
  title: `Sarama ${VERSION}, functional tests`,
  how: "TOXIPROXY_ADDR=http://127.0.0.1:8474 KAFKA_VERSION=4.3.1 go test -tags functional . with --brokers 5",
  limitMinutes: LIMIT_MINUTES,
  prepare: async (folder) => {
    await new GoTestProgram(folder, PACKAGE).build();
    await Toxiproxy.install(folder);
  },
  run,
};
