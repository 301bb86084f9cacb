/**
 * DescribeClientQuotas, versions 0-1. Flexible from 1.
 *
 * Match types: 0 exact name, 1 default, 2 any name.
 */
import { bool, float64, int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeClientQuotasRequest = message("DescribeClientQuotasRequest", 48, "0-1", "1+", {
  components: array(
    "0+",
    struct("0+", {
      entityType: string("0+"),
      matchType: int8("0+"),
      match: string("0+", { nullable: "0+" }),
    }),
  ),
  strict: bool("0+"),
});
export type DescribeClientQuotasRequest = Decoded<typeof DescribeClientQuotasRequest>;

export const DescribeClientQuotasResponse = message(
  "DescribeClientQuotasResponse",
  48,
  "0-1",
  "1+",
  {
    throttleTimeMs: int32("0+"),
    errorCode: int16("0+"),
    errorMessage: string("0+", { nullable: "0+" }),
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
        values: array(
          "0+",
          struct("0+", {
            key: string("0+"),
            value: float64("0+"),
          }),
        ),
      }),
      { nullable: "0+" },
    ),
  },
);
export type DescribeClientQuotasResponse = Encodable<typeof DescribeClientQuotasResponse>;
