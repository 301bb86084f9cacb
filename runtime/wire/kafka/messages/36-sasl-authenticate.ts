/**
 * SaslAuthenticate, versions 0-2. Session lifetime from 1 (KIP-368), flexible from 2.
 */
import { bytes, int16, int64, string } from "../primitives.ts";
import { message } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const SaslAuthenticateRequest = message("SaslAuthenticateRequest", 36, "0-2", "2+", {
  authBytes: bytes("0+"),
});
export type SaslAuthenticateRequest = Decoded<typeof SaslAuthenticateRequest>;

export const SaslAuthenticateResponse = message("SaslAuthenticateResponse", 36, "0-2", "2+", {
  errorCode: int16("0+"),
  errorMessage: string("0+", { nullable: "0+" }),
  authBytes: bytes("0+"),
  sessionLifetimeMs: int64("1+", { default: 0 }),
});
export type SaslAuthenticateResponse = Encodable<typeof SaslAuthenticateResponse>;
