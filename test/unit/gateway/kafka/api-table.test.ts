import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "mocha";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import { MetadataRequest } from "../../../../runtime/wire/kafka/messages/03-metadata.ts";
import {
  ApiVersionsRequest,
  ApiVersionsResponse,
} from "../../../../runtime/wire/kafka/messages/18-api-versions.ts";
import {
  decodeResponse,
  RawClient,
  startGateway,
  type TestGateway,
} from "../../../support/kafka-gateway.ts";

const SOFTWARE = { clientSoftwareName: "test", clientSoftwareVersion: "1.0" };

/** Key, lowest and highest advertised version: what clients of this build see. */
const ADVERTISED = [
  [0, 0, 13],
  [1, 4, 18],
  [2, 1, 11],
  [3, 0, 13],
  [8, 2, 10],
  [9, 1, 10],
  [10, 0, 6],
  [11, 0, 9],
  [12, 0, 4],
  [13, 0, 5],
  [14, 0, 5],
  [15, 0, 6],
  [16, 0, 5],
  [17, 0, 1],
  [18, 0, 5],
  [19, 2, 7],
  [20, 1, 6],
  [21, 0, 2],
  [22, 0, 5],
  [23, 2, 4],
  [24, 0, 3],
  [25, 0, 4],
  [26, 0, 5],
  [28, 0, 6],
  [29, 1, 3],
  [30, 1, 3],
  [31, 1, 3],
  [32, 1, 4],
  [33, 0, 2],
  [34, 1, 2],
  [35, 1, 5],
  [36, 0, 2],
  [37, 0, 3],
  [42, 0, 3],
  [43, 0, 2],
  [44, 0, 1],
  [45, 0, 1],
  [46, 0, 0],
  [47, 0, 0],
  [48, 0, 1],
  [49, 0, 1],
  [50, 0, 0],
  [51, 0, 0],
  [55, 0, 2],
  [57, 0, 2],
  [60, 0, 2],
  [61, 0, 0],
  [65, 0, 0],
  [66, 0, 2],
  [68, 0, 1],
  [69, 0, 1],
  [74, 0, 1],
  [75, 0, 0],
];

describe("gateway: the table of APIs", () => {
  let gateway: TestGateway;

  before(async () => (gateway = await startGateway()));
  after(() => gateway.stop());

  it("advertises what kafka.md asks for, in every version of ApiVersions", async () => {
    const client = await RawClient.connect(gateway.server.port);
    for (let version = 0; version <= 4; version++) {
      const answer = await client.ask(ApiVersionsRequest, ApiVersionsResponse, version, SOFTWARE);
      assert.equal(answer.errorCode, KAFKA_ERRORS.NONE);
      const rows = answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [
        apiKey,
        minVersion,
        maxVersion,
      ]);
      assert.deepEqual(rows, ADVERTISED);
    }
    client.close();
  });

  it("answers an ApiVersions it does not serve in version 0, with the range to ask again", async () => {
    const client = await RawClient.connect(gateway.server.port);
    const request = Buffer.from("0000000f001200630000000700047465737400", "hex");
    client.socket.write(request);
    const answer = decodeResponse(await client.next(), ApiVersionsResponse, 0);
    assert.equal(answer.errorCode, KAFKA_ERRORS.UNSUPPORTED_VERSION);
    assert.deepEqual(
      answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, minVersion, maxVersion]),
      [[18, 0, 5]],
    );
    const next = await client.ask(ApiVersionsRequest, ApiVersionsResponse, 3, SOFTWARE);
    assert.equal(next.errorCode, KAFKA_ERRORS.NONE);
    client.close();
  });

  it("refuses a client name that cannot be one", async () => {
    const client = await RawClient.connect(gateway.server.port);
    const odd = { clientSoftwareName: " x", clientSoftwareVersion: "" };
    const answer = await client.ask(ApiVersionsRequest, ApiVersionsResponse, 3, odd);
    assert.equal(answer.errorCode, KAFKA_ERRORS.INVALID_REQUEST);
    client.close();
  });

  const closing: [string, string][] = [
    ["an API that is not served", "0000000a0063000000000001ffff"],
    ["a version that is not served", "0000000a0003006300000001ffff"],
    ["a request that ends early", "0000000a0003000000000001ffff"],
    ["a negative size", "ffffffff"],
    ["a size past the limit", "06400001"],
  ];
  for (const [what, hex] of closing) {
    it(`closes the connection on ${what}, with one line in the log`, async () => {
      const lines = gateway.log.length;
      const client = await RawClient.connect(gateway.server.port);
      client.socket.write(Buffer.from(hex, "hex"));
      await once(client.socket, "close");
      assert.equal(gateway.log.length, lines + 1);
      assert.match(gateway.log.at(-1) ?? "", /^warn: connection of 127\.0\.0\.1:\d+ closed: /);
    });
  }

  it("keeps serving a connection whose requests come a byte at a time", async () => {
    const client = await RawClient.connect(gateway.server.port);
    const bytes = Buffer.from("0000000e0003000100000009ffff00000000", "hex");
    for (const byte of bytes) client.socket.write(Buffer.from([byte]));
    assert.equal((await client.next()).readInt32BE(0), 9);
    client.send(MetadataRequest, 1, { topics: [] });
    assert.equal((await client.next()).readInt32BE(0), 1);
    client.close();
  });
});
