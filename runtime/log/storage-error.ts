export type StorageErrorKind = "disk-full" | "read-only" | "in-use" | "unknown-format" | "io";

/** The disk or the data folder does not let the lab work. The message says what to do. */
export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly kind: StorageErrorKind;

  constructor(kind: StorageErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

const KINDS: Readonly<Record<string, StorageErrorKind>> = {
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  EROFS: "read-only",
  EACCES: "read-only",
  EPERM: "read-only",
};

const ADVICE: Readonly<Record<StorageErrorKind, string>> = {
  "disk-full": "Make room on the disk, or use another data folder.",
  "read-only": "Make the data folder writable, or use another one.",
  "in-use": "Stop the other lab, or use another data folder.",
  "unknown-format": "Update Streamside, or use another data folder.",
  io: "Check the disk, or use another data folder.",
};

/** The code of an error of Node.js, such as ENOSPC. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Turns what the operating system refused into a StorageError that says what to do. */
export function storageError(action: string, path: string, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const kind = KINDS[systemCode(error) ?? ""] ?? "io";
  const reason = error instanceof Error ? error.message : String(error);
  return new StorageError(kind, `Cannot ${action} ${path}: ${reason}. ${ADVICE[kind]}`);
}
