/** The results as Markdown, the file that is committed. */
import os from "node:os";
import type { ReplayResult } from "./replay.ts";
import type { RestartResult } from "./restart.ts";
import type { StartIdleResult } from "./start-idle.ts";
import type { Spread } from "./statistics.ts";
import type { ThroughputResult } from "./throughput.ts";

export interface Report {
  readonly date: string;
  readonly seconds: number;
  readonly load: readonly number[];
  readonly starts: readonly { readonly node: string; readonly result: StartIdleResult }[];
  readonly throughput: { readonly node: string; readonly result: ThroughputResult };
  readonly versions: readonly string[];
}

export const number = (value: number, digits = 0): string =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
export const range = (s: Spread | undefined, digits = 0): string =>
  s === undefined
    ? "-"
    : `${number(s.median, digits)} (${number(s.min, digits)}-${number(s.max, digits)})`;
const ratio = (value: number | undefined): string => (value === undefined ? "-" : number(value, 2));

function startRows({ starts }: Report): string[] {
  return starts.map(
    ({ node, result }) =>
      `| ${node} | ${range(result.startMs)} | ${number(result.idleRssMb)} | ${number(result.idleCpuPercent, 1)} |`,
  );
}

function loadRows({ throughput }: Report): string[] {
  return throughput.result.loads.map(
    (load) =>
      `| ${load.name} | ${range(load.lab)} | ${range(load.limit)} | ${ratio(load.ratio)} | ${range(load.labCpuPerMillion, 2)} | ${range(load.limitCpuPerMillion, 2)} | ${load.quiet} of ${load.rounds} |`,
  );
}

export interface RestartReport {
  readonly date: string;
  readonly seconds: number;
  readonly load: readonly number[];
  readonly node: string;
  readonly results: readonly RestartResult[];
}

export const RESTART_HEADING = "## Restart";

/** A section of its own: it is measured apart, and takes long. */
export function restartSection({ date, seconds, load, node, results }: RestartReport): string {
  const rows = results.map((result) => {
    const { topics, partitionsPerTopic, bytes } = result.load;
    const figures = [
      range(result.cleanMs),
      range(result.killedMs),
      range(result.killedWritingMs),
      number(result.readyCpuS, 2),
      range(result.firstFetchMs),
      range(result.allOpenMs),
      number(result.rssMb),
    ];
    const what = `${number(topics)} topics, ${number(topics * partitionsPerTopic)} partitions, ${number(bytes / 1e9, 1)} GB`;
    return `| ${what} | ${figures.join(" | ")} |`;
  });
  return `${RESTART_HEADING}
Written by \`npm run bench -- restart\` on ${date} in ${number(seconds)} s on ${node}, load average ${load.map((l) => number(l, 2)).join(" ")}; medians of 5. Ready is from spawn to the ready line: after a clean stop; after \`kill -9\` of a lab that had written nothing; after \`kill -9\` right after 100 KB were written to every partition. The processor time is that of the first. Logs are opened when they are first asked for, and all others one by one once the lab is ready: first fetch and all open are from the ready line on.

| data | ready ms, stopped | killed | killed while written to | CPU s | first fetch ms | all open ms | RSS MB |
|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

export interface ReplayReport {
  readonly date: string;
  readonly load: readonly number[];
  readonly node: string;
  readonly result: ReplayResult;
}

export const REPLAY_HEADING = "## Replay";

/** A section of its own: it takes as long as what it replays. */
export function replaySection({ date, load, node, result }: ReplayReport): string {
  const rows = result.rhythms.map((rhythm) => {
    const off = ((rhythm.tookMs - rhythm.plannedMs) / rhythm.plannedMs) * 100;
    const figures = [
      number(rhythm.medianErrorMs, 2),
      number(rhythm.p99ErrorMs, 2),
      number(rhythm.plannedMs),
      number(rhythm.tookMs),
      `${number(off, 2)} %`,
    ];
    return `| x${rhythm.speed} | ${figures.join(" | ")} |`;
  });
  return `${REPLAY_HEADING}
Written by \`npm run bench -- replay\` on ${date} on ${node}, load average ${load.map((l) => number(l, 2)).join(" ")}. ${number(result.messages)} messages with random times (10 ms apart on average) are replayed by the command, and a kafkajs consumer notes when each one comes. The error is how much the time between two messages differs from what it was, divided by the speed.

| speed | median error ms | 99th percentile | planned ms | took ms | off |
|---|---|---|---|---|---|
${rows.join("\n")}

As fast as possible: ${number(result.fastestMs)} ms.
`;
}

export function markdown(report: Report): string {
  const { result, node } = report.throughput;
  const gigabytes = (bytes: number) => number(bytes / 1e9, 2);
  return `# Measured

Written by \`npm run bench -- quick\` on ${report.date} in ${number(report.seconds)} s: ${os.cpus().length} cores (${os.cpus()[0]?.model ?? "unknown"}), ${os.type()} ${os.release()}, load average ${report.load.map((l) => number(l, 2)).join(" ")}. ${report.versions.join(", ")}.

Figures are medians with minimum and maximum in brackets. The ratio is what counts; absolute figures move with the machine.

## Start and idle
Spawn to ready line, median of 10; memory and CPU with no client.

| host | start ms | idle RSS MB | idle CPU % of a core |
|---|---|---|---|
${startRows(report).join("\n")}

## Throughput
One partition, \`acks=1\`, librdkafka's \`rdkafka_performance\` with its default batching, on ${node}. The limit broker is a single-threaded broker in C that checks CRC32C, appends and sends with \`sendfile\`. Both get the same load in turn; a round counts when the limit broker was within 25 % of its own median.

| load | lab, msgs/s | limit broker, msgs/s | ratio | lab CPU-s per million | limit CPU-s per million | rounds |
|---|---|---|---|---|---|---|
${loadRows(report).join("\n")}

Memory of the lab while ${gigabytes(result.bytesIn)} GB of messages went in and ${gigabytes(result.bytesOut)} GB came out: peak ${number(result.labMemoryMb.peak)} MB, ${number(result.labMemoryMb.rss)} MB at the end.
`;
}
