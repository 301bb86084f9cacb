/** Reads the lines of `go tool test2json` and says how the tests ended. */
import type { CaseResult, Outcome } from "../suite.ts";

/** Last lines of a test that are shown of a failure. */
const DETAIL_LINES = 2;
const KEPT_LINES = 20;

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  pass: "passed",
  fail: "failed",
  skip: "skipped",
};

interface GoTestEvent {
  readonly Action: string;
  readonly Test?: string;
  readonly Output?: string;
}

export interface GoTestLogOptions {
  /** Test functions whose subtests are cases in their place. */
  readonly split: readonly string[];
  /** In front of the names of cases. */
  readonly prefix: string;
  readonly report: (result: CaseResult) => void;
}

/**
 * A case is a test function, whatever its subtests; of a function that is split it is each subtest. A
 * subtest that was skipped is a case too, so that it is seen.
 */
export class GoTestLog {
  readonly #options: GoTestLogOptions;
  readonly #output = new Map<string, string[]>();
  readonly #running = new Set<string>();
  readonly #functions = new Set<string>();

  constructor(options: GoTestLogOptions) {
    this.#options = options;
  }

  /** Lines that are no JSON are what programs write to stderr. */
  take(line: string): void {
    if (!line.startsWith("{")) return;
    const { Action: action, Test: test, Output: output } = JSON.parse(line) as GoTestEvent;
    if (test === undefined) return;
    if (action === "run") this.#begin(test);
    else if (action === "output") this.#keep(test, output ?? "");
    else {
      const outcome = OUTCOMES[action];
      if (outcome !== undefined) this.#end(test, outcome);
    }
  }

  /** The program has ended. Tests of `expected` that had not ended by then, or not begun, have failed. */
  finish(expected: readonly string[]): void {
    for (const test of [...this.#running]) {
      this.#keep(test, "it had not ended when the program ended");
      this.#end(test, "failed");
    }
    for (const test of expected) {
      if (!this.#functions.has(test)) this.#report(test, "failed", "the program ended before it");
    }
  }

  #begin(test: string): void {
    this.#running.add(test);
    this.#functions.add(functionOf(test));
  }

  #keep(test: string, output: string): void {
    const lines = this.#output.get(test) ?? [];
    this.#output.set(test, [...lines, output.trim()].filter(Boolean).slice(-KEPT_LINES));
  }

  #end(test: string, outcome: Outcome): void {
    this.#running.delete(test);
    const lines = this.#output.get(test) ?? [];
    this.#output.delete(test);
    if (!this.#isCase(test, outcome)) return;
    const said = lines.filter((line) => !/^(=== |--- )/.test(line)).slice(-DETAIL_LINES);
    this.#report(test, outcome, outcome === "passed" ? "" : said.join(" | "));
  }

  #isCase(test: string, outcome: Outcome): boolean {
    const isSubtest = test.includes("/");
    if (isSubtest && outcome === "skipped") return true;
    return isSubtest === this.#options.split.includes(functionOf(test));
  }

  #report(test: string, outcome: Outcome, detail: string): void {
    const name = `${this.#options.prefix}${test}`;
    this.#options.report({ name, outcome, ...(detail === "" ? {} : { detail }) });
  }
}

const functionOf = (test: string): string => test.split("/", 1)[0] ?? test;
