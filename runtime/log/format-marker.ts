import path from "node:path";
import type { FileSystem } from "./fs.ts";
import { StorageError } from "./storage-error.ts";

/** Version of the layout that FORMAT.md describes. */
export const FORMAT_VERSION = 1;

const FILE = "format.json";
/** What may lie in a data folder before it is one; hidden temporary files are left by an interrupted atomic write. */
const HARMLESS = /^(\.gitignore|\.DS_Store|lab\.log|lab\.lock.*|\..*\.tmp)$/;

/**
 * Makes sure that `dataFolder` is a data folder of this format, or an empty one, which it marks as
 * such. Throws StorageError `unknown-format` otherwise and leaves everything as it was.
 */
export function claimFormat(fs: FileSystem, dataFolder: string): void {
  const marker = path.join(dataFolder, FILE);
  const bytes = fs.readFile(marker);
  // A power cut right after the first start may leave it empty.
  if (bytes !== undefined && bytes.length > 0) {
    checkVersion(marker, bytes.toString("utf8"));
    return;
  }
  const foreign =
    bytes !== undefined ? [] : fs.list(dataFolder).filter((name) => !HARMLESS.test(name));
  if (foreign.length > 0) {
    throw new StorageError(
      "unknown-format",
      `${dataFolder} is not a data folder of Streamside: it holds ${foreign.slice(0, 3).join(", ")}. ` +
        "Use an empty or a new folder. Nothing was changed.",
    );
  }
  fs.makeFolder(dataFolder);
  fs.writeFile(marker, Buffer.from(`${JSON.stringify({ format: FORMAT_VERSION })}\n`));
  // Nothing else ever syncs it, and a lab does not start on a folder whose marker was lost in part.
  fs.syncNow([marker, dataFolder]);
}

function checkVersion(marker: string, text: string): void {
  const found = /^\s*\{\s*"format"\s*:\s*(\d+)\s*\}\s*$/.exec(text)?.[1];
  if (found === String(FORMAT_VERSION)) return;
  const what =
    found === undefined
      ? "does not name a format version"
      : `names format version ${found}, and this Streamside knows version ${FORMAT_VERSION}`;
  throw new StorageError(
    "unknown-format",
    `${marker} ${what}. Update Streamside, or use another data folder. Nothing was changed.`,
  );
}
