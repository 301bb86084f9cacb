/**
 * EndTxn, versions 0-5. Flexible from 3. Version 4 may answer TRANSACTION_ABORTABLE, version 5 bumps the
 * epoch with every transaction and says which it is now (KIP-890).
 */
import { bool, int16, int32, int64, string } from "../primitives.ts";
import { message } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const EndTxnRequest = message("EndTxnRequest", 26, "0-5", "3+", {
  transactionalId: string("0+"),
  producerId: int64("0+"),
  producerEpoch: int16("0+"),
  committed: bool("0+"),
});
export type EndTxnRequest = Decoded<typeof EndTxnRequest>;

export const EndTxnResponse = message("EndTxnResponse", 26, "0-5", "3+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
  producerId: int64("5+", { default: -1 }),
  producerEpoch: int16("5+", { default: -1 }),
});
export type EndTxnResponse = Encodable<typeof EndTxnResponse>;
