/** The part of test/conformance/RESULTS.md about the run side by side. */
import { readFileSync, writeFileSync } from "node:fs";
import { format, resolveConfig } from "prettier";
import type { Difference } from "./compare.ts";
import type { KnownDifference } from "./known-differences.ts";
import type { KnownFrame } from "./known-frames.ts";

const FILE = "test/conformance/RESULTS.md";
const BEGIN = "<!-- side by side: written by the whole run of npm run conformance -->";
const END = "<!-- end of side by side -->";

export interface Report {
  readonly date: string;
  /** Exchanges compared, by API. */
  readonly compared: ReadonlyMap<string, number>;
  readonly known: ReadonlyMap<KnownDifference, readonly Difference[]>;
  readonly clients: readonly string[];
  readonly frames: { readonly sent: number; readonly known: ReadonlyMap<KnownFrame, number> };
}

const cell = (text: string): string => text.replaceAll("|", "\\|");
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(" | ")} |`;

function differenceRow([{ why }, differences]: [KnownDifference, readonly Difference[]]): string {
  const apis = [...new Set(differences.map(({ api }) => api))].sort();
  return row(apis.length > 4 ? "many" : apis.join(", "), String(differences.length), why);
}

function text({ date, compared, known, clients, frames }: Report): string {
  const total = [...compared.values()].reduce((sum, count) => sum + count, 0);
  const apis = [...compared].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `On ${date}: the same requests to Apache Kafka 4.4.0 (one node, set up by \`side-by-side/kafka-server.ts\`) and to the lab, in every version that the lab serves,`,
    `through a tap that decodes both. ${total} exchanges compared: ${apis.map(([name, count]) => `${name} ${count}`).join(", ")}.`,
    "What is not compared at all, such as addresses, is in `side-by-side/normal.ts`. No difference was found but these:",
    "",
    row("API", "times", "why"),
    row("---", "---", "---"),
    ...[...known].filter(([, differences]) => differences.length > 0).map(differenceRow),
    "",
    `Everyday use (topics, records, offsets by time, groups) by ${clients.join(", ")}: the same results, versions and errors.`,
    "",
    `Malformed frames: ${frames.sent} whole ones, answered by both or by neither, but for these:`,
    "",
    row("Kafka", "lab", "times", "why"),
    row("---", "---", "---", "---"),
    ...[...frames.known]
      .filter(([, count]) => count > 0)
      .map(([{ kafka, lab, why }, count]) => row(kafka, lab, String(count), why)),
  ].join("\n");
}

/** Writes it between its marks. */
export async function writeReport(report: Report): Promise<void> {
  const before = readFileSync(FILE, "utf8");
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`${FILE} has lost the marks of side by side`);
  const head = before.slice(0, begin + BEGIN.length);
  const after = `${head}\n\n${text(report)}\n\n${before.slice(end)}`;
  const options = (await resolveConfig(FILE)) ?? {};
  writeFileSync(FILE, await format(after, { ...options, filepath: FILE }));
}
