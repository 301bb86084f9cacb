/** One run of librdkafka's rdkafka_performance against a server. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpuSeconds } from "./proc.ts";
import type { Server } from "./servers.ts";

export interface Load {
  readonly name: string;
  readonly kind: "produce" | "consume";
  readonly messages: number;
  readonly messageBytes: number;
  /** librdkafka properties as `name=value`. */
  readonly properties?: readonly string[];
}

export interface Measured {
  readonly messagesPerSecond: number;
  /** The server's own user and system time, scaled to a million messages. */
  readonly cpuSecondsPerMillion: number;
}

const RESULT = /in (\d+)ms: (\d+) msgs\/s/;

/** Runs the load on one topic's partition 0; a consumer reads what a producer put there before. */
export async function runLoad(
  program: string,
  server: Server,
  load: Load,
  topic: string,
): Promise<Measured> {
  const common = [
    "-b",
    server.bootstrap,
    "-t",
    topic,
    "-p",
    "0",
    "-c",
    String(load.messages),
    "-q",
  ];
  const properties = (load.properties ?? []).flatMap((property) => ["-X", property]);
  const own =
    load.kind === "produce"
      ? ["-P", "-s", String(load.messageBytes), "-a", "1"]
      : ["-C", "-o", "beginning"];
  const before = cpuSeconds(server.pid);
  const child = spawn(program, [...own, ...common, ...properties], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const [code] = (await once(child, "close")) as [number | null];
  const result = output.split("\n").findLast((line) => RESULT.test(line));
  const rate = Number(RESULT.exec(result ?? "")?.[2]);
  if (code !== 0 || !(rate > 0)) {
    throw new Error(`${load.name} against ${server.name} ended with code ${code}:\n${output}`);
  }
  const cpu = cpuSeconds(server.pid) - before;
  return { messagesPerSecond: rate, cpuSecondsPerMillion: (cpu / load.messages) * 1e6 };
}
