import { buildBatch } from "../../../runtime/record/build.ts";

/** Ten records that say at which offset they are, when the first one is at `offset`. */
export function numberedBatch(offset: number): Buffer {
  return buildBatch(
    Array.from({ length: 10 }, (_, i) => ({
      timestampMs: 1_700_000_000_000 + offset + i,
      key: null,
      value: Buffer.from(`record ${offset + i} `.repeat(1 + (offset % 97))),
      headers: [],
    })),
    { producer: { id: 1, epoch: 0, baseSequence: offset % 2 ** 31 } },
  );
}
