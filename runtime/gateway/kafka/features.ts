/** What the cluster can do beyond APIs (KIP-584). Every feature is in use, at its highest level. */
export const FEATURES = [
  /** Groups of the consumer protocol (KIP-848). */
  { name: "group.version", minVersion: 0, maxVersion: 1 },
  /** Transactions of which each has an epoch of its own (KIP-890). Clients of version 1 go on as before. */
  { name: "transaction.version", minVersion: 0, maxVersion: 2 },
] as const;

/** The level of a feature that is in use; undefined for one that is not known. */
export function finalizedLevel(feature: string): number | undefined {
  return FEATURES.find(({ name }) => name === feature)?.maxVersion;
}
