/** The file that says up to where each log is on the device, so that recovery need not read it again. */
import path from "node:path";
import type { Logger } from "../core/logger.ts";
import type { FileSystem } from "./fs.ts";
import type { RecoveryPoint } from "./recovery.ts";

const FILE = "recovery.json";
const VERSION = 1;

type Points = Map<string, RecoveryPoint>;

export function checkpointPath(dataFolder: string): string {
  return path.join(dataFolder, FILE);
}

/** Recovery points by the name of a partition's folder; none where the file is missing or damaged. */
export function readCheckpoint(fs: FileSystem, dataFolder: string, logger: Logger): Points {
  const bytes = fs.readFile(checkpointPath(dataFolder));
  if (bytes === undefined) return new Map();
  const points = decode(bytes.toString("utf8"));
  if (points !== undefined) return points;
  logger.warn(`${FILE} is damaged: every log is checked from its beginning`);
  return new Map();
}

/** Replaces the file; it is the caller's to sync. */
export function writeCheckpoint(fs: FileSystem, dataFolder: string, points: Points): void {
  const partitions = Object.fromEntries(
    Array.from(points, ([name, { segmentOffset, position }]) => [name, [segmentOffset, position]]),
  );
  const text = JSON.stringify({ version: VERSION, partitions });
  fs.writeFile(checkpointPath(dataFolder), Buffer.from(`${text}\n`));
}

function decode(text: string): Points | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null || !("version" in json)) return undefined;
  if (json.version !== VERSION || !("partitions" in json)) return undefined;
  if (typeof json.partitions !== "object" || json.partitions === null) return undefined;
  const points: Points = new Map();
  for (const [name, point] of Object.entries(json.partitions)) {
    if (!Array.isArray(point)) return undefined;
    const [segmentOffset, position]: unknown[] = point;
    if (typeof segmentOffset !== "number" || typeof position !== "number") return undefined;
    points.set(name, { segmentOffset, position });
  }
  return points;
}
