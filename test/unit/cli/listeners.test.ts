import assert from "node:assert/strict";
import path from "node:path";
import { describe, it } from "mocha";
import { parseCommand } from "../../../runtime/cli/arguments.ts";
import type { ServeCommand } from "../../../runtime/cli/serve-arguments.ts";
import { portOf } from "../../../runtime/core/listener.ts";
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

  it("have a port for each broker", () => {
    assert.equal(serve().brokers, 1);
    const { brokers, listeners } = serve(
      ...["--brokers", "3", "--listener", "ssl://:9092", "--listener", "plaintext://:9095"],
    );
    assert.equal(brokers, 3);
    assert.deepEqual(
      listeners.map((spec) => [1, 2, 3].map((broker) => portOf(spec, broker))),
      [
        [9092, 9093, 9094],
        [9095, 9096, 9097],
      ],
    );
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
    [["--brokers", "3", "--port", "65534"], /no 3 ports from 65534 on/],
    [
      ["--brokers", "3", "--listener", "ssl://:9092", "--listener", "plaintext://:9094"],
      /those of 9092 and 9094 overlap/,
    ],
    [["--brokers", "17"], /from 1 to 16/],
    [["--brokers", "0"], /from 1 to 16/],
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
