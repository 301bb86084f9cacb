import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "mocha";
import { SASL_MECHANISMS } from "../../../../../runtime/gateway/kafka/sasl/exchange.ts";
import { SaslSession } from "../../../../../runtime/gateway/kafka/sasl/session.ts";
import { Users } from "../../../../../runtime/gateway/kafka/sasl/users.ts";
import { KAFKA_ERRORS } from "../../../../../runtime/wire/kafka/errors.ts";
import { Random, seedOfRun } from "../../../../fault/wire/random.ts";
import { ScramClient } from "./scram-client.ts";

const { NONE, ILLEGAL_SASL_STATE, UNSUPPORTED_SASL_MECHANISM, SASL_AUTHENTICATION_FAILED } =
  KAFKA_ERRORS;
const METADATA = 3;
const HANDSHAKE = 17;
const API_VERSIONS = 18;
const AUTHENTICATE = 36;

const passwords = new Map([
  ["alice", "wonder"],
  ["bob", "builder"],
]);
const users = new Users(passwords, randomBytes);
const ALICE = Buffer.from("\0alice\0wonder");
const BOB = Buffer.from("\0bob\0builder");
const WRONG = Buffer.from("\0alice\0bob");
const SCRAM_FIRST = new ScramClient("sha256", "alice", "wonder").first();

/** What can be done to a session, with the error number that is expected. */
type Move =
  | readonly ["handshake", number, string, number]
  | readonly ["token", Buffer, number]
  | readonly ["raw", Buffer, "answer" | "nothing"];
type End = "handshake" | "exchange" | "raw exchange" | "authenticated" | "failed";

function endOf(session: SaslSession): End {
  if (session.failure !== undefined) return "failed";
  if (session.authenticated) return "authenticated";
  if (session.takesRawTokens) return "raw exchange";
  return session.handshake(1, "PLAIN") === NONE ? "handshake" : "exchange";
}

const PLAIN = ["handshake", 1, "PLAIN", NONE] as const;
const RAW_PLAIN = ["handshake", 0, "PLAIN", NONE] as const;
const SCRAM = ["handshake", 1, "SCRAM-SHA-256", NONE] as const;
const LOGIN = [PLAIN, ["token", ALICE, NONE]] as const;

const TABLE: readonly (readonly [string, readonly Move[], End])[] = [
  ["nothing", [], "handshake"],
  ["a handshake", [PLAIN], "exchange"],
  ["a handshake and the right token", LOGIN, "authenticated"],
  ["a wrong token", [PLAIN, ["token", WRONG, SASL_AUTHENTICATION_FAILED]], "failed"],
  ["a handshake of version 0", [RAW_PLAIN], "raw exchange"],
  ["version 0 and the right token", [RAW_PLAIN, ["raw", ALICE, "answer"]], "authenticated"],
  ["version 0 and a wrong token", [RAW_PLAIN, ["raw", WRONG, "nothing"]], "failed"],
  [
    "version 0 and a token in a request",
    [RAW_PLAIN, ["token", ALICE, ILLEGAL_SASL_STATE]],
    "failed",
  ],
  ["the first of two tokens", [SCRAM, ["token", SCRAM_FIRST, NONE]], "exchange"],
  [
    "the first of two tokens twice",
    [SCRAM, ["token", SCRAM_FIRST, NONE], ["token", SCRAM_FIRST, SASL_AUTHENTICATION_FAILED]],
    "failed",
  ],
  ["a token without a handshake", [["token", ALICE, ILLEGAL_SASL_STATE]], "failed"],
  ["a mechanism there is not", [["handshake", 1, "GSSAPI", UNSUPPORTED_SASL_MECHANISM]], "failed"],
  ["two handshakes", [PLAIN, ["handshake", 1, "PLAIN", ILLEGAL_SASL_STATE]], "failed"],
  [
    "another try after a failure",
    [
      PLAIN,
      ["token", WRONG, SASL_AUTHENTICATION_FAILED],
      ["handshake", 1, "PLAIN", ILLEGAL_SASL_STATE],
      ["token", ALICE, ILLEGAL_SASL_STATE],
    ],
    "failed",
  ],
  ["a token after the login", [...LOGIN, ["token", ALICE, ILLEGAL_SASL_STATE]], "authenticated"],
  ["a login again", [...LOGIN, ...LOGIN], "authenticated"],
  [
    "a login again as another user",
    [...LOGIN, PLAIN, ["token", BOB, SASL_AUTHENTICATION_FAILED]],
    "failed",
  ],
  [
    "a wrong password at a login again",
    [...LOGIN, PLAIN, ["token", WRONG, SASL_AUTHENTICATION_FAILED]],
    "failed",
  ],
];

function play(session: SaslSession, move: Move): void {
  if (move[0] === "handshake") assert.equal(session.handshake(move[1], move[2]), move[3]);
  else if (move[0] === "token") assert.equal(session.authenticate(move[1]).error, move[2]);
  else assert.equal(session.authenticateRaw(move[1]).length > 0, move[2] === "answer");
}

describe("gateway: the authentication of a connection", () => {
  for (const [what, moves, end] of TABLE) {
    it(`${what}: ${end}`, () => {
      const session = new SaslSession(users);
      for (const move of moves) play(session, move);
      assert.equal(session.permits(METADATA), end === "authenticated");
      for (const key of [HANDSHAKE, API_VERSIONS, AUTHENTICATE]) {
        assert.equal(session.permits(key), end !== "failed");
      }
      assert.equal(endOf(session), end);
    });
  }

  it("refuses a login again by another mechanism", () => {
    const session = new SaslSession(users);
    for (const move of LOGIN) play(session, move);
    assert.equal(session.handshake(1, "SCRAM-SHA-256"), NONE);
    assert.equal(session.permits(METADATA), false);
    const client = new ScramClient("sha256", "alice", "wonder");
    const challenge = session.authenticate(client.first());
    const token = "token" in challenge ? challenge.token.toString() : "";
    assert.equal(session.authenticate(client.final(token)).error, SASL_AUTHENTICATION_FAILED);
  });

  it("says the same of a user there is not, a wrong password and nonsense", () => {
    const messages = ["\0alice\0no", "\0nobody\0no", "nonsense"].map((token) => {
      const session = new SaslSession(users);
      session.handshake(1, "PLAIN");
      const outcome = session.authenticate(Buffer.from(token));
      return "message" in outcome ? outcome.message : "";
    });
    assert.equal(new Set(messages).size, 1);
    assert.match(messages[0] ?? "", /invalid credentials with SASL mechanism PLAIN/);
  });

  const seed = seedOfRun();
  it(`lets no garbage in (seed ${seed})`, () => {
    const random = new Random(seed);
    const good = [ALICE, SCRAM_FIRST];
    for (let round = 0; round < 5_000; round++) {
      const session = new SaslSession(users);
      session.handshake(1, SASL_MECHANISMS[round % SASL_MECHANISMS.length] ?? "");
      for (let i = 0; i < 3 && session.failure === undefined; i++) {
        const model = good[random.below(good.length)] ?? ALICE;
        const token = random.below(2) === 0 ? random.bytes(random.below(200)) : Buffer.from(model);
        // One byte of a good token is changed; the first, where "n" and NUL have no other meaning.
        if (token.length > 0) token[0] = 1 + random.below(100);
        session.authenticate(token);
      }
      assert.equal(session.authenticated, false);
    }
  });
});
