/** What a run of an outside suite came to, as it is kept in `results/<suite>.json`. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { writeFormatted } from "./formatted-file.ts";
import type { CaseResult, Outcome } from "./suite.ts";

const RESULTS = "test/conformance/suites/results";

/** What is kept of one run; the cases that passed are only counted. */
export interface SuiteResults {
  readonly title: string;
  readonly how: string;
  /** ISO date of the run. */
  readonly date: string;
  readonly minutes: number;
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
}

const WORST_FIRST: readonly Outcome[] = ["failed", "skipped", "passed"];

/** Cases by name; one that came twice counts by its worst outcome. */
export class CaseTable {
  readonly #cases = new Map<string, CaseResult>();

  add(result: CaseResult): void {
    const before = this.#cases.get(result.name);
    const isWorse =
      before === undefined ||
      WORST_FIRST.indexOf(result.outcome) < WORST_FIRST.indexOf(before.outcome);
    if (isWorse) this.#cases.set(result.name, result);
  }

  with(outcome: Outcome): CaseResult[] {
    return [...this.#cases.values()].filter((each) => each.outcome === outcome);
  }

  names(outcome: Outcome): string[] {
    return this.with(outcome)
      .map(({ name }) => name)
      .sort();
  }
}

/** What the last run of a suite came to; undefined before the first. */
export function readResults(suite: string): SuiteResults | undefined {
  const file = path.join(RESULTS, `${suite}.json`);
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as SuiteResults;
}

export function writeResults(suite: string, results: SuiteResults): Promise<void> {
  return writeFormatted(path.join(RESULTS, `${suite}.json`), JSON.stringify(results));
}
