import type { MessageFilter } from "../../api/model.ts";
import type { Disposable } from "../../core/lifetime.ts";
import type { Diagnostic } from "../../sql/diagnostic.ts";
import type { Chunk, ScannedChunk } from "./scan-chunk.ts";
import type { ScanTask } from "./task.ts";

/** Record batches to look through, and what for. */
export interface ScanRequest {
  /** Every message is wanted when undefined. */
  readonly filter: MessageFilter | undefined;
  /** Its bytes belong to the scanner from now on. */
  readonly chunk: Chunk;
  readonly task: ScanTask;
}

export type ScanOutcome =
  | { readonly kind: "scanned"; readonly result: ScannedChunk }
  | { readonly kind: "invalid-filter"; readonly diagnostics: readonly Diagnostic[] }
  /** It took too long, or its thread ended; the message says what to do. */
  | { readonly kind: "failed"; readonly message: string };

/** Looks through record batches away from the thread that serves clients. */
export interface Scanner extends Disposable {
  /** Lends a buffer for the bytes of a chunk, at least so many. It comes back by being scanned, or is let go. */
  allocate(bytes: number): Buffer;
  scan(request: ScanRequest): Promise<ScanOutcome>;
}
