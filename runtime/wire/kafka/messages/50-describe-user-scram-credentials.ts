/**
 * DescribeUserScramCredentials, version 0. Always flexible.
 */
import { int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeUserScramCredentialsRequest = message(
  "DescribeUserScramCredentialsRequest",
  50,
  "0",
  "0+",
  {
    users: array(
      "0+",
      struct("0+", {
        name: string("0+"),
      }),
      { nullable: "0+" },
    ),
  },
);
export type DescribeUserScramCredentialsRequest = Decoded<
  typeof DescribeUserScramCredentialsRequest
>;

export const DescribeUserScramCredentialsResponse = message(
  "DescribeUserScramCredentialsResponse",
  50,
  "0",
  "0+",
  {
    throttleTimeMs: int32("0+"),
    errorCode: int16("0+"),
    errorMessage: string("0+", { nullable: "0+" }),
    results: array(
      "0+",
      struct("0+", {
        user: string("0+"),
        errorCode: int16("0+"),
        errorMessage: string("0+", { nullable: "0+" }),
        credentialInfos: array(
          "0+",
          struct("0+", {
            mechanism: int8("0+"),
            iterations: int32("0+"),
          }),
        ),
      }),
    ),
  },
);
export type DescribeUserScramCredentialsResponse = Encodable<
  typeof DescribeUserScramCredentialsResponse
>;
