import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { LIMITS } from "../../../../runtime/gateway/kafka/limits.ts";
import { Users } from "../../../../runtime/gateway/kafka/sasl/users.ts";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  MetadataRequest,
  MetadataResponse,
} from "../../../../runtime/wire/kafka/messages/03-metadata.ts";
import {
  SaslHandshakeRequest,
  SaslHandshakeResponse,
} from "../../../../runtime/wire/kafka/messages/17-sasl-handshake.ts";
import {
  ApiVersionsRequest,
  ApiVersionsResponse,
} from "../../../../runtime/wire/kafka/messages/18-api-versions.ts";
import {
  SaslAuthenticateRequest,
  SaslAuthenticateResponse,
} from "../../../../runtime/wire/kafka/messages/36-sasl-authenticate.ts";
import { encodeRequest } from "../../../conformance/wire-client.ts";
import { Random, seedOfRun } from "../../../fault/wire/random.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";
import { ScramClient } from "./sasl/scram-client.ts";

const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];
const ALICE = Buffer.from("\0alice\0wonder");
const WRONG = Buffer.from("\0alice\0bob");

const handshake = (client: RawClient, mechanism: string, version = 1) =>
  client.ask(SaslHandshakeRequest, SaslHandshakeResponse, version, { mechanism });
const authenticate = (client: RawClient, authBytes: Buffer, version = 2) =>
  client.ask(SaslAuthenticateRequest, SaslAuthenticateResponse, version, { authBytes });
const metadata = (client: RawClient) =>
  client.ask(MetadataRequest, MetadataResponse, 4, { topics: [], allowAutoTopicCreation: false });

function frameOf(token: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeInt32BE(token.length);
  return Buffer.concat([size, token]);
}

