import { bool, int16, int32, int64, string } from "../primitives.ts";
import { message } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const InitProducerIdRequest = message("InitProducerIdRequest", 22, "0-5", "2+", {
  transactionalId: string("0+", { nullable: "0+" }),
  transactionTimeoutMs: int32("0+"),
  producerId: int64("3+", { default: -1 }),
  producerEpoch: int16("3+", { default: -1 }),
  enable2Pc: bool("6+", { default: false }),
  keepPreparedTxn: bool("6+", { default: false }),
});
export type InitProducerIdRequest = Decoded<typeof InitProducerIdRequest>;

export const InitProducerIdResponse = message("InitProducerIdResponse", 22, "0-5", "2+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
  producerId: int64("0+", { default: -1 }),
  producerEpoch: int16("0+"),
  ongoingTxnProducerId: int64("6+", { default: -1 }),
  ongoingTxnProducerEpoch: int16("6+", { default: -1 }),
});
export type InitProducerIdResponse = Encodable<typeof InitProducerIdResponse>;
