import { setInterval } from "node:timers/promises";

const STEP_MS = 20;

/**
 * Waits until `probe` gives something other than undefined and false, and returns it. For things that
 * send no event, such as another process's files. Throws after `limitMs`, naming `what`.
 */
export async function waitFor<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 10_000,
): Promise<T> {
  const started = performance.now();
  for await (const _ of setInterval(STEP_MS)) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() - started > limitMs) break;
  }
  throw new Error(`not within ${limitMs} ms: ${what}`);
}

/** Whether a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
