/**
 * AlterClientQuotas, versions 0-1. Flexible from 1.
 */
import { bool, float64, int16, int32, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const AlterClientQuotasRequest = message("AlterClientQuotasRequest", 49, "0-1", "1+", {
  entries: array(
    "0+",
    struct("0+", {
      entity: array(
        "0+",
        struct("0+", {
          entityType: string("0+"),
          entityName: string("0+", { nullable: "0+" }),
        }),
      ),
      ops: array(
        "0+",
        struct("0+", {
          key: string("0+"),
          value: float64("0+"),
          remove: bool("0+"),
        }),
      ),
    }),
  ),
  validateOnly: bool("0+"),
});
export type AlterClientQuotasRequest = Decoded<typeof AlterClientQuotasRequest>;

export const AlterClientQuotasResponse = message("AlterClientQuotasResponse", 49, "0-1", "1+", {
  throttleTimeMs: int32("0+"),
  entries: array(
    "0+",
    struct("0+", {
      errorCode: int16("0+"),
      errorMessage: string("0+", { nullable: "0+" }),
      entity: array(
        "0+",
        struct("0+", {
          entityType: string("0+"),
          entityName: string("0+", { nullable: "0+" }),
        }),
      ),
    }),
  ),
});
export type AlterClientQuotasResponse = Encodable<typeof AlterClientQuotasResponse>;
