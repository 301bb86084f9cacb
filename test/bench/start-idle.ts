/** How fast a lab starts and what it costs while nobody uses it. */
import { setTimeout } from "node:timers/promises";
import { startLab } from "../support/lab-process.ts";
import { cpuSeconds, memoryMb } from "./proc.ts";
import { spread, type Spread } from "./statistics.ts";

const STARTS = 10;
/** Memory settles and the just-in-time compiler ends its work before the idle cost is read. */
const SETTLE_MS = 3_000;
const IDLE_MS = 10_000;

export interface StartIdleResult {
  readonly startMs: Spread;
  readonly idleRssMb: number;
  /** Share of one core over ten seconds, in per cent. */
  readonly idleCpuPercent: number;
}

/** `folder` is a folder for data that does not exist yet. */
export async function measureStartAndIdle(node: string, folder: string): Promise<StartIdleResult> {
  const startsMs: number[] = [];
  for (let n = 0; n < STARTS; n++) {
    const lab = await startLab({ data: folder, node });
    startsMs.push(lab.startMs);
    await lab.stop();
  }
  const lab = await startLab({ data: folder, node });
  try {
    await setTimeout(SETTLE_MS);
    const before = cpuSeconds(lab.ready.pid);
    await setTimeout(IDLE_MS);
    return {
      startMs: spread(startsMs),
      idleRssMb: memoryMb(lab.ready.pid).rss,
      idleCpuPercent: ((cpuSeconds(lab.ready.pid) - before) / (IDLE_MS / 1000)) * 100,
    };
  } finally {
    await lab.stop();
  }
}
