/** Longest user name in UTF-8, as it is written and as it is compared. */
export const MAX_USER_NAME_BYTES = 256;
/** Longest password in UTF-8. */
export const MAX_PASSWORD_BYTES = 1_024;

const CONTROL = /[\p{Cc}\p{Cs}]/u;

/**
 * The form in which user names are compared: compatibility-composed (NFKC), the part of SASLprep
 * (RFC 4013) that makes equal what looks equal. Undefined for a name that cannot be one: empty, too
 * long, or with control characters. Passwords are not normalised, because the clients do not do it.
 */
export function normalizeUserName(name: string): string | undefined {
  if (name === "" || Buffer.byteLength(name) > MAX_USER_NAME_BYTES) return undefined;
  const normal = name.normalize("NFKC");
  if (CONTROL.test(normal) || Buffer.byteLength(normal) > MAX_USER_NAME_BYTES) return undefined;
  return normal;
}

/** The text of a token, or undefined where the bytes are not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