describe("gateway: a listener with SASL", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    const users = new Users(new Map([["alice", "wonder"]]), randomBytes);
    gateway = await startGateway({ users });
  });
  after(() => gateway.stop());
  beforeEach(async () => (client = await RawClient.connect(gateway.server.port)));
  afterEach(() => client.close());

  async function isClosed(reason: RegExp): Promise<void> {
    if (!client.socket.closed) await once(client.socket, "close");
    assert.match(gateway.log.at(-1) ?? "", reason);
  }

  it("serves a client that has authenticated, in every version", async () => {
    for (const version of [0, 1, 2]) {
      const each = await RawClient.connect(gateway.server.port);
      const versions = await each.ask(ApiVersionsRequest, ApiVersionsResponse, 0, {});
      assert.equal(versions.errorCode, KAFKA_ERRORS.NONE);
      const { errorCode, mechanisms } = await handshake(each, "PLAIN");
      assert.deepEqual([errorCode, mechanisms], [KAFKA_ERRORS.NONE, MECHANISMS]);
      const answer = await authenticate(each, ALICE, version);
      assert.deepEqual(
        [answer.errorCode, answer.errorMessage, answer.authBytes.length, answer.sessionLifetimeMs],
        [KAFKA_ERRORS.NONE, null, 0, 0],
      );
      assert.equal((await metadata(each)).brokers[0]?.port, gateway.server.port);
      each.close();
    }
  });

  it("serves a client that authenticates with SCRAM, and proves itself", async () => {
    const scram = new ScramClient("sha512", "alice", "wonder");
    await handshake(client, "SCRAM-SHA-512");
    const challenge = await authenticate(client, scram.first());
    const final = await authenticate(client, scram.final(challenge.authBytes.toString()));
    assert.equal(final.authBytes.toString(), scram.verifier);
    assert.equal((await metadata(client)).brokers.length, 1);
  });

  it("serves a client of before KIP-152, whose tokens have no header", async () => {
    const scram = new ScramClient("sha256", "alice", "wonder");
    assert.equal((await handshake(client, "SCRAM-SHA-256", 0)).errorCode, KAFKA_ERRORS.NONE);
    client.socket.write(frameOf(scram.first()));
    const final = scram.final((await client.next()).toString());
    // A byte at a time, and the next request right behind it.
    for (const byte of frameOf(final)) client.socket.write(Buffer.from([byte]));
    assert.equal((await client.next()).toString(), scram.verifier);
    assert.equal((await metadata(client)).brokers.length, 1);
  });

  it("closes the connection of a client of before KIP-152 with a wrong password", async () => {
    await handshake(client, "PLAIN", 0);
    client.socket.write(frameOf(WRONG));
    await isClosed(/could not authenticate: PLAIN: unknown user or wrong password/);
  });

  it("answers a wrong password with error 58, and ends the connection after that", async () => {
    await handshake(client, "PLAIN");
    client.send(SaslAuthenticateRequest, 2, { authBytes: WRONG });
    client.send(SaslAuthenticateRequest, 2, { authBytes: ALICE });
    client.send(MetadataRequest, 4, { topics: [], allowAutoTopicCreation: false });
    const answer = (await client.next()).toString("hex");
    assert.ok(answer.startsWith("00000002" + "00" + "003a"), answer);
    await assert.rejects(client.next());
    await isClosed(/could not authenticate: PLAIN: unknown user or wrong password/);
  });

  it("names its mechanisms to a client that wants another, and ends the connection", async () => {
    const { errorCode, mechanisms } = await handshake(client, "GSSAPI");
    assert.equal(errorCode, KAFKA_ERRORS.UNSUPPORTED_SASL_MECHANISM);
    assert.deepEqual(mechanisms, MECHANISMS);
    await isClosed(/could not authenticate: a mechanism that is not supported/);
  });

  it("ends the connection of a client that does not authenticate", async () => {
    await assert.rejects(metadata(client));
    await isClosed(/MetadataRequest before the client has authenticated/);
  });

  it("takes no large frame from a client that has not authenticated, and does after", async () => {
    const large = { topics: [{ name: "x".repeat(30_000) }], allowAutoTopicCreation: false };
    await handshake(client, "PLAIN");
    await authenticate(client, ALICE);
    const topics = Array.from({ length: 30 }, () => large.topics).flat();
    await client.ask(MetadataRequest, MetadataResponse, 4, { ...large, topics });
    client.close();
    client = await RawClient.connect(gateway.server.port);
    const size = Buffer.alloc(4);
    size.writeInt32BE(LIMITS.maxUnauthenticatedFrameBytes + 1);
    client.socket.write(size);
    await isClosed(/exceeds 524288/);
  });

  const seed = seedOfRun();
  it(`outlives garbage in place of tokens (seed ${seed})`, async () => {
    const random = new Random(seed);
    for (let i = 0; i < 200; i++) {
      const hostile = await RawClient.connect(gateway.server.port);
      const mechanism = random.pick(MECHANISMS);
      const garbage = random.bytes(1 + random.below(300));
      const version = random.below(2);
      await handshake(hostile, mechanism, version);
      const isRaw = version === 0;
      const request = encodeRequest(SaslAuthenticateRequest, 1, { authBytes: garbage });
      // The length of the token says more, or less, than there is.
      if (!isRaw && random.below(2) === 0) {
        request.writeInt32BE(random.below(2 ** 32) | 0, request.length - garbage.length - 4);
      }
      hostile.socket.write(isRaw ? frameOf(garbage) : request);
      if (!hostile.socket.closed) await once(hostile.socket, "close");
    }
    await handshake(client, "PLAIN");
    assert.equal((await authenticate(client, ALICE)).errorCode, KAFKA_ERRORS.NONE);
  });

  it("lets a client authenticate again while it is connected (KIP-368)", async () => {
    for (let i = 0; i < 3; i++) {
      assert.equal((await handshake(client, "PLAIN")).errorCode, KAFKA_ERRORS.NONE);
      assert.equal((await authenticate(client, ALICE)).errorCode, KAFKA_ERRORS.NONE);
      assert.equal((await metadata(client)).brokers.length, 1);
    }
    await handshake(client, "PLAIN");
    await assert.rejects(metadata(client));
  });
});

describe("gateway: a listener without SASL", () => {
  it("answers attempts to authenticate with error 34 and goes on", async () => {
    const gateway = await startGateway();
    const client = await RawClient.connect(gateway.server.port);
    const { errorCode, mechanisms } = await handshake(client, "PLAIN");
    assert.deepEqual([errorCode, mechanisms], [KAFKA_ERRORS.ILLEGAL_SASL_STATE, []]);
    assert.equal((await authenticate(client, ALICE)).errorCode, KAFKA_ERRORS.ILLEGAL_SASL_STATE);
    assert.equal((await metadata(client)).brokers.length, 1);
    client.close();
    await gateway.stop();
  });
});
