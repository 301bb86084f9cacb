import {
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
  createPrivateKey,
} from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import type { RandomBytes } from "../sasl/users.ts";
import { issueCertificate } from "./certificate.ts";

/*
 * The certificates of a lab, in the folder `tls` of its data: `ca.pem`, the root that clients are told
 * to trust, and `server.pem`, which it signed for the names of this machine, each with its key. The
 * root stays for ten years so that trust given once lasts; the server's certificate is made anew when
 * it nears its end or lacks a name. Files that are damaged or do not fit each other are made anew too.
 */

const DAY_MS = 24 * 60 * 60 * 1000;
const ROOT_LIFETIME_MS = 3_650 * DAY_MS;
/** Apple's systems refuse server certificates of more than 825 days, browsers of more than 398. */
const SERVER_LIFETIME_MS = 397 * DAY_MS;
/** Renewed at the start of the lab when less than this is left. */
const RENEW_BEFORE_MS = 60 * DAY_MS;
const SERIAL_BYTES = 16;
/** By which clients reach a lab on their own machine. */
const LOCAL_NAMES = ["localhost", "127.0.0.1", "::1"];

export interface CertificateAndKey {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

export interface LabCertificateOptions {
  /** The folder `tls` of the data folder; it is made where it is missing. */
  readonly folder: string;
  /** Hosts of listeners, which the certificate names too. */
  readonly hosts: readonly string[];
  readonly nowMs: number;
  readonly random: RandomBytes;
}

interface Pair {
  readonly cert: string;
  readonly key: KeyObject;
}

/** The certificate for the lab's TLS listeners, made or renewed where that is needed. */
export function labCertificate(options: LabCertificateOptions): CertificateAndKey {
  const { folder, hosts, nowMs } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = [...new Set([...LOCAL_NAMES, ...hosts])];
  const root = usable(read(folder, "ca"), nowMs) ?? make(options, "ca", undefined, undefined);
  const known = usable(read(folder, "server"), nowMs);
  const server =
    known !== undefined && fits(known, root, names) ? known : make(options, "server", names, root);
  const chain = server.cert + root.cert;
  return { cert: chain, key: pemOf(server.key) };
}

/** What is on disk, if it is a certificate with its key. */
function read(folder: string, file: string): Pair | undefined {
  try {
    const cert = readFileSync(join(folder, `${file}.pem`), "utf8");
    const key = createPrivateKey(readFileSync(join(folder, `${file}-key.pem`)));
    return new X509Certificate(cert).checkPrivateKey(key) ? { cert, key } : undefined;
  } catch {
    return undefined;
  }
}

function usable(pair: Pair | undefined, nowMs: number): Pair | undefined {
  if (pair === undefined) return undefined;
  const endMs = Date.parse(new X509Certificate(pair.cert).validTo);
  return endMs - nowMs > RENEW_BEFORE_MS ? pair : undefined;
}

function fits({ cert }: Pair, root: Pair, names: readonly string[]): boolean {
  const certificate = new X509Certificate(cert);
  if (!certificate.verify(new X509Certificate(root.cert).publicKey)) return false;
  return names.every((name) =>
    isIP(name) === 0
      ? certificate.checkHost(name) !== undefined
      : certificate.checkIP(name) !== undefined,
  );
}

/** Makes and writes a root, or a server's certificate that `root` signs. */
function make(
  { folder, nowMs, random }: LabCertificateOptions,
  file: "ca" | "server",
  names: readonly string[] | undefined,
  root: Pair | undefined,
): Pair {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const rootName = root === undefined ? rootNameOf(random) : commonNameOf(root);
  const cert = issueCertificate({
    commonName: root === undefined ? rootName : "localhost",
    publicKey,
    issuer: { commonName: rootName, privateKey: root?.key ?? privateKey },
    serverNames: names,
    serial: random(SERIAL_BYTES),
    nowMs,
    lifetimeMs: root === undefined ? ROOT_LIFETIME_MS : SERVER_LIFETIME_MS,
  });
  // The key first: a certificate without its key is made anew, and nobody has trusted it yet.
  write(join(folder, `${file}-key.pem`), pemOf(privateKey));
  write(join(folder, `${file}.pem`), cert);
  return { cert, key: privateKey };
}

/** Roots of two labs in one trust store must not share a name. */
function rootNameOf(random: RandomBytes): string {
  return `Streamside lab ${random(4).toString("hex")}`;
}

function commonNameOf({ cert }: Pair): string {
  return new X509Certificate(cert).subject.replace(/^CN=/, "");
}

function pemOf(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function write(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}
