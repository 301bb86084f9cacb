import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "mocha";
import { MAX_TOKEN_BYTES } from "../../../../../runtime/gateway/kafka/sasl/exchange.ts";
import { parseUsers, Users, UsersError } from "../../../../../runtime/gateway/kafka/sasl/users.ts";

const users = new Users(parseUsers('{"alice": {"password": "wonder"}}'), randomBytes);

describe("gateway: users", () => {
  const tokens: [string, string | Buffer, string][] = [
    ["the right password", "\0alice\0wonder", "alice"],
    ["its own identity", "alice\0alice\0wonder", "alice"],
    ["a name that looks the same", "\0\uff41lice\0wonder", "alice"],
    ["a wrong password", "\0alice\0Wonder", "unknown user or wrong password"],
    ["a longer password", "\0alice\0wonderland", "unknown user or wrong password"],
    ["a user there is not", "\0bob\0wonder", "unknown user or wrong password"],
    ["another identity", "bob\0alice\0wonder", "a client may act only as the user it is"],
    ["no password", "\0alice\0", "the password is empty or too long"],
    ["a long password", `\0alice\0${"x".repeat(1_025)}`, "the password is empty or too long"],
    ["no user", "\0\0wonder", "the user name cannot be one"],
    ["too few parts", "alice\0wonder", "malformed PLAIN token"],
    ["too many parts", "\0alice\0wonder\0", "malformed PLAIN token"],
    ["nothing", "", "malformed PLAIN token"],
    ["bytes that are no text", Buffer.from([0, 0xc3, 0, 0xff]), "malformed PLAIN token"],
    ["a long token", "\0".repeat(MAX_TOKEN_BYTES + 1), "the PLAIN token is too long"],
  ];
  for (const [what, token, outcome] of tokens) {
    it(`PLAIN with ${what}: ${outcome}`, () => {
      const step = users.exchange("PLAIN")(Buffer.from(token));
      assert.equal(
        step.kind === "failed" ? step.reason : step.kind === "done" && step.user,
        outcome,
      );
    });
  }

  it("shows a user there is not the same salt each time, and another in each mechanism", () => {
    const salt = (name: string, mechanism: "SCRAM-SHA-256" | "SCRAM-SHA-512"): string => {
      const step = users.exchange(mechanism)(Buffer.from(`n,,n=${name},r=abc`));
      assert.equal(step.kind, "continue");
      return step.kind === "continue" ? (/s=([^,]*)/.exec(step.token.toString())?.[1] ?? "") : "";
    };
    assert.equal(salt("bob", "SCRAM-SHA-256"), salt("bob", "SCRAM-SHA-256"));
    assert.equal(salt("alice", "SCRAM-SHA-256"), salt("alice", "SCRAM-SHA-256"));
    assert.equal(salt("bob", "SCRAM-SHA-256").length, salt("alice", "SCRAM-SHA-256").length);
    assert.notEqual(salt("bob", "SCRAM-SHA-256"), salt("carol", "SCRAM-SHA-256"));
    assert.notEqual(salt("bob", "SCRAM-SHA-256"), salt("bob", "SCRAM-SHA-512"));
  });

  it("never uses a nonce twice", () => {
    const tokens = Array.from({ length: 100 }, () => {
      const step = users.exchange("SCRAM-SHA-256")(Buffer.from("n,,n=alice,r=abc"));
      return step.kind === "continue" ? step.token.toString() : "";
    });
    assert.equal(new Set(tokens).size, tokens.length);
  });

  const files: [string, string, RegExp][] = [
    ["is not JSON", '{"alice": "s3cret', /not JSON/],
    ["is a list", "[]", /must be an object/],
    ["is empty", "{}", /no user/],
    ["has a password that is no text", '{"alice": {"password": 7}}', /"alice" needs a "password"/],
    ["has an empty password", '{"alice": {"password": ""}}', /"alice" needs a "password"/],
    ["has a user without an object", '{"alice": "s3cret"}', /"alice" needs a "password"/],
    ["has a user without a name", '{"": {"password": "s3cret"}}', /"" cannot be a user name/],
    [
      "has users that look the same",
      '{"alice": {"password": "s3cret"}, "\uff41lice": {"password": "s3cret"}}',
      /"alice" is there twice/,
    ],
    [
      "has too many users",
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`u${i}`, { password: "x" }])),
      ),
      /more than 256/,
    ],
  ];
  for (const [what, text, message] of files) {
    it(`refuses a file that ${what}, and quotes no password`, () => {
      assert.throws(
        () => parseUsers(text),
        (error) => {
          assert.ok(error instanceof UsersError);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /s3cret/);
          return true;
        },
      );
    });
  }
});
