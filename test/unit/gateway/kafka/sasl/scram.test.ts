import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Exchange, Step } from "../../../../../runtime/gateway/kafka/sasl/exchange.ts";
import { deriveScram, scramExchange } from "../../../../../runtime/gateway/kafka/sasl/scram.ts";
import { ScramClient } from "./scram-client.ts";

/** The example exchanges of the RFCs: user "user" with password "pencil". */
const EXAMPLES = [
  {
    rfc: "RFC 5802, section 5",
    hash: "sha1",
    clientNonce: "fyko+d2lbbFgONRv9qkxdawL",
    serverNonce: "3rfcNHYJY1ZVvWVs7j",
    salt: "QSXCR+Q6sek8bf92",
    proof: "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    verifier: "rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  {
    rfc: "RFC 7677, section 3",
    hash: "sha256",
    clientNonce: "rOprNGfwEbeRWgbNEkqO",
    serverNonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
    proof: "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    verifier: "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
];

const SALT = Buffer.from("0123456789abcdef");
const CREDENTIAL = deriveScram("sha256", "pencil", SALT);

function exchangeOf(user: string, known = true): Exchange {
  return scramExchange({
    credentialOf: (name) => ({ credential: CREDENTIAL, known: known && name === user }),
    nonce: () => "server",
  });
}

function next(step: Step): Exchange {
  assert.equal(step.kind, "continue");
  if (step.kind !== "continue") throw new Error("unreachable");
  return step.next;
}

const text = (step: Step): string => (step.kind === "failed" ? step.reason : step.token.toString());
const send = (exchange: Exchange, message: string): Step => exchange(Buffer.from(message));

describe("gateway: SCRAM", () => {
  for (const example of EXAMPLES) {
    it(`has the exchange of ${example.rfc}`, () => {
      const { hash, clientNonce, serverNonce, salt, proof, verifier } = example;
      const credential = deriveScram(hash, "pencil", Buffer.from(salt, "base64"), 4_096);
      const exchange = scramExchange({
        credentialOf: () => ({ credential, known: true }),
        nonce: () => serverNonce,
      });
      const challenge = send(exchange, `n,,n=user,r=${clientNonce}`);
      assert.equal(text(challenge), `r=${clientNonce}${serverNonce},s=${salt},i=4096`);
      const final = send(next(challenge), `c=biws,r=${clientNonce}${serverNonce},p=${proof}`);
      assert.equal(final.kind, "done");
      assert.equal(text(final), `v=${verifier}`);
    });
  }

  it("agrees with a client of SHA-512, and proves itself to it", () => {
    const credential = deriveScram("sha512", "p,=ä", SALT);
    const users = { credentialOf: () => ({ credential, known: true }), nonce: () => "s" };
    const client = new ScramClient("sha512", "user", "p,=ä");
    const challenge = scramExchange(users)(client.first());
    assert.equal(challenge.kind, "continue");
    const final = next(challenge)(client.final(text(challenge)));
    assert.equal(text(final), client.verifier);
  });

  const refusedFirst: [string, string, RegExp][] = [
    ["nothing", "", /malformed/],
    ["too few parts", "n,,n=user", /malformed/],
    ["channel binding", "p=tls-exporter,,n=user,r=abc", /channel binding/],
    ["channel binding that was not offered", "y,,n=user,r=abc", /channel binding/],
    ["a mandatory extension", "n,,m=x,n=user,r=abc", /mandatory/],
    ["another identity", "n,a=root,n=user,r=abc", /only as the user/],
    ["no user", "n,,n=,r=abc", /user name/],
    ["a user that is not escaped", "n,,n=us=er,r=abc", /user name/],
    ["a control character in the user", "n,,n=us\u0007er,r=abc", /user name/],
    ["a long user", `n,,n=${"u".repeat(257)},r=abc`, /user name/],
    ["no nonce", "n,,n=user,r=", /nonce/],
    ["a nonce that is not printable", "n,,n=user,r=a\tb", /nonce/],
    ["a long nonce", `n,,n=user,r=${"r".repeat(257)}`, /nonce/],
    ["an extension that is none", "n,,n=user,r=abc,x", /malformed/],
    ["a long message", `n,,n=user,r=abc,x=${"x".repeat(8_192)}`, /too long/],
  ];
  for (const [what, message, reason] of refusedFirst) {
    it(`refuses a first message with ${what}`, () => {
      const step = send(exchangeOf("user"), message);
      assert.equal(step.kind, "failed");
      assert.match(text(step), reason);
    });
  }

  it("takes escaped users, their own identity and extensions it does not know", () => {
    const exchange = exchangeOf("a,b=c");
    const client = new ScramClient("sha256", "a=2Cb=3Dc", "pencil", "n,a=a=2Cb=3Dc,", ",t=true");
    const challenge = exchange(client.first());
    const final = next(challenge)(client.final(text(challenge)));
    assert.equal(final.kind, "done");
    assert.equal(final.kind === "done" && final.user, "a,b=c");
  });

  it("takes a nonce that librdkafka before 2.10 has written twice", () => {
    const client = new ScramClient("sha256", "user", "pencil");
    const challenge = exchangeOf("user")(client.first());
    const final = next(challenge)(client.final(text(challenge), client.nonce));
    assert.equal(final.kind, "done");
  });

  const client = new ScramClient("sha256", "user", "pencil");
  const challenge = exchangeOf("user")(client.first());
  const good = client.final(text(challenge)).toString();
  const refusedFinal: [string, string, RegExp][] = [
    ["nothing", "", /malformed/],
    ["no proof", good.slice(0, good.indexOf(",p=")), /malformed/],
    ["another channel binding", good.replace("c=biws", "c=eSws"), /channel binding/],
    ["a binding that is not base64", good.replace("c=biws", "c=%%%%"), /malformed/],
    ["another nonce", good.replace(/r=[^,]*/, "r=else"), /nonce/],
    ["a short proof", good.replace(/p=.*/, "p=AAAA"), /wrong length/],
    ["a long proof", good.replace(/p=.*/, `p=${"A".repeat(92)}`), /malformed/],
    ["a wrong proof", good.replace(/p=.*/, `p=${"A".repeat(43)}=`), /wrong password/],
    ["something signed that was not sent", good.replace(",p=", ",x=y,p="), /wrong password/],
  ];
  for (const [what, message, reason] of refusedFinal) {
    it(`refuses a final message with ${what}`, () => {
      const step = send(next(challenge), message);
      assert.equal(step.kind, "failed");
      assert.match(text(step), reason);
    });
  }

  it("refuses a user it does not know in the way of a wrong password", () => {
    const stranger = new ScramClient("sha256", "mallory", "pencil");
    const challenge = exchangeOf("user")(stranger.first());
    const step = next(challenge)(stranger.final(text(challenge)));
    assert.match(text(step), /unknown user or wrong password/);
  });

  it("bounds the work that a login costs", () => {
    for (const iterations of [0, 4_095, 16_385, 4_096.5, Infinity]) {
      assert.throws(() => deriveScram("sha256", "p", SALT, iterations), RangeError);
    }
  });
});
