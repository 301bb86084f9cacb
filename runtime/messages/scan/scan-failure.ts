import { type Failure, failure } from "../outcome.ts";
import type { ScannedChunk } from "./scan-chunk.ts";
import type { ScanOutcome } from "./scanner.ts";

/** What a scan that did not take place means for who asked. */
export function notScanned(outcome: Exclude<ScanOutcome, { kind: "scanned" }>): Failure {
  if (outcome.kind === "failed") return failure("internal", outcome.message);
  const [first] = outcome.diagnostics;
  return failure("bad-request", `filter: ${first?.message ?? "it cannot be understood."}`);
}

export function removedMeanwhile(topic: string, partition: number, offset: number): Failure {
  return failure(
    "offset-out-of-range",
    `Offset ${offset} of partition ${partition} of ${topic} was removed while it was being searched. Search again.`,
  );
}

/** A batch that cannot be read, and where to go on. */
export function damaged(
  topic: string,
  partition: number,
  offset: number,
  { reason, behindOffset }: NonNullable<ScannedChunk["damage"]>,
): Failure {
  return failure(
    "data-format",
    `The record batch at offset ${offset} of partition ${partition} of ${topic} ` +
      `cannot be read: ${reason}. Go on behind it, at offset ${behindOffset}.`,
  );
}
