/** The mechanisms that a listener with SASL offers, in the order in which it names them. */
export const SASL_MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

export function isSaslMechanism(name: string): name is SaslMechanism {
  return SASL_MECHANISMS.some((mechanism) => mechanism === name);
}

/** A longer token than this is refused unread, whatever the mechanism. */
export const MAX_TOKEN_BYTES = 8_192;

/**
 * The server's side of one authentication: takes the client's token and says what follows. Nothing
 * is kept but what is in the functions themselves, so an exchange can neither be entered in the
 * middle nor be continued after its end.
 */
export type Exchange = (token: Buffer) => Step;

/** What a token of the client comes to. */
export type Step =
  | { readonly kind: "continue"; readonly token: Buffer; readonly next: Exchange }
  | { readonly kind: "done"; readonly token: Buffer; readonly user: string }
  /** `reason` is for the log of the lab: the client is not told which part was wrong. */
  | { readonly kind: "failed"; readonly reason: string };

export function failed(reason: string): Step {
  return { kind: "failed", reason };
}
