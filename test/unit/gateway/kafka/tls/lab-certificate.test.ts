import assert from "node:assert/strict";
import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import path from "node:path";
import { connect } from "node:tls";
import { afterEach, beforeEach, describe, it } from "mocha";
import { labCertificate } from "../../../../../runtime/gateway/kafka/tls/lab-certificate.ts";
import { startGateway } from "../../../../support/kafka-gateway.ts";
import { type TempFolder, tempFolder } from "../../../../support/temp-folder.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const FILES = ["ca-key.pem", "ca.pem", "server-key.pem", "server.pem"];

describe("gateway: the certificates of a lab", () => {
  let folder: TempFolder;
  let tls: string;

  beforeEach(() => {
    folder = tempFolder();
    tls = path.join(folder.path, "tls");
  });
  afterEach(() => folder.dispose());

  const make = (nowMs: number, hosts: readonly string[] = []) =>
    labCertificate({ folder: tls, hosts, nowMs, random: randomBytes });
  const file = (name: string): string => readFileSync(path.join(tls, name), "utf8");
  const certificate = (name: string): X509Certificate => new X509Certificate(file(name));
  const NOW_MS = Date.parse("2026-11-24T12:00:00Z");

  it("are a root, and a certificate of this machine that it signed", () => {
    make(NOW_MS, ["192.0.2.7", "2001:db8::7", "lab.example"]);
    const root = certificate("ca.pem");
    const server = certificate("server.pem");
    assert.equal(root.ca, true);
    assert.equal(server.ca, false);
    assert.ok(root.verify(root.publicKey));
    assert.ok(server.verify(root.publicKey));
    assert.ok(server.checkIssued(root));
    assert.ok(server.checkPrivateKey(createPrivateKey(file("server-key.pem"))));
    assert.equal(server.checkHost("localhost"), "localhost");
    assert.equal(server.checkHost("lab.example"), "lab.example");
    for (const address of ["127.0.0.1", "::1", "192.0.2.7", "2001:db8::7"]) {
      assert.equal(server.checkIP(address), address);
    }
    assert.equal(server.checkHost("example.com"), undefined);
    assert.deepEqual(server.keyUsage, ["1.3.6.1.5.5.7.3.1"]);
    assert.equal(Date.parse(server.validFrom), NOW_MS - DAY_MS);
    assert.equal(Date.parse(server.validTo), NOW_MS + 397 * DAY_MS);
    assert.equal(Date.parse(root.validTo), NOW_MS + 3_650 * DAY_MS);
  });

  it("can be read by their owner only", function () {
    if (process.platform === "win32") return;
    make(NOW_MS);
    for (const name of FILES) assert.equal(statSync(path.join(tls, name)).mode & 0o777, 0o600);
    assert.equal(statSync(tls).mode & 0o777, 0o700);
  });

  it("stay while they are good, and are renewed before they end", () => {
    make(NOW_MS);
    const before = FILES.map(file);
    make(NOW_MS + 336 * DAY_MS);
    assert.deepEqual(FILES.map(file), before);
    make(NOW_MS + 338 * DAY_MS);
    assert.equal(file("ca.pem"), before[1]);
    assert.notEqual(file("server.pem"), before[3]);
    assert.ok(certificate("server.pem").verify(certificate("ca.pem").publicKey));
    // After 2049 the form of a time is another one.
    make(Date.parse("2055-01-01T00:00:00Z"));
    assert.notEqual(file("ca.pem"), before[1]);
    assert.equal(certificate("ca.pem").validFrom, "Dec 31 00:00:00 2054 GMT");
  });

  it("are renewed for a name that is not in them", () => {
    make(NOW_MS);
    make(NOW_MS, ["lab.example"]);
    assert.equal(certificate("server.pem").checkHost("lab.example"), "lab.example");
    const named = file("server.pem");
    make(NOW_MS, ["lab.example"]);
    assert.equal(file("server.pem"), named);
  });

  it("are made anew where files are damaged, gone or do not fit each other", () => {
    for (const name of FILES) {
      make(NOW_MS);
      writeFileSync(path.join(tls, name), "-----BEGIN CERTIFICATE-----\nnonsense\n");
      make(NOW_MS);
      rmSync(path.join(tls, name));
      make(NOW_MS);
      assert.ok(certificate("server.pem").verify(certificate("ca.pem").publicKey), name);
      assert.ok(certificate("ca.pem").checkPrivateKey(createPrivateKey(file("ca-key.pem"))), name);
    }
  });

  it("are trusted by clients of a listener that were given the root, and by no others", async () => {
    const gateway = await startGateway({ tls: make(Date.now()) });
    const { port } = gateway.server;
    const socket = connect({ port, host: "127.0.0.1", ca: file("ca.pem") });
    await once(socket, "secureConnect");
    assert.equal(socket.authorized, true);
    const stranger = connect({ port, host: "127.0.0.1" });
    const [error] = (await once(stranger, "error")) as [Error];
    assert.match(error.message, /self-signed certificate/);
    // A client that speaks no TLS, and one that says nothing, do not keep the listener from ending.
    const mute = connectTcp({ port, host: "127.0.0.1" });
    const plain = connectTcp({ port, host: "127.0.0.1" });
    plain.write(Buffer.from("0000000e0003000100000009ffff00000000", "hex"));
    await once(plain, "close");
    assert.match(gateway.log.at(-1) ?? "", /TLS handshake failed: /);
    await gateway.stop();
    if (!mute.closed) await once(mute, "close");
    socket.destroy();
  });
});
