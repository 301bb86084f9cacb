import { mkdirSync } from "node:fs";
import path from "node:path";
import { LabUnderTest } from "../lab-under-test.ts";
import { CaseTable, type SuiteResults } from "./results.ts";
import type { CaseResult, Suite } from "./suite.ts";

const FOLDER = path.resolve("out/suites");
const MINUTE_MS = 60_000;

export interface SuiteRun {
  readonly cases: CaseTable;
  readonly results: SuiteResults;
}

const say = ({ name, outcome, detail }: CaseResult): void =>
  console.log(`  ${outcome} ${name}${detail === undefined ? "" : `: ${detail}`}`);

/** Prepares and runs one suite against labs of its own. Throws SuiteMissing where it cannot be had. */
export async function runSuite(suite: Suite, only: RegExp | undefined): Promise<SuiteRun> {
  const folder = path.join(FOLDER, suite.name);
  mkdirSync(folder, { recursive: true });
  await suite.prepare(folder);
  const cases = new CaseTable();
  const labs: LabUnderTest[] = [];
  const started = performance.now();
  try {
    await suite.run({
      folder,
      only,
      startLab: async (args = [], within = []) => {
        const lab = await LabUnderTest.start({ args, within });
        labs.push(lab);
        return lab;
      },
      report: (result) => {
        cases.add(result);
        say(result);
      },
      signal: AbortSignal.timeout(suite.limitMinutes * MINUTE_MS),
    });
  } finally {
    for (const lab of labs) await lab.dispose();
  }
  return {
    cases,
    results: {
      title: suite.title,
      how: suite.how,
      date: new Date().toISOString().slice(0, 10),
      minutes: Math.round((performance.now() - started) / 6_000) / 10,
      passed: cases.with("passed").length,
      failed: cases.names("failed"),
      skipped: cases.names("skipped"),
    },
  };
}
