/** What is kept of the outside suites' runs hangs together: no failure without a reason, no reason without need. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { skip } from "../support/skip.ts";
import { Reasons } from "./suites/reasons.ts";
import { suitesMarkdown } from "./suites/report.ts";
import { CaseTable, readResults } from "./suites/results.ts";
import { SUITES } from "./suites/table.ts";

describe("results of outside suites", () => {
  for (const { name } of SUITES) {
    it(`${name} has a reason for each test that does not pass`, function () {
      const results = readResults(name);
      if (results === undefined) skip(this, `not run whole yet: npm run suites -- ${name}`);
      const reasons = Reasons.read(name);
      const without = results.failed.filter((each) => reasons.of(each) === undefined);
      assert.deepEqual(without, []);
      assert.deepEqual(reasons.unused([...results.failed, ...results.skipped]), []);
      assert.ok(results.passed > 0);
    });
  }

  it("count a case once, by its worst outcome", () => {
    const cases = new CaseTable();
    cases.add({ name: "a", outcome: "passed" });
    cases.add({ name: "a", outcome: "failed" });
    cases.add({ name: "a", outcome: "passed" });
    assert.deepEqual(cases.names("failed"), ["a"]);
    assert.deepEqual(cases.names("passed"), []);
  });

  it("are reported with the tests that share a reason in one row", () => {
    const reasons = new Reasons([["Acl*", "no authoriser | by design"]]);
    const results = {
      ...{ title: "a client 1.0", how: "make test", date: "2026-11-27", minutes: 2 },
      ...{ passed: 3, failed: ["AclA", "AclB"], skipped: ["other"] },
    };
    const text = suitesMarkdown([{ name: "client", results, reasons }]);
    assert.match(text, /\| client \| a client 1\.0 \| 3 \| 2 \| 1 \| 2\.0 \| 2026-11-27 \|/);
    assert.match(text, /\| failed \| AclA, AclB \| no authoriser \\\| by design \|/);
    assert.match(text, /\| skipped \| other \| no reason known \|/);
    assert.deepEqual(reasons.unused(["other"]), ["Acl*"]);
    assert.match(suitesMarkdown([], ["a", "b"]), /Not run whole yet: a, b\./);
  });
});
