import type { Clock } from "../core/clock.ts";
import { Lifetime } from "../core/lifetime.ts";
import type { Partition } from "./partition.ts";

/** Why a wait for data ended. */
export type Wake = "data" | "timeout" | "aborted";

/**
 * Waits until any of `partitions` receives records, `timeoutMs` has passed, or `signal` aborts.
 * A partition that is closed while being waited for counts as data, so that the reader looks again.
 */
export function waitForData(
  partitions: readonly Partition[],
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Wake> {
  if (signal.aborted) return Promise.resolve("aborted");
  return new Promise((resolve) => {
    const wait = new Lifetime();
    const end = (wake: Wake) => {
      wait.dispose();
      resolve(wake);
    };
    for (const partition of partitions) wait.own(partition.onAppend(() => end("data")));
    wait.own(clock.after(timeoutMs, () => end("timeout")));
    const onAbort = () => end("aborted");
    signal.addEventListener("abort", onAbort, { once: true });
    wait.onDispose(() => signal.removeEventListener("abort", onAbort));
  });
}
