/** The file that says up to where each log has been compacted. */
import path from "node:path";
import type { Logger } from "../../core/logger.ts";
import type { FileSystem } from "../fs.ts";

const FILE = "cleaner.json";
const VERSION = 1;

/** First offsets that have not been compacted, by the name of a partition's folder; none where the file is missing or damaged. */
export function readCleanerCheckpoint(
  fs: FileSystem,
  dataFolder: string,
  logger: Logger,
): Map<string, number> {
  const bytes = fs.readFile(path.join(dataFolder, FILE));
  if (bytes === undefined) return new Map();
  const offsets = decode(bytes.toString("utf8"));
  if (offsets !== undefined) return offsets;
  logger.warn(`${FILE} is damaged: logs are compacted from their beginning`);
  return new Map();
}

export function writeCleanerCheckpoint(
  fs: FileSystem,
  dataFolder: string,
  offsets: ReadonlyMap<string, number>,
): void {
  const text = JSON.stringify({ version: VERSION, partitions: Object.fromEntries(offsets) });
  fs.writeFile(path.join(dataFolder, FILE), Buffer.from(`${text}\n`));
}

function decode(text: string): Map<string, number> | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null || !("version" in json)) return undefined;
  if (json.version !== VERSION || !("partitions" in json)) return undefined;
  if (typeof json.partitions !== "object" || json.partitions === null) return undefined;
  const offsets = new Map<string, number>();
  for (const [name, offset] of Object.entries<unknown>({ ...json.partitions })) {
    if (typeof offset !== "number") return undefined;
    offsets.set(name, offset);
  }
  return offsets;
}
