import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { isIP, isIPv4 } from "node:net";
import * as der from "./der.ts";

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const SUBJECT_KEY_ID = "2.5.29.14";
const KEY_USAGE = "2.5.29.15";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const AUTHORITY_KEY_ID = "2.5.29.35";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
/** keyCertSign and cRLSign; digitalSignature. Bits count from the left, and trailing zeros are left out. */
const SIGNS_CERTIFICATES = der.bitString(Buffer.from([0x06]), 1);
const SIGNS_HANDSHAKES = der.bitString(Buffer.from([0x80]), 7);
/** An uncompressed point of P-256, the end of its SubjectPublicKeyInfo. */
const POINT_BYTES = 65;
/** Clocks of clients that are behind ours. */
const BACKDATED_MS = 24 * 60 * 60 * 1000;

export interface CertificateRequest {
  readonly commonName: string;
  /** Key of the one that the certificate is about; P-256. */
  readonly publicKey: KeyObject;
  readonly issuer: { readonly commonName: string; readonly privateKey: KeyObject };
  /** DNS names and addresses of a server; undefined for a root that signs servers. */
  readonly serverNames: readonly string[] | undefined;
  /** Random bytes that tell this certificate from others of the issuer. */
  readonly serial: Buffer;
  readonly nowMs: number;
  readonly lifetimeMs: number;
}

/** Writes and signs an X.509 v3 certificate (RFC 5280) and returns it as PEM. */
export function issueCertificate(request: CertificateRequest): string {
  const { issuer, publicKey, serial, nowMs, lifetimeMs } = request;
  const algorithm = der.sequence(der.objectId(ECDSA_WITH_SHA256));
  const body = der.sequence(
    der.explicit(0, der.integer(Buffer.from([2]))),
    der.integer(serial),
    algorithm,
    name(issuer.commonName),
    der.sequence(der.time(nowMs - BACKDATED_MS), der.time(nowMs + lifetimeMs)),
    name(request.commonName),
    publicKey.export({ type: "spki", format: "der" }),
    der.explicit(3, der.sequence(...extensions(request))),
  );
  const signature = der.bitString(sign("sha256", body, issuer.privateKey));
  return pem(der.sequence(body, algorithm, signature));
}

function name(commonName: string): Buffer {
  return der.sequence(der.set(der.sequence(der.objectId(COMMON_NAME), der.utf8String(commonName))));
}

function extensions({ serverNames, publicKey, issuer }: CertificateRequest): Buffer[] {
  const isRoot = serverNames === undefined;
  const issuerKeyId = keyId(createPublicKey(issuer.privateKey));
  const common = [
    // A root signs servers directly: no other authority may stand between (path length 0).
    extension(
      BASIC_CONSTRAINTS,
      isRoot ? der.sequence(der.boolean(true), der.integer(Buffer.from([0]))) : der.sequence(),
      true,
    ),
    extension(KEY_USAGE, isRoot ? SIGNS_CERTIFICATES : SIGNS_HANDSHAKES, true),
    extension(SUBJECT_KEY_ID, der.octetString(keyId(publicKey))),
    extension(AUTHORITY_KEY_ID, der.sequence(der.implicit(0, issuerKeyId))),
  ];
  if (isRoot) return common;
  return [
    ...common,
    extension(EXTENDED_KEY_USAGE, der.sequence(der.objectId(SERVER_AUTH))),
    extension(SUBJECT_ALT_NAME, der.sequence(...serverNames.map(alternativeName))),
  ];
}

function extension(id: string, contents: Buffer, critical = false): Buffer {
  const flag = critical ? [der.boolean(true)] : [];
  return der.sequence(der.objectId(id), ...flag, der.octetString(contents));
}

/** The usual identifier of a key: SHA-1 of its bits (RFC 5280, section 4.2.1.2). */
function keyId(key: KeyObject): Buffer {
  const info = key.export({ type: "spki", format: "der" });
  return createHash("sha1").update(info.subarray(-POINT_BYTES)).digest();
}

function alternativeName(server: string): Buffer {
  if (isIP(server) === 0) return der.implicit(2, Buffer.from(server, "ascii"));
  return der.implicit(7, addressBytes(server));
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  // A URL writes an address of version 6 in groups of hexadecimal digits only.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = [], tail = []] = groups
    .split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  const bytes = Buffer.alloc(16);
  [...head, ...zeros, ...tail].forEach((group, i) =>
    bytes.writeUInt16BE(parseInt(group, 16), 2 * i),
  );
  return bytes;
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
