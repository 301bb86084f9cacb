/**
 * Produce, versions 3-13. Flexible from 9, topic ids instead of names from 13. Version 11 may answer
 * TRANSACTION_ABORTABLE, version 12 adds its partitions to the transaction (KIP-890).
 *
 * Versions 0-2 carried older record formats and are not declared, although a gateway may have to
 * advertise them (KAFKA-18659). `records` stays bytes: see runtime/record for what is inside.
 */
import { int16, int32, int64, records, string, uuid } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const ProduceRequest = message("ProduceRequest", 0, "3-13", "9+", {
  transactionalId: string("3+", { nullable: "3+", default: null }),
  acks: int16("0+"),
  timeoutMs: int32("0+"),
  topicData: array(
    "0+",
    struct("0+", {
      name: string("0-12"),
      topicId: uuid("13+"),
      partitionData: array(
        "0+",
        struct("0+", {
          index: int32("0+"),
          records: records("0+", { nullable: "0+" }),
        }),
      ),
    }),
  ),
});
export type ProduceRequest = Decoded<typeof ProduceRequest>;

export const ProduceResponse = message("ProduceResponse", 0, "3-13", "9+", {
  responses: array(
    "0+",
    struct("0+", {
      name: string("0-12"),
      topicId: uuid("13+"),
      partitionResponses: array(
        "0+",
        struct("0+", {
          index: int32("0+"),
          errorCode: int16("0+"),
          baseOffset: int64("0+"),
          logAppendTimeMs: int64("2+", { default: -1 }),
          logStartOffset: int64("5+", { default: -1 }),
          recordErrors: array(
            "8+",
            struct("8+", {
              batchIndex: int32("8+"),
              batchIndexErrorMessage: string("8+", { nullable: "8+", default: null }),
            }),
          ),
          errorMessage: string("8+", { nullable: "8+", default: null }),
          currentLeader: struct(
            "10+",
            {
              leaderId: int32("10+", { default: -1 }),
              leaderEpoch: int32("10+", { default: -1 }),
            },
            { tag: 0 },
          ),
        }),
      ),
    }),
  ),
  throttleTimeMs: int32("1+", { default: 0 }),
  nodeEndpoints: array(
    "10+",
    struct("10+", {
      nodeId: int32("10+"),
      host: string("10+"),
      port: int32("10+"),
      rack: string("10+", { nullable: "10+", default: null }),
    }),
    { tag: 0 },
  ),
});
export type ProduceResponse = Encodable<typeof ProduceResponse>;
