/**
 * InitProducerId, versions 0-5. Flexible from 2, current producer id and epoch from 3.
 *
 * Version 6 (two-phase commit, KIP-939) is not stable in Kafka 4.4 and not declared.
 */
import { int16, int32, int64, string } from "../primitives.ts";
import { message } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const InitProducerIdRequest = message("InitProducerIdRequest", 22, "0-5", "2+", {
  transactionalId: string("0+", { nullable: "0+" }),
  transactionTimeoutMs: int32("0+"),
  producerId: int64("3+", { default: -1 }),
  producerEpoch: int16("3+", { default: -1 }),
});
export type InitProducerIdRequest = Decoded<typeof InitProducerIdRequest>;

export const InitProducerIdResponse = message("InitProducerIdResponse", 22, "0-5", "2+", {
  throttleTimeMs: int32("0+"),
  errorCode: int16("0+"),
  producerId: int64("0+", { default: -1 }),
  producerEpoch: int16("0+"),
});
export type InitProducerIdResponse = Encodable<typeof InitProducerIdResponse>;
