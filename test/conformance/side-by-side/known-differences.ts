/** Differences that are meant, each with its reason. One that is not met any more is reported: take it out. */
export interface KnownDifference {
  readonly api: string;
  readonly path: RegExp;
  readonly step?: RegExp;
  readonly kafka?: RegExp;
  readonly lab?: RegExp;
  readonly why: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    api: "ApiVersions",
    path: /^apiKeys\[(27|7[6-9]|8[3-7]|9[0-2]|38|39|40|41|34|64|74|8[0-9]|9[34])\]$/,
    lab: /^\(absent\)$/,
    why: "not served: share and streams groups, delegation tokens, telemetry, what only brokers ask",
  },
  {
    api: "ApiVersions",
    path: /^(supported|finalized)Features/,
    lab: /^\(absent\)$/,
    why: "features of what is not served",
  },
  {
    api: "DescribeConfigs",
    path: /^results\[1\]\.configs\[[^\]]+\]$/,
    step: /^all of the broker/,
    lab: /^\(absent\)$/,
    why: "the lab has the settings that clients and tools read",
  },
];
