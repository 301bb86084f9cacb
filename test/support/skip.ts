import type { Context } from "mocha";

/** Skips the test, or in a `before` hook all tests of the suite, and shows the reason beside each. */
export function skip(context: Context, reason: string): never {
  const { test } = context;
  const isHook = test?.title.startsWith('"before') ?? false;
  if (isHook) test?.parent?.eachTest((each) => (each.title += ` (skipped: ${reason})`));
  else if (test !== undefined) test.title += ` (skipped: ${reason})`;
  return context.skip();
}
