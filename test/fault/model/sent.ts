import type { Codec } from "../../../runtime/record/batch.ts";
import { buildBatch, type BuildOptions } from "../../../runtime/record/build.ts";
import type { Random } from "../wire/random.ts";
import type { PartitionHistory } from "./history.ts";
import type { Ledger } from "./ledger.ts";
import type { Tx } from "./tx.ts";

export interface SentRecord {
  readonly key: string;
  /** Null is a tombstone. */
  readonly value: string | null;
  readonly timestampMs: number;
}

/**
 * What is known of a batch: `unknown` while there is no answer, `stored` once it was seen in the log,
 * `gone` when a restart did not find one that had no answer, or was refused.
 */
export type Fate = "unknown" | "acked" | "refused" | "stored" | "gone";

/** A batch that a producer sent. */
export interface Sent {
  readonly id: string;
  readonly to: PartitionHistory;
  readonly records: readonly SentRecord[];
  readonly bytes: Buffer;
  readonly producer: BuildOptions["producer"];
  readonly tx: Tx | undefined;
  fate: Fate;
  /** -1 until it is known. */
  baseOffset: number;
}

/** Every record says in a header which batch it belongs to. */
export const ID_HEADER = "batch";
const KEYS = 8;
const MAX_RECORDS = 5;
const CODECS: readonly Codec[] = ["none", "none", "none", "gzip", "snappy", "lz4"];

/** A new batch with records of a few keys, some of them tombstones. */
export function newBatch(
  { random, ledger }: { readonly random: Random; readonly ledger: Ledger },
  to: PartitionHistory,
  nowMs: number,
  producer?: NonNullable<BuildOptions["producer"]>,
  tx?: Tx,
): Sent {
  const id = ledger.nextId();
  const records = Array.from({ length: 1 + random.below(MAX_RECORDS) }, (_, i) => ({
    key: `k${random.below(KEYS)}`,
    value: random.below(8) === 0 ? null : `${id}.${i}`.padEnd(random.below(120), "x"),
    timestampMs: nowMs - random.below(2_000),
  }));
  const header = { key: ID_HEADER, value: Buffer.from(id) };
  const bytes = buildBatch(
    records.map(({ key, value, timestampMs }) => ({
      timestampMs,
      key: Buffer.from(key),
      value: value === null ? null : Buffer.from(value),
      headers: [header],
    })),
    { codec: random.pick(CODECS), ...(producer && { producer }), transactional: tx !== undefined },
  );
  return { id, to, records, bytes, producer, tx, fate: "unknown", baseOffset: -1 };
}
