/**
 * DescribeConfigs, versions 1-4. Documentation and type of a config from 3, flexible from 4.
 *
 * Resource types: 2 topic, 4 broker, 8 broker logger.
 */
import { bool, int16, int32, int8, string } from "../primitives.ts";
import { array, message, struct } from "../schema.ts";
import type { Decoded, Encodable } from "../schema.ts";

export const DescribeConfigsRequest = message("DescribeConfigsRequest", 32, "1-4", "4+", {
  resources: array(
    "0+",
    struct("0+", {
      resourceType: int8("0+"),
      resourceName: string("0+"),
      configurationKeys: array("0+", string("0+"), { nullable: "0+" }),
    }),
  ),
  includeSynonyms: bool("1+", { default: false }),
  includeDocumentation: bool("3+", { default: false }),
});
export type DescribeConfigsRequest = Decoded<typeof DescribeConfigsRequest>;

export const DescribeConfigsResponse = message("DescribeConfigsResponse", 32, "1-4", "4+", {
  throttleTimeMs: int32("0+"),
  results: array(
    "0+",
    struct("0+", {
      errorCode: int16("0+"),
      errorMessage: string("0+", { nullable: "0+" }),
      resourceType: int8("0+"),
      resourceName: string("0+"),
      configs: array(
        "0+",
        struct("0+", {
          name: string("0+"),
          value: string("0+", { nullable: "0+" }),
          readOnly: bool("0+"),
          configSource: int8("1+", { default: -1 }),
          isSensitive: bool("0+"),
          synonyms: array(
            "1+",
            struct("1+", {
              name: string("1+"),
              value: string("1+", { nullable: "0+" }),
              source: int8("1+"),
            }),
          ),
          configType: int8("3+", { default: 0 }),
          documentation: string("3+", { nullable: "0+" }),
        }),
      ),
    }),
  ),
});
export type DescribeConfigsResponse = Encodable<typeof DescribeConfigsResponse>;
