import { open, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Adapter } from "lowdb";

/**
 * Keeps one JSON value in one file for lowdb. A write goes to a temporary file beside it, is synced,
 * and then takes the file's name, so that after a crash or a power cut the file is the old or the new
 * one, never a mixture (lowdb's own adapter renames too, but does not sync). One write at a time.
 */
export class DurableJsonFile implements Adapter<unknown> {
  readonly #path: string;
  readonly #temporaryPath: string;

  constructor(path: string) {
    this.#path = path;
    this.#temporaryPath = join(dirname(path), `.${basename(path)}.tmp`);
  }

  /** The file's value, or null when there is no file. Throws SyntaxError when it is not JSON. */
  async read(): Promise<unknown> {
    let text: string;
    try {
      text = await readFile(this.#path, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
      throw error;
    }
    const value: unknown = JSON.parse(text);
    // To lowdb a null means that there is no file; a file that says null is not a catalogue.
    return value === null ? "null" : value;
  }

  async write(value: unknown): Promise<void> {
    try {
      const file = await open(this.#temporaryPath, "w", 0o600);
      try {
        await file.writeFile(JSON.stringify(value, null, 2) + "\n");
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(this.#temporaryPath, this.#path);
    } catch (error) {
      await rm(this.#temporaryPath, { force: true }).catch(() => undefined);
      throw error;
    }
    await syncFolder(dirname(this.#path));
  }
}

/** Makes a rename durable. Windows cannot open folders and orders its own metadata. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
