import { systemClock } from "../core/clock.ts";
import type { Progress } from "./progress.ts";
import type { Signals } from "./serve.ts";

const PROGRESS_INTERVAL_MS = 500;

/** Something that the lab does for long, and can be asked about meanwhile. */
export interface LongRequest<Report> {
  /** Resolves when it has come to its end, or has been stopped. */
  run(): Promise<Report>;
  stop(): Promise<unknown>;
  /** How far it has come, in one line; rejects when it is over. */
  progress(): Promise<string>;
}

/** The terminal that waits for it. */
export interface Waiting {
  readonly progress: Progress;
  readonly signals: Signals;
}

/** Waits for the end, showing how far it is; Ctrl+C stops it in order. */
export async function untilDone<Report>(
  request: LongRequest<Report>,
  { progress, signals }: Waiting,
): Promise<Report> {
  const stop = () => {
    // What has just ended cannot be stopped any more.
    request.stop().catch(() => undefined);
  };
  signals.once("SIGINT", stop);
  let isOver = false;
  void showProgress(request, progress, () => isOver);
  try {
    return await request.run();
  } finally {
    isOver = true;
    progress(undefined);
    signals.off("SIGINT", stop);
  }
}

async function showProgress(
  request: LongRequest<unknown>,
  show: Progress,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    await new Promise<void>((resolve) => systemClock.after(PROGRESS_INTERVAL_MS, resolve));
    const line = isOver() ? undefined : await request.progress().catch(() => undefined);
    if (line !== undefined && !isOver()) show(line);
  }
}
