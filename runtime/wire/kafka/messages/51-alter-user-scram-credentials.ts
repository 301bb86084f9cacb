/**
 * AlterUserScramCredentials, version 0. Always flexible.
 */
import { bytes, int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const AlterUserScramCredentialsRequest = message(
  "AlterUserScramCredentialsRequest",
  51,
  "0",
  "0+",
  {
    deletions: array(
      "0+",
      struct("0+", {
        name: string("0+"),
        mechanism: int8("0+"),
      }),
    ),
    upsertions: array(
      "0+",
      struct("0+", {
        name: string("0+"),
        mechanism: int8("0+"),
        iterations: int32("0+"),
        salt: bytes("0+"),
        saltedPassword: bytes("0+"),
      }),
    ),
  },
);
export type AlterUserScramCredentialsRequest = Decoded<typeof AlterUserScramCredentialsRequest>;

export const AlterUserScramCredentialsResponse = message(
  "AlterUserScramCredentialsResponse",
  51,
  "0",
  "0+",
  {
    throttleTimeMs: int32("0+"),
    results: array(
      "0+",
      struct("0+", {
        user: string("0+"),
        errorCode: int16("0+"),
        errorMessage: string("0+", { nullable: "0+" }),
      }),
    ),
  },
);
export type AlterUserScramCredentialsResponse = Encodable<typeof AlterUserScramCredentialsResponse>;
