/** The results as Markdown, the file that is committed. */
import os from "node:os";
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

const number = (value: number, digits = 0): string =>
  value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const range = (s: Spread | undefined, digits = 0): string =>
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
