/**
 * SaslHandshake, versions 0-1. After version 1 the mechanism's tokens travel in SaslAuthenticate
 * requests (KIP-152); after version 0 they are frames without a header. Never flexible: clients send
 * it before they know what the broker speaks (KAFKA-9577).
 */
import { int16, string } from "../primitives.ts";
import { array, message } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const SaslHandshakeRequest = message("SaslHandshakeRequest", 17, "0-1", "none", {
  mechanism: string("0+"),
});
export type SaslHandshakeRequest = Decoded<typeof SaslHandshakeRequest>;

export const SaslHandshakeResponse = message("SaslHandshakeResponse", 17, "0-1", "none", {
  errorCode: int16("0+"),
  mechanisms: array("0+", string("0+")),
});
export type SaslHandshakeResponse = Encodable<typeof SaslHandshakeResponse>;
