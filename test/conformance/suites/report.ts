/** The part of test/conformance/RESULTS.md that is written from what is kept of the suites' runs. */
import type { Reasons } from "./reasons.ts";
import type { SuiteResults } from "./results.ts";

const BEGIN = "<!-- outside suites: written by npm run conformance -->";
const END = "<!-- end of the outside suites -->";

export interface ReportedSuite {
  readonly name: string;
  readonly results: SuiteResults;
  readonly reasons: Reasons;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

function reasonRows(outcome: string, names: readonly string[], reasons: Reasons): string[] {
  const byReason = new Map<string, string[]>();
  for (const name of names) {
    const reason = reasons.of(name) ?? "no reason known";
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  return Array.from(
    byReason,
    ([reason, cases]) => `| ${outcome} | ${cell(cases.join(", "))} | ${cell(reason)} |`,
  );
}

function section({ name, results, reasons }: ReportedSuite): string[] {
  const { title, how, failed, skipped } = results;
  const rows = [
    ...reasonRows("failed", failed, reasons),
    ...reasonRows("skipped", skipped, reasons),
  ];
  const table = ["| outcome | tests | why |", "| --- | --- | --- |", ...rows, ""];
  const heading = [`### ${name}: ${title}`, "", `\`${how}\``, ""];
  return rows.length === 0 ? [...heading, "All pass.", ""] : [...heading, ...table];
}

/** The generated part: a table of all suites, then the reasons of each. `others` have no whole run yet. */
export function suitesMarkdown(
  suites: readonly ReportedSuite[],
  others: readonly string[] = [],
): string {
  const summary = suites.map(({ name, results }) => {
    const { title, date, minutes, passed, failed, skipped } = results;
    const numbers = [passed, failed.length, skipped.length, minutes.toFixed(1)];
    return `| ${[name, title, ...numbers, date].join(" | ")} |`;
  });
  return [
    "| suite | what it is | passed | failed | skipped | minutes | run on |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...summary,
    "",
    ...(others.length === 0 ? [] : [`Not run whole yet: ${others.join(", ")}.`, ""]),
    ...suites.flatMap(section),
  ].join("\n");
}

/** RESULTS.md with the generated part put between its marks. Throws where the marks are not there. */
export function withReport(
  text: string,
  suites: readonly ReportedSuite[],
  others: readonly string[],
): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error("the marks of the suites' part are missing");
  const written = suitesMarkdown(suites, others);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${written}\n${text.slice(end)}`;
}
