import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { GoTestLog } from "./suites/go/test-log.ts";
import type { CaseResult } from "./suites/suite.ts";

type Event = readonly [action: string, test: string, output?: string];

function casesOf(events: readonly Event[], expected: readonly string[] = []): CaseResult[] {
  const cases: CaseResult[] = [];
  const report = (result: CaseResult) => void cases.push(result);
  const log = new GoTestLog({ split: ["TestSplit"], prefix: "", report });
  for (const [Action, Test, Output] of events) {
    log.take(JSON.stringify({ Action, Test, ...(Output === undefined ? {} : { Output }) }));
  }
  log.take("what the program wrote to stderr");
  log.finish(expected);
  return cases;
}

describe("log of go test", () => {
  it("has a case for each function, and for each subtest that was skipped", () => {
    const cases = casesOf([
      ["run", "TestA"],
      ["run", "TestA/one"],
      ["pass", "TestA/one"],
      ["run", "TestA/two"],
      ["output", "TestA/two", "    a_test.go:3: needs more\n"],
      ["skip", "TestA/two"],
      ["pass", "TestA"],
    ]);
    assert.deepEqual(cases, [
      { name: "TestA/two", outcome: "skipped", detail: "a_test.go:3: needs more" },
      { name: "TestA", outcome: "passed" },
    ]);
  });

  it("has the subtests of a function that is split in its place", () => {
    const cases = casesOf([
      ["run", "TestSplit"],
      ["run", "TestSplit/one"],
      ["output", "TestSplit/one", "=== CONT  TestSplit/one\n"],
      ["output", "TestSplit/one", "    a_test.go:9: bad\n"],
      ["fail", "TestSplit/one"],
      ["run", "TestSplit/two"],
      ["pass", "TestSplit/two"],
      ["fail", "TestSplit"],
    ]);
    assert.deepEqual(cases, [
      { name: "TestSplit/one", outcome: "failed", detail: "a_test.go:9: bad" },
      { name: "TestSplit/two", outcome: "passed" },
    ]);
  });

  it("takes what had not ended, or not begun, as failed when the program ends", () => {
    const cases = casesOf([["run", "TestA"]], ["TestA", "TestB"]);
    assert.deepEqual(cases, [
      { name: "TestA", outcome: "failed", detail: "it had not ended when the program ended" },
      { name: "TestB", outcome: "failed", detail: "the program ended before it" },
    ]);
  });
});
