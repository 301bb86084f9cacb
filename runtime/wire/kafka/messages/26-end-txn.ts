/**
 * EndTxn, versions 0-4. Flexible from 3.
 *
 * Version 5 bumps the epoch with every transaction (transaction version 2, KIP-890) and is not declared.
 */
import { bool, int16, int32, int64, string } from "../primitives.ts";
import { message } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const EndTxnRequest = message("EndTxnRequest", 26, "0-4", "3+", {
  transactionalId: string("0+"),
  producerId: int64("0+"),
  producerEpoch: int16("0+"),
  committed: bool("0+"),
});
export type EndTxnRequest = Decoded<typeof EndTxnRequest>;

export const EndTxnResponse = message("EndTxnResponse", 26, "0-4", "3+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
});
export type EndTxnResponse = Encodable<typeof EndTxnResponse>;
