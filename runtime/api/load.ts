/**
 * Templates and the load that is made of them. A load is one request that is answered when it has ended;
 * meanwhile it is asked for its progress and stopped under the id that its asker gave it. It ends when
 * its asker cancels the request or is gone.
 */
import type { Placement } from "./model.ts";

/** Longest text of a template, in UTF-16 units. */
export const MAX_TEMPLATE_LENGTH = 1024 * 1024;
/** Most messages of a preview, and most bytes of their lines. */
export const MAX_PREVIEW_MESSAGES = 1_000;
export const MAX_PREVIEW_BYTES = 4 * 1024 * 1024;
/** Loads at the same time. */
export const MAX_LOADS = 8;
export const MAX_LOAD_MESSAGES = 1_000_000_000;
export const MAX_LOAD_DURATION_MS = 24 * 3_600_000;
/** Messages per second. */
export const MAX_LOAD_RATE = 1_000_000;

export interface Load {
  readonly topic: string;
  /** The text of a template (template.ts). */
  readonly template: string;
  /** 0 to 2^32 - 1; the template's own when undefined. The same seed gives the same messages. */
  readonly seed: number | undefined;
  /** How many messages; the template's own, or without one as long as the duration. */
  readonly count: number | undefined;
  readonly durationMs: number | undefined;
  /** Messages per second, fractions too; the template's own, or without one as fast as the lab takes them. */
  readonly rate: number | undefined;
}

/** How far a load has come. */
export interface LoadProgress {
  readonly state: "running" | "stopping";
  readonly sent: number;
  /** How many there will be; undefined when the time says when it ends. */
  readonly count: number | undefined;
  /** Messages that the lab did not take, and why the last of them was not. */
  readonly errors: number;
  readonly lastError: string | undefined;
  /** Messages per second over the last second or so. */
  readonly rate: number;
  readonly elapsedMs: number;
  /** How much later the load runs than its rate would have it, since it could not keep up. */
  readonly behindMs: number;
}

export interface LoadReport {
  /** `stopped`: somebody stopped it before its end. `failed`: the lab took nothing any more; `lastError` says why. */
  readonly outcome: "done" | "stopped" | "failed";
  readonly sent: number;
  readonly errors: number;
  readonly lastError: string | undefined;
  readonly elapsedMs: number;
  /** Messages per second over the whole time. */
  readonly rate: number;
  readonly behindMs: number;
  /** Where the first and the last message went. */
  readonly first: Placement | undefined;
  readonly last: Placement | undefined;
}

export interface LoadRequests {
  /** The first messages that a template gives, as lines of jsonl.ts. Produces none. */
  "template/preview": {
    params: {
      readonly template: string;
      readonly seed: number | undefined;
      /** 1 to MAX_PREVIEW_MESSAGES; there are fewer when they come to MAX_PREVIEW_BYTES. */
      readonly count: number;
    };
    result: { readonly lines: readonly string[] };
  };
  /** Produces messages made of a template. Answers at the end. */
  "load/run": {
    params: {
      /** Given by the asker: it names the load in the requests below while this one is not answered. */
      readonly id: string;
      readonly load: Load;
    };
    result: LoadReport;
  };
  "load/progress": { params: { readonly id: string }; result: LoadProgress };
  /** A stopped load ends in order, with a report. */
  "load/stop": { params: { readonly id: string }; result: LoadProgress };
}
