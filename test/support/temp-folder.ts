import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

export interface TempFolder {
  readonly path: string;
  /** Removes the folder with all that is in it. */
  dispose(): void;
}

/** A new empty folder, by its real path, since some systems' temporary folder is a link. */
export function tempFolder(): TempFolder {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "streamside-")));
  return {
    path: folder,
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
