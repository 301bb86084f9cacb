import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { parseCommand } from "../../../runtime/cli/arguments.ts";
import { UsageError } from "../../../runtime/cli/usage.ts";

function serve(...configs: string[]) {
  const args = configs.flatMap((config) => ["--config", config]);
  const command = parseCommand(["serve", ...args]);
  if (command.name !== "serve") throw new Error(command.name);
  return [...command.configs];
}

describe("streamside serve: broker configurations", () => {
  it("are none by default, and else those of --config", () => {
    assert.deepEqual(serve(), []);
    assert.deepEqual(serve("a.b=1", "c="), [
      ["a.b", "1"],
      ["c", ""],
    ]);
  });

  const refused: [string[], RegExp][] = [
    [["a.b"], /expected NAME=VALUE, not "a\.b"/],
    [["=1"], /expected NAME=VALUE/],
    [["a.b=1", "a.b=2"], /a\.b is given twice/],
  ];
  for (const [args, why] of refused) {
    it(`refuses ${args.join(" ")}`, () => {
      assert.throws(
        () => serve(...args),
        (error) => error instanceof UsageError && why.test(error.message),
      );
    });
  }
});
