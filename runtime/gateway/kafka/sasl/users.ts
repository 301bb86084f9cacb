import { createHmac, timingSafeEqual } from "node:crypto";
import { type Exchange, type SaslMechanism } from "./exchange.ts";
import { plainExchange } from "./plain.ts";
import { deriveScram, type ScramCredential, scramExchange } from "./scram.ts";
import { MAX_PASSWORD_BYTES, normalizeUserName } from "./user-name.ts";

/** Each costs some milliseconds of key derivation when the lab starts. */
const MAX_USERS = 256;
const SALT_BYTES = 16;
const NONCE_BYTES = 18;
const SECRET_BYTES = 32;
const SCRAM_HASHES = { "SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512" } as const;

/** Where salts, nonces and the secret of this run come from: `crypto.randomBytes`, or a test. */
export type RandomBytes = (bytes: number) => Buffer;

/** The file of users is not one; the message says what is wrong with it, without passwords. */
export class UsersError extends Error {
  override readonly name = "UsersError";
}

interface Credentials {
  /** The password as a keyed hash: it is not kept. */
  readonly password: Buffer;
  readonly scram: Readonly<Record<keyof typeof SCRAM_HASHES, ScramCredential>>;
}

/** Reads the text of a file of users, `{"alice": {"password": "..."}}`. Throws UsersError. */
export function parseUsers(text: string): Map<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which holds passwords.
    throw new UsersError("it is not JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UsersError('it must be an object such as {"alice": {"password": "..."}}.');
  }
  const entries = Object.entries(value);
  if (entries.length === 0) throw new UsersError("it names no user.");
  if (entries.length > MAX_USERS) throw new UsersError(`it has more than ${MAX_USERS} users.`);
  const users = new Map<string, string>();
  for (const [name, entry] of entries) {
    const user = normalizeUserName(name);
    if (user === undefined) throw new UsersError(`${JSON.stringify(name)} cannot be a user name.`);
    if (users.has(user)) throw new UsersError(`user ${JSON.stringify(user)} is there twice.`);
    users.set(user, passwordOf(user, entry));
  }
  return users;
}

function passwordOf(user: string, entry: unknown): string {
  const password =
    typeof entry === "object" && entry !== null && "password" in entry ? entry.password : undefined;
  const usable =
    typeof password === "string" &&
    password !== "" &&
    !password.includes("\0") &&
    Buffer.byteLength(password) <= MAX_PASSWORD_BYTES;
  if (usable) return password;
  throw new UsersError(
    `user ${JSON.stringify(user)} needs a "password" of 1 to ${MAX_PASSWORD_BYTES} bytes.`,
  );
}

/**
 * Who may log in. A user there is not is treated as one whose password nobody knows, with a salt that
 * stays the same while the lab runs, so that neither answers nor their time tell who exists.
 */
export class Users {
  readonly #random: RandomBytes;
  readonly #secret: Buffer;
  /** What a given password is compared with for a user there is not. */
  readonly #nobody: Buffer;
  readonly #credentials = new Map<string, Credentials>();

  /** `passwords` by normalised user name; they are hashed here and not kept. */
  constructor(passwords: ReadonlyMap<string, string>, random: RandomBytes) {
    this.#random = random;
    this.#secret = random(SECRET_BYTES);
    this.#nobody = this.#keyed("nobody", "");
    for (const [user, password] of passwords) {
      const derive = (mechanism: keyof typeof SCRAM_HASHES): ScramCredential =>
        deriveScram(SCRAM_HASHES[mechanism], password, random(SALT_BYTES));
      this.#credentials.set(user, {
        password: this.#keyed("password", password),
        scram: {
          "SCRAM-SHA-256": derive("SCRAM-SHA-256"),
          "SCRAM-SHA-512": derive("SCRAM-SHA-512"),
        },
      });
    }
  }

  /** Begins one authentication. */
  exchange(mechanism: SaslMechanism): Exchange {
    if (mechanism === "PLAIN") return plainExchange((user, word) => this.#check(user, word));
    return scramExchange({
      credentialOf: (user) => {
        const found = this.#credentials.get(user)?.scram[mechanism];
        return { credential: found ?? this.#decoy(user, mechanism), known: found !== undefined };
      },
      nonce: () => this.#random(NONCE_BYTES).toString("base64"),
    });
  }

  #check(user: string, password: string): boolean {
    const known = this.#credentials.get(user);
    const given = this.#keyed("password", password);
    const fits = timingSafeEqual(given, known?.password ?? this.#nobody);
    return fits && known !== undefined;
  }

  #decoy(user: string, mechanism: keyof typeof SCRAM_HASHES): ScramCredential {
    const [model] = this.#credentials.values();
    if (model === undefined) throw new Error("there are no users");
    const salt = this.#keyed(`salt of ${mechanism}`, user).subarray(0, SALT_BYTES);
    return { ...model.scram[mechanism], salt };
  }

  #keyed(purpose: string, text: string): Buffer {
    return createHmac("sha256", this.#secret).update(`${purpose}\0${text}`).digest();
  }
}
