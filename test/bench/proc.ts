/** What the operating system says of a process. Linux only, as is the bench. */
import { readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;
const MB = 1024 * 1024;

/** User plus system time the process has used so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function status(pid: number, key: string): number {
  const line = new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(
    readFileSync(`/proc/${pid}/status`, "utf8"),
  );
  return (Number(line?.[1]) * 1024) / MB;
}

/** Memory resident now, and the most that ever was, in MB of 2^20 bytes. */
export function memoryMb(pid: number): { readonly rss: number; readonly peak: number } {
  return { rss: status(pid, "VmRSS"), peak: status(pid, "VmHWM") };
}
