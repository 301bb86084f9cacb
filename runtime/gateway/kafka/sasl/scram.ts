import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from "node:crypto";
import { type Exchange, failed, MAX_TOKEN_BYTES, type Step } from "./exchange.ts";
import { type ClientFirst, parseClientFinal, parseClientFirst } from "./scram-messages.ts";

/** Kafka's own default, which is also its lower bound; clients do this work at every login. */
export const SCRAM_ITERATIONS = 4_096;
/** More would let a file of users stop the lab; Kafka has the same bound. */
const MAX_ITERATIONS = 16_384;

/** What the server keeps of a password: enough to check a proof, not enough to make one (RFC 5802). */
export interface ScramCredential {
  /** Name of the hash function as Node.js calls it. */
  readonly hash: string;
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export interface ScramUsers {
  /** The credential of a user, or one that no proof fits for a user there is not. */
  credentialOf(user: string): { readonly credential: ScramCredential; readonly known: boolean };
  /** Printable characters without a comma, never the same twice. */
  nonce(): string;
}

const hmac = (hash: string, key: Buffer, text: string): Buffer =>
  createHmac(hash, key).update(text).digest();

/** Derives what is kept of a password. Throws RangeError for a number of iterations out of bounds. */
export function deriveScram(
  hash: string,
  password: string,
  salt: Buffer,
  iterations = SCRAM_ITERATIONS,
): ScramCredential {
  if (
    !Number.isInteger(iterations) ||
    iterations < SCRAM_ITERATIONS ||
    iterations > MAX_ITERATIONS
  ) {
    throw new RangeError(`${iterations} iterations are not ${SCRAM_ITERATIONS}-${MAX_ITERATIONS}`);
  }
  const bytes = createHash(hash).digest().length;
  const salted = pbkdf2Sync(Buffer.from(password), salt, iterations, bytes, hash);
  const storedKey = createHash(hash)
    .update(hmac(hash, salted, "Client Key"))
    .digest();
  return { hash, salt, iterations, storedKey, serverKey: hmac(hash, salted, "Server Key") };
}

/** SCRAM (RFC 5802, RFC 7677) without channel binding: two tokens each way. */
export function scramExchange(users: ScramUsers): Exchange {
  return (token) => {
    if (token.length > MAX_TOKEN_BYTES) return failed("the SCRAM message is too long");
    const first = parseClientFirst(token);
    if (typeof first === "string") return failed(first);
    const nonce = first.nonce + users.nonce();
    const { credential, known } = users.credentialOf(first.user);
    const { salt, iterations } = credential;
    const answer = `r=${nonce},s=${salt.toString("base64")},i=${iterations}`;
    return {
      kind: "continue",
      token: Buffer.from(answer),
      next: (proof) => finish(proof, first, { nonce, answer, credential, known }),
    };
  };
}

interface Challenge {
  readonly nonce: string;
  readonly answer: string;
  readonly credential: ScramCredential;
  readonly known: boolean;
}

function finish(token: Buffer, first: ClientFirst, challenge: Challenge): Step {
  if (token.length > MAX_TOKEN_BYTES) return failed("the SCRAM message is too long");
  const last = parseClientFinal(token);
  if (typeof last === "string") return failed(last);
  if (last.gs2Header !== first.gs2Header) return failed("the channel binding has changed");
  // librdkafka before 2.10 repeats its own nonce in front; Kafka takes that, and the proof covers it.
  if (!last.nonce.endsWith(challenge.nonce)) return failed("the nonce has changed");
  const { hash, storedKey, serverKey } = challenge.credential;
  const signed = `${first.bare},${challenge.answer},${last.withoutProof}`;
  const signature = hmac(hash, storedKey, signed);
  if (last.proof.length !== signature.length) return failed("the proof has a wrong length");
  const clientKey = Buffer.from(signature.map((byte, i) => byte ^ (last.proof[i] ?? 0)));
  const fits = timingSafeEqual(createHash(hash).update(clientKey).digest(), storedKey);
  if (!fits || !challenge.known) return failed("unknown user or wrong password");
  const verifier = hmac(hash, serverKey, signed).toString("base64");
  return { kind: "done", token: Buffer.from(`v=${verifier}`), user: first.user };
}
