/** What an outside suite is: a client's own tests, which nobody here wrote, run against the lab. */
import type { LabUnderTest } from "../lab-under-test.ts";

export type Outcome = "passed" | "failed" | "skipped";

/** One test of an outside suite as it ended. */
export interface CaseResult {
  /** As the suite names it; the same in every run. */
  readonly name: string;
  readonly outcome: Outcome;
  /** What the suite said of it, a line or two; for people, never compared. */
  readonly detail?: string;
}

export interface SuiteContext {
  /** What `prepare` filled; kept between runs. */
  readonly folder: string;
  /** Only cases whose name matches are wanted; undefined for all. */
  readonly only: RegExp | undefined;
  /**
   * Starts a lab for the suite with these arguments of `serve`, behind the command line `within` if there
   * is one. It is ended after the run.
   */
  startLab(args?: readonly string[], within?: readonly string[]): Promise<LabUnderTest>;
  /** Takes in a case as soon as it has ended. A name that comes twice counts once, by its worst outcome. */
  report(result: CaseResult): void;
  /** Aborts when the suite is to end. */
  readonly signal: AbortSignal;
}

export interface Suite {
  /** Short, for the command line and for file names: `kgo`. */
  readonly name: string;
  /** What it is, with the version that is run: "franz-go 1.22.2, package kgo". */
  readonly title: string;
  /** How it is run, as one line a person could type or follow. */
  readonly how: string;
  /** Most time for all of it, in minutes. */
  readonly limitMinutes: number;
  /** Downloads and builds into `folder` what is not there yet. Throws {@link SuiteMissing}. */
  prepare(folder: string): Promise<void>;
  run(context: SuiteContext): Promise<void>;
}

/** The suite cannot be had here; the message is a sentence that says what is missing. */
export class SuiteMissing extends Error {
  override readonly name = "SuiteMissing";
}
