// Mocha's spec reporter, which also writes exact counts as JSON to the file named by TEST_RESULTS.
import { writeFileSync } from "node:fs";
import Mocha from "mocha";

export default class CountReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    runner.on("pass", () => counts.passed++);
    runner.on("fail", () => counts.failed++);
    runner.on("pending", () => counts.skipped++);
    runner.once("end", () => {
      if (process.env.TEST_RESULTS) {
        writeFileSync(process.env.TEST_RESULTS, JSON.stringify(counts));
      }
    });
  }
}
