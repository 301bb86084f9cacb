import { readFileSync } from "node:fs";

/**
 * Something that a process has for life and that a later process with the same id has not: the boot
 * and the time since boot at which it started. Process ids come round soon in containers, where a
 * lab that was killed could otherwise seem to live on. Undefined where there is no /proc.
 */
export function processMark(pid: number): string | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in field 2 may hold spaces and brackets; fields are counted behind it. Field 22 is starttime.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Whether the process lives, and is the one that had `mark` when that is known. */
export function isAlive(pid: number, mark: string | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  const now = processMark(pid);
  return mark === undefined || now === undefined || mark === now;
}
