/** What was measured of messages as a section of Markdown. */
import type { MessagesResult, MessagesRow } from "./messages.ts";
import { number, range } from "./report.ts";
import { MESSAGES, PARTITIONS, VALUE_BYTES } from "./sample-messages.ts";

export interface MessagesReport {
  readonly date: string;
  readonly seconds: number;
  /** Before it began. */
  readonly load: readonly number[];
  readonly node: string;
  readonly result: MessagesResult;
}

export const MESSAGES_HEADING = "## Messages";

function row({ name, found, ms, cpuPerMillion }: MessagesRow): string {
  const looked = cpuPerMillion !== undefined;
  const rate = looked ? number((MESSAGES / ms.median) * 1000) : "-";
  const perSecond = looked ? number(1e6 / cpuPerMillion.median) : "-";
  const cells = [name, number(found), range(ms), rate, range(cpuPerMillion, 2), perSecond];
  return `| ${cells.join(" | ").replaceAll("<>", "\\<>")} |`;
}

export function messagesSection({ date, seconds, load, node, result }: MessagesReport): string {
  const { rows, beforeMb, peakMb, afterMb } = result;
  return `${MESSAGES_HEADING}
Written by \`npm run bench -- messages\` on ${date} in ${number(seconds)} s on ${node}, load average before it ${load.map((l) => number(l, 2)).join(" ")}. ${number(MESSAGES)} messages with JSON of ${VALUE_BYTES} bytes and a key, uncompressed, in ${PARTITIONS} partitions of one topic, over the control channel of a lab in a process of its own, each time on a new connection; medians of ${rows[0]?.ms.count ?? 0} with minimum and maximum in brackets. Time is what a clock on the wall says, with two threads looking through messages on a machine that others use too; processor time is that of the whole lab, reading, threads and answers, and messages per second of it are what one core does.

| what | found | ms | messages/s | CPU s per million | messages per CPU s |
|---|---|---|---|---|---|
${rows.map(row).join("\n")}

Memory of the lab: ${number(beforeMb)} MB before, ${number(afterMb)} MB after all rounds, ${number(peakMb)} MB at its peak.
`;
}
