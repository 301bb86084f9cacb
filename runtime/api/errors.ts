/**
 * Every way in which a request between the extension, the lab and a webview can fail. The code is
 * stable and is what a program branches on; the message beside it is for people and says what to do.
 */
export const ERROR_CODES = [
  "bad-request",
  "busy",
  "cancelled",
  "closed",
  "data-format",
  "data-in-use",
  "disk",
  "group-active",
  "internal",
  "invalid-partitions",
  "invalid-topic",
  "offset-out-of-range",
  "read-only",
  "stopping",
  "timeout",
  "too-large",
  "topic-exists",
  "unauthorized",
  "unknown-broker",
  "unknown-group",
  "unknown-load",
  "unknown-method",
  "unknown-move",
  "unknown-partition",
  "unknown-topic",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export function isErrorCode(code: string): code is ErrorCode {
  return ERROR_CODES.some((known) => known === code);
}

/** A failure with a stable code, able to cross a process boundary. */
export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
