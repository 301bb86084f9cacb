/**
 * AddOffsetsToTxn, versions 0-4. Flexible from 3.
 */
import { int16, int32, int64, string } from "../primitives.ts";
import { message } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const AddOffsetsToTxnRequest = message("AddOffsetsToTxnRequest", 25, "0-4", "3+", {
  transactionalId: string("0+"),
  producerId: int64("0+"),
  producerEpoch: int16("0+"),
  groupId: string("0+"),
});
export type AddOffsetsToTxnRequest = Decoded<typeof AddOffsetsToTxnRequest>;

export const AddOffsetsToTxnResponse = message("AddOffsetsToTxnResponse", 25, "0-4", "3+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
});
export type AddOffsetsToTxnResponse = Encodable<typeof AddOffsetsToTxnResponse>;
