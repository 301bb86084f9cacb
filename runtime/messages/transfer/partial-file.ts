import { type FileHandle, mkdir, open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { type Failure, failure } from "../outcome.ts";

/** Text is handed to the system in pieces of about this size. */
const PIECE_BYTES = 256 * 1024;

/** What the system said of a file or folder, in one sentence. Throws what did not come from the system. */
export function diskFailure(verb: "read" | "written", place: string, error: unknown): Failure {
  if (!(error instanceof Error && "syscall" in error)) throw error;
  return failure("disk", `${place} cannot be ${verb}: ${error.message}.`);
}

/** Where something is written that is to be at `target` when it is whole: beside it, on the same disk. */
export function partialPath(target: string): string {
  return `${target}.${process.pid}-${process.hrtime.bigint()}.partial`;
}

export async function exists(place: string): Promise<boolean> {
  try {
    await stat(place);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** A file that is at its place when it is whole, and nowhere before. */
export class PartialFile {
  readonly #target: string;
  readonly #partial: string;
  readonly #handle: FileHandle;
  #pieces: Buffer[] = [];
  #pieceBytes = 0;
  #sizeBytes = 0;

  private constructor(target: string, partial: string, handle: FileHandle) {
    this.#target = target;
    this.#partial = partial;
    this.#handle = handle;
  }

  /** Makes the folders on the way too. */
  static async create(target: string): Promise<PartialFile> {
    const partial = partialPath(target);
    await mkdir(path.dirname(target), { recursive: true });
    return new PartialFile(target, partial, await open(partial, "wx"));
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async write(text: string): Promise<void> {
    const bytes = Buffer.from(text);
    this.#pieces.push(bytes);
    this.#pieceBytes += bytes.length;
    this.#sizeBytes += bytes.length;
    if (this.#pieceBytes >= PIECE_BYTES) await this.#flush();
  }

  /** Puts the file in its place, on the disk and not only on its way there. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
    await this.#handle.close();
    await rename(this.#partial, this.#target);
  }

  /** Leaves nothing behind. Does no harm after `finish`. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#partial, { force: true });
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pieceBytes = 0;
    await this.#handle.appendFile(bytes);
  }
}
