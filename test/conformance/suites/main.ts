/**
 * `npm run suites [-- NAME... [--only REGEXP]]`: runs the outside suites, or those named, and writes what
 * they came to into results/ and RESULTS.md. A case that fails without a reason in reasons/ fails the run,
 * and so does a reason that nothing needs any more. With `--only` nothing is written, with `--report` nothing run.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { writeFormatted } from "./formatted-file.ts";
import { Reasons } from "./reasons.ts";
import { withReport } from "./report.ts";
import { readResults, writeResults } from "./results.ts";
import { runSuite } from "./run-suite.ts";
import { type Suite, SuiteMissing } from "./suite.ts";
import { SUITES } from "./table.ts";

const REPORT = "test/conformance/RESULTS.md";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs one suite and adds what it came to. */
async function runOne(suite: Suite, only: RegExp | undefined, counts: Counts): Promise<void> {
  console.log(`\n${suite.name}: ${suite.title}`);
  const reasons = Reasons.read(suite.name);
  try {
    const { cases, results } = await runSuite(suite, only);
    if (only === undefined) await writeResults(suite.name, results);
    const unexplained = results.failed.filter((name) => reasons.of(name) === undefined);
    const unused = reasons.unused([...results.failed, ...results.skipped]);
    for (const name of unexplained) console.error(`${suite.name}: ${name} failed, with no reason`);
    if (only === undefined) {
      for (const name of unused)
        console.error(`${suite.name}: the reason of ${name} is not needed`);
      counts.failed += unused.length;
    }
    counts.passed += cases.with("passed").length;
    counts.failed += unexplained.length;
    counts.skipped += results.skipped.length + results.failed.length - unexplained.length;
  } catch (error) {
    if (!(error instanceof SuiteMissing)) throw error;
    console.log(`${suite.name}: skipped, ${error.message}`);
    counts.skipped++;
  }
}

const { values, positionals } = parseArgs({
  options: { only: { type: "string" }, report: { type: "boolean", default: false } },
  allowPositionals: true,
});
const only = values.only === undefined ? undefined : new RegExp(values.only);
const unknown = positionals.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) {
  const names = SUITES.map(({ name }) => name).join(", ");
  console.error(`no suite ${unknown.join(", ")}; there are ${names}`);
  process.exit(2);
}
const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
for (const suite of SUITES) {
  const isWanted = positionals.length === 0 ? !values.report : positionals.includes(suite.name);
  if (!isWanted) continue;
  await runOne(suite, only, counts);
}
const reported = SUITES.flatMap(({ name }) => {
  const results = readResults(name);
  return results === undefined ? [] : [{ name, results, reasons: Reasons.read(name) }];
});
const others = SUITES.map(({ name }) => name).filter((name) => readResults(name) === undefined);
await writeFormatted(REPORT, withReport(readFileSync(REPORT, "utf8"), reported, others));
const file = process.env["TEST_RESULTS"];
if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
