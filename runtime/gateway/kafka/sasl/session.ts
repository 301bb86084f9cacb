import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import { API_VERSIONS_KEY } from "../../../wire/kafka/header.ts";
import { SaslAuthenticateRequest } from "../../../wire/kafka/messages/36-sasl-authenticate.ts";
import { SaslHandshakeRequest } from "../../../wire/kafka/messages/17-sasl-handshake.ts";
import { type Exchange, isSaslMechanism, MAX_TOKEN_BYTES, type SaslMechanism } from "./exchange.ts";
import type { Users } from "./users.ts";

/** Who the client turned out to be, and how it said so. */
interface Principal {
  readonly user: string;
  readonly mechanism: SaslMechanism;
}

/**
 * - `handshake`: it has to name a mechanism first.
 * - `exchange`: tokens go to and fro, raw after a handshake of version 0.
 * - `authenticated`: everything is served, and it may authenticate again (KIP-368).
 * - `failed`: the answer that says so is the last one.
 */
type State =
  | { readonly kind: "handshake" }
  | { readonly kind: "failed"; readonly reason: string }
  | {
      readonly kind: "exchange";
      readonly mechanism: SaslMechanism;
      readonly exchange: Exchange;
      readonly raw: boolean;
      /** Who it is already, where it authenticates again. */
      readonly before: Principal | undefined;
    }
  | { readonly kind: "authenticated"; readonly principal: Principal };

type Outcome =
  | { readonly error: typeof KAFKA_ERRORS.NONE; readonly token: Buffer }
  | {
      readonly error:
        typeof KAFKA_ERRORS.SASL_AUTHENTICATION_FAILED | typeof KAFKA_ERRORS.ILLEGAL_SASL_STATE;
      readonly message: string;
    };

/**
 * The authentication of one connection (KIP-43, KIP-152). Until it is authenticated a connection is
 * served ApiVersions, SaslHandshake and SaslAuthenticate and nothing else. A session has no end of
 * its own: its lifetime is 0, which says so.
 */
export class SaslSession {
  readonly #users: Users;
  #state: State = { kind: "handshake" };

  constructor(users: Users) {
    this.#users = users;
  }

  get authenticated(): boolean {
    return this.#state.kind === "authenticated";
  }

  /** Why nothing more is served, for the log: the connection ends when its last answer has been sent. */
  get failure(): string | undefined {
    return this.#state.kind === "failed" ? this.#state.reason : undefined;
  }

  /** The next frame is a token and has no header. */
  get takesRawTokens(): boolean {
    return this.#state.kind === "exchange" && this.#state.raw;
  }

  permits(apiKey: number): boolean {
    if (this.#state.kind === "authenticated") return true;
    if (this.#state.kind === "failed") return false;
    return (
      apiKey === API_VERSIONS_KEY ||
      apiKey === SaslHandshakeRequest.key ||
      apiKey === SaslAuthenticateRequest.key
    );
  }

  /** The client names the mechanism. Returns the error number of the answer. */
  handshake(version: number, mechanism: string): number {
    const state = this.#state;
    if (state.kind === "exchange" || state.kind === "failed") {
      this.#fail("a second handshake");
      return KAFKA_ERRORS.ILLEGAL_SASL_STATE;
    }
    if (!isSaslMechanism(mechanism)) {
      this.#fail("a mechanism that is not supported");
      return KAFKA_ERRORS.UNSUPPORTED_SASL_MECHANISM;
    }
    const before = state.kind === "authenticated" ? state.principal : undefined;
    const exchange = this.#users.exchange(mechanism);
    this.#state = { kind: "exchange", mechanism, exchange, raw: version === 0, before };
    return KAFKA_ERRORS.NONE;
  }

  /** The client's next token. */
  authenticate(token: Buffer): Outcome {
    const state = this.#state;
    if (state.kind !== "exchange" || state.raw) {
      // As in Kafka, one that has authenticated is told and stays; any other ends here.
      if (state.kind !== "authenticated") this.#fail("a token without a handshake");
      const message = "SaslAuthenticate is expected only after a SaslHandshake of version 1.";
      return { error: KAFKA_ERRORS.ILLEGAL_SASL_STATE, message };
    }
    return this.#step(token, state);
  }

  /** The client's next token as a frame of its own; so is the answer. Failure has none. */
  authenticateRaw(token: Buffer): Buffer[] {
    if (this.#state.kind !== "exchange") return [];
    const outcome = this.#step(token, this.#state);
    if (outcome.error !== KAFKA_ERRORS.NONE) return [];
    const size = Buffer.alloc(4);
    size.writeInt32BE(outcome.token.length);
    return [size, outcome.token];
  }

  #step(token: Buffer, state: State & { readonly kind: "exchange" }): Outcome {
    const { mechanism, before } = state;
    if (token.length > MAX_TOKEN_BYTES) return this.#refuse(mechanism, "the token is too long");
    const step = state.exchange(token);
    switch (step.kind) {
      case "failed":
        return this.#refuse(mechanism, step.reason);
      case "continue":
        this.#state = { ...state, exchange: step.next };
        break;
      case "done": {
        const principal: Principal = { user: step.user, mechanism };
        if (before !== undefined && !same(before, principal)) {
          return this.#refuse(mechanism, "authenticating again as another user or in another way");
        }
        this.#state = { kind: "authenticated", principal };
      }
    }
    return { error: KAFKA_ERRORS.NONE, token: step.token };
  }

  /** What the client is told is the same for a wrong password, a user there is not, and nonsense. */
  #refuse(mechanism: SaslMechanism, reason: string): Outcome {
    this.#fail(`${mechanism}: ${reason}`);
    const message = `Authentication failed: invalid credentials with SASL mechanism ${mechanism}.`;
    return { error: KAFKA_ERRORS.SASL_AUTHENTICATION_FAILED, message };
  }

  #fail(reason: string): void {
    this.#state = { kind: "failed", reason };
  }
}

function same(a: Principal, b: Principal): boolean {
  return a.user === b.user && a.mechanism === b.mechanism;
}
