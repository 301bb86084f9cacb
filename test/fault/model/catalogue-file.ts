import path from "node:path";
import type { Adapter } from "lowdb";
import type { FileSystem } from "../../../runtime/log/fs.ts";
import { StorageError } from "../../../runtime/log/storage-error.ts";

/** The catalogue's file on the lying disk, written in the steps of the real one. */
export class CatalogueFile implements Adapter<unknown> {
  readonly #fs: FileSystem;
  readonly #folder: string;
  readonly #file: string;
  readonly #temporary: string;

  constructor(fs: FileSystem, folder: string) {
    this.#fs = fs;
    this.#folder = folder;
    this.#file = path.join(folder, "catalogue.json");
    this.#temporary = path.join(folder, ".catalogue.json.tmp");
  }

  read(): Promise<unknown> {
    const bytes = this.#fs.readFile(this.#file);
    return Promise.resolve(bytes === undefined ? null : JSON.parse(bytes.toString("utf8")));
  }

  async write(value: unknown): Promise<void> {
    await Promise.resolve();
    const fs = this.#fs;
    try {
      fs.remove(this.#temporary);
      fs.open(this.#temporary, true).writeAt([Buffer.from(JSON.stringify(value))], 0);
      fs.syncNow([this.#temporary]);
      fs.rename(this.#temporary, this.#file);
    } catch (error) {
      if (error instanceof StorageError) fs.remove(this.#temporary);
      throw error;
    }
    fs.syncNow([this.#folder]);
  }
}
