/** A real Apache Kafka, one node that is broker and controller (KRaft), in a temporary folder. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { tempFolder } from "../../support/temp-folder.ts";
import { waitFor } from "../../support/wait-for.ts";
import { freePort } from "../lab-under-test.ts";

const START_LIMIT_MS = 90_000;
const STDERR_KEPT_CHARS = 4_000;

export interface KafkaServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * What differs from Kafka's defaults: one node, and what the lab has chosen otherwise and could be
 * chosen here too, so that the rest can be compared.
 */
const CHOSEN: Readonly<Record<string, string>> = {
  "process.roles": "broker,controller",
  "node.id": "1",
  "controller.listener.names": "CONTROLLER",
  "offsets.topic.num.partitions": "1",
  "offsets.topic.replication.factor": "1",
  "transaction.state.log.num.partitions": "1",
  "transaction.state.log.replication.factor": "1",
  "transaction.state.log.min.isr": "1",
  "group.initial.rebalance.delay.ms": "0",
  "group.consumer.assignment.interval.ms": "0",
  "log.cleaner.backoff.ms": "500",
};

function properties(data: string, port: number, controllerPort: number): string {
  const values = {
    ...CHOSEN,
    "log.dirs": data,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.quorum.bootstrap.servers": `127.0.0.1:${controllerPort}`,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const settle = (up: boolean): void => {
      socket.destroy();
      resolve(up);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  // Its data is thrown away, so it need not end in order.
  child.kill("SIGKILL");
  await exit;
}

/** Formats and starts it with the jars of the folder `lib`; resolves when it accepts connections. */
export async function startKafka(lib: string): Promise<KafkaServer> {
  const folder = tempFolder();
  const config = path.join(folder.path, "server.properties");
  const [port, controllerPort] = [await freePort(), await freePort()];
  writeFileSync(config, properties(path.join(folder.path, "data"), port, controllerPort));
  const java = ["-Xmx1g", "-cp", path.join(lib, "*")];
  const quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error";
  const run = promisify(execFile);
  const tool = [...java, quiet, "kafka.tools.StorageTool"];
  const { stdout: id } = await run("java", [...tool, "random-uuid"]);
  await run("java", [...tool, "format", "--standalone", "-t", id.trim(), "-c", config]);
  const child = spawn("java", [...java, quiet, "kafka.Kafka", config], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const killAtExit = (): void => void child.kill("SIGKILL");
  process.once("exit", killAtExit);
  child.once("exit", () => process.removeListener("exit", killAtExit));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT_CHARS);
  });
  await waitFor(
    "Apache Kafka accepts connections",
    () => {
      if (child.exitCode !== null) throw new Error(`Apache Kafka ended: ${stderr}`);
      return accepts(port);
    },
    START_LIMIT_MS,
  );
  return {
    port,
    async stop() {
      await stop(child);
      folder.dispose();
    },
  };
}
