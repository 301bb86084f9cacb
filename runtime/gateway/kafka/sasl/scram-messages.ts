import { decodeUtf8, normalizeUserName } from "./user-name.ts";

/** Longest nonce that a client may choose. */
const MAX_NONCE_CHARS = 256;
/** Longest base64 text of a proof: 64 bytes of SHA-512. */
const MAX_PROOF_CHARS = 88;

const NONCE = /^[\x21-\x2b\x2d-\x7e]+$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** One attribute after those that have a fixed place; unknown ones are ignored (RFC 5802, section 5.1). */
const EXTENSION = /^[A-Za-z]=[^\0]+$/;

export interface ClientFirst {
  /** Normalised. */
  readonly user: string;
  readonly nonce: string;
  /** The part that counts for the channel binding: everything before `bare`. */
  readonly gs2Header: string;
  /** The part that is signed. */
  readonly bare: string;
}

export interface ClientFinal {
  readonly gs2Header: string;
  readonly nonce: string;
  readonly proof: Buffer;
  /** The part that is signed: everything before the proof. */
  readonly withoutProof: string;
}

/** A user name or authorization identity as SCRAM writes it, where `=2C` is a comma and `=3D` is `=`. */
function saslName(text: string): string | undefined {
  if (/=(?!2C|3D)/.test(text)) return undefined;
  return normalizeUserName(text.replaceAll("=2C", ",").replaceAll("=3D", "="));
}

/**
 * `n,[a=user],n=user,r=nonce[,extensions]`, or the reason why it is not. Channel binding is not
 * offered, so a client that insists on it (`p=`) is refused; so is one that says it was not offered
 * where it could have been (`y`), as Kafka does.
 */
export function parseClientFirst(token: Buffer): ClientFirst | string {
  const parts = decodeUtf8(token)?.split(",");
  if (parts === undefined || parts.length < 4) return "malformed first SCRAM message";
  const [binding = "", authorization = "", name = "", nonce = "", ...extensions] = parts;
  if (binding !== "n") return "channel binding is not supported";
  if (name.startsWith("m=")) return "a mandatory SCRAM extension is not supported";
  const user = name.startsWith("n=") ? saslName(name.slice(2)) : undefined;
  if (user === undefined) return "the user name cannot be one";
  if (authorization !== "") {
    const asWhom = authorization.startsWith("a=") ? saslName(authorization.slice(2)) : undefined;
    if (asWhom !== user) return "a client may act only as the user it is";
  }
  if (
    !nonce.startsWith("r=") ||
    nonce.length > 2 + MAX_NONCE_CHARS ||
    !NONCE.test(nonce.slice(2))
  ) {
    return "the nonce of the client cannot be one";
  }
  if (!extensions.every((each) => EXTENSION.test(each))) return "malformed first SCRAM message";
  const gs2Header = `${binding},${authorization},`;
  const bare = parts.slice(2).join(",");
  return { user, nonce: nonce.slice(2), gs2Header, bare };
}

/** `c=base64,r=nonce[,extensions],p=base64`, or the reason why it is not. */
export function parseClientFinal(token: Buffer): ClientFinal | string {
  const parts = decodeUtf8(token)?.split(",");
  const proof = parts?.pop() ?? "";
  if (parts === undefined || parts.length < 2) return "malformed final SCRAM message";
  const [binding = "", nonce = "", ...extensions] = parts;
  const wellFormed =
    binding.startsWith("c=") &&
    BASE64.test(binding.slice(2)) &&
    nonce.startsWith("r=") &&
    extensions.every((each) => EXTENSION.test(each)) &&
    proof.startsWith("p=") &&
    proof.length <= 2 + MAX_PROOF_CHARS &&
    BASE64.test(proof.slice(2));
  if (!wellFormed) return "malformed final SCRAM message";
  return {
    gs2Header: Buffer.from(binding.slice(2), "base64").toString("utf8"),
    nonce: nonce.slice(2),
    proof: Buffer.from(proof.slice(2), "base64"),
    withoutProof: parts.join(","),
  };
}
