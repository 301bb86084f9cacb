/** Which tests there are in librdkafka's suite: read from the table in its test.c. */

export interface ListedTest {
  readonly name: string;
  /** Needs no broker: it has none, or a mock cluster inside librdkafka. */
  readonly isLocal: boolean;
  /** To be watched by a person. */
  readonly isManual: boolean;
  /** The scenarios in which it runs; it skips itself in others. */
  readonly scenarios: readonly string[];
}

/** All tests of a number: what `TESTS=NNNN` runs. */
export type NumberedTests = ReadonlyMap<string, readonly ListedTest[]>;

const NUMBER_LENGTH = 4;
const ENTRY = /_TEST\((\d{4}\w*),([^;]*?)(?=_TEST\(|\{NULL\})/g;

/** Throws when `source` is not such a file. */
export function listTests(source: string): NumberedTests {
  const start = source.indexOf("struct test tests[]");
  const tests = new Map<string, ListedTest[]>();
  for (const [, name, rest] of source.slice(start).matchAll(ENTRY)) {
    if (name === undefined || rest === undefined) continue;
    const scenarios = /\.scenario = "([^"]*)"/.exec(rest)?.[1]?.split(",") ?? ["default"];
    const isLocal = rest.includes("TEST_F_LOCAL");
    const isManual = rest.includes("TEST_F_MANUAL");
    const number = name.slice(0, NUMBER_LENGTH);
    const listed = { name, isLocal, isManual, scenarios };
    tests.set(number, [...(tests.get(number) ?? []), listed]);
  }
  if (start === -1 || tests.size === 0) throw new Error("no table of tests in librdkafka's test.c");
  return tests;
}
