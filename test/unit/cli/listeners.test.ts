import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "mocha";
import { parseCommand, type ServeCommand } from "../../../runtime/cli/arguments.ts";
import { UsageError } from "../../../runtime/cli/usage.ts";

function serve(...args: string[]): ServeCommand {
  const command = parseCommand(["serve", ...args]);
  if (command.name !== "serve") throw new Error(command.name);
  return command;
}

describe("streamside serve: listeners", () => {
  it("is one without encryption and users by default", () => {
    assert.deepEqual(serve().listeners, [{ protocol: "PLAINTEXT", host: "127.0.0.1", port: 9092 }]);
    assert.equal(serve().usersFile, undefined);
    assert.deepEqual(serve("--host", "0.0.0.0", "--port", "0").listeners, [
      { protocol: "PLAINTEXT", host: "0.0.0.0", port: 0 },
    ]);
  });

  it("are those of --listener, in their order", () => {
    const { listeners, usersFile } = serve(
      ...["--listener", "plaintext://127.0.0.1:9092", "--listener", "SSL://[::1]:9093"],
      ...["--listener", "sasl_plaintext://:0", "--listener", "SASL_SSL://localhost:9095"],
      ...["--users", "users.json"],
    );
    assert.deepEqual(listeners, [
      { protocol: "PLAINTEXT", host: "127.0.0.1", port: 9092 },
      { protocol: "SSL", host: "::1", port: 9093 },
      { protocol: "SASL_PLAINTEXT", host: "127.0.0.1", port: 0 },
      { protocol: "SASL_SSL", host: "localhost", port: 9095 },
    ]);
    assert.equal(usersFile, path.resolve("users.json"));
  });

  const refused: [string[], RegExp][] = [
    [["--listener", "localhost:9092"], /expected plaintext, ssl/],
    [["--listener", "tls://localhost:9092"], /expected plaintext, ssl/],
    [["--listener", "ssl://localhost"], /expected plaintext, ssl/],
    [["--listener", "ssl://localhost:65536"], /expected plaintext, ssl/],
    [["--listener", "ssl://[localhost]:9092"], /expected plaintext, ssl/],
    [["--listener", "ssl://:0", "--port", "9092"], /leave out --host and --port/],
    [["--listener", "ssl://:0", "--host", "localhost"], /leave out --host and --port/],
    [["--listener", "sasl_ssl://:0"], /need --users/],
    [["--users", "users.json"], /--users is for listeners/],
    [Array.from({ length: 17 }, () => ["--listener", "ssl://:0"]).flat(), /at most 16/],
  ];
  for (const [args, message] of refused) {
    it(`refuses ${args.slice(0, 4).join(" ")}`, () => {
      assert.throws(
        () => serve(...args),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});
