import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import avro from "avsc";
import protobuf from "protobufjs";
import type { DecodedField, Message, MessageHeader } from "../../../../runtime/api/model.ts";
import {
  type DecodeChoice,
  decodeMessage,
} from "../../../../runtime/messages/decode/decode-message.ts";
import { MAX_ANSWER_BYTES } from "../../../../runtime/messages/decode/registry/registry-client.ts";
import { Registries } from "../../../../runtime/messages/decode/registry/registry-decoder.ts";
import { SchemaRegistry } from "../../../support/schema-registry.ts";

const MONEY = { type: "record", name: "shop.Money", fields: [{ name: "cents", type: "long" }] };
const ORDER = {
  ...{ type: "record", name: "shop.Order" },
  fields: [
    { name: "id", type: "string" },
    { name: "total", type: "shop.Money" },
  ],
};
const ORDER_AVRO = avro.Type.forSchema({
  ...{ type: "record", name: "shop.Order" },
  fields: [
    { name: "id", type: "string" },
    { name: "total", type: { ...MONEY, type: "record" } },
  ],
}).toBuffer({ id: "o-1", total: { cents: 9 } });

const MONEY_PROTO = `syntax = "proto3"; package shop; message Other {} message Money { int64 cents = 1; }`;
const ORDER_PROTO = `syntax = "proto3"; package shop;
import "shop/money.proto"; import "google/protobuf/timestamp.proto";
message First { string a = 1; }
message Order { message Line { string sku = 1; } string id = 1; Money total = 2; google.protobuf.Timestamp at = 3; }`;

function framed(id: number, ...rest: readonly Uint8Array[]): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeInt32BE(id, 1);
  return Buffer.concat([prefix, ...rest]);
}

describe("decoding by a schema registry", () => {
  let registry: SchemaRegistry;
  let registries: Registries;
  beforeEach(async () => {
    registry = await SchemaRegistry.start();
    registries = new Registries();
    const money = { name: "shop.Money", subject: "money-value", version: 3 };
    registry.byVersion.set("money-value/3", { schema: JSON.stringify(MONEY) });
    registry.byId.set(7, { schema: JSON.stringify(ORDER), references: [money] });
    const proto = { name: "shop/money.proto", subject: "money.proto", version: 1 };
    registry.byVersion.set("money.proto/1", { schema: MONEY_PROTO, schemaType: "PROTOBUF" });
    registry.byId.set(8, { schema: ORDER_PROTO, schemaType: "PROTOBUF", references: [proto] });
    registry.byId.set(9, { schema: '{"type":"object"}', schemaType: "JSON" });
  });
  afterEach(() => registry.stop());

  async function decode(
    bytes: Uint8Array,
    choice: Partial<DecodeChoice> = {},
    headers: readonly MessageHeader[] = [],
  ): Promise<DecodedField> {
    const value = { bytes, sizeBytes: bytes.length };
    const message: Message = {
      ...{ partition: 0, offset: 0, timestampMs: 0, timestampType: "create" },
      ...{ key: null, value, headers },
    };
    const address = { url: registry.url, userInfo: undefined };
    const whole = { decoder: undefined, schema: undefined, registry: address, ...choice };
    const outcome = await decodeMessage("t", message, "value", whole, registries);
    assert.ok(outcome.kind === "decoded" && outcome.decoded !== null, JSON.stringify(outcome));
    return outcome.decoded;
  }

  it("reads Avro with the types that its schema refers to, and asks for each once", async () => {
    for (let i = 0; i < 3; i++) {
      const { text, decoder, schema, tried } = await decode(framed(7, ORDER_AVRO));
      assert.equal(text, '{"id": "o-1", "total": {"cents": 9}}');
      assert.deepEqual([decoder, schema, tried], ["registry", "Avro, schema 7", []]);
    }
    assert.deepEqual(registry.asked, ["/schemas/ids/7", "/subjects/money-value/versions/3"]);
  });

  it("reads Protobuf by the indexes of the message, with what its file imports", async () => {
    const root = protobuf.parse(MONEY_PROTO, { keepCase: true }).root;
    const money = root.lookupType("shop.Money").encode({ cents: 5 }).finish();
    const order = Buffer.concat([
      ...[Buffer.from([0x0a, 1, 0x78, 0x12, money.length]), money],
      Buffer.from([0x1a, 2, 0x08, 60]),
    ]);
    // One index, which is 1, as zigzag varints.
    const second = await decode(framed(8, Buffer.from([2, 2]), order));
    assert.equal(second.text, '{"id": "x", "total": {"cents": "5"}, "at": {"seconds": "60"}}');
    assert.equal(second.schema, "Protobuf, schema 8");
    const first = await decode(framed(8, Buffer.from([0, 0x0a, 1, 0x79])));
    assert.equal(first.text, '{"a": "y"}');
    const nested = await decode(framed(8, Buffer.from([4, 2, 0, 0x0a, 1, 0x7a])));
    assert.equal(nested.text, '{"sku": "z"}');
    const none = await decode(framed(8, Buffer.from([2, 18, 0x0a])), { decoder: "registry" });
    assert.match(none.tried[0]?.reason ?? "", /^Protobuf, schema 8: it has no message 9$/);
  });

  it("reads JSON, and takes the schema from a header", async () => {
    const json = Buffer.from('{"n":9007199254740993}');
    assert.equal((await decode(framed(9, json))).text, '{"n":9007199254740993}');
    const guid = "8f7d2c3a-1b2c-4d5e-9f00-112233445566";
    registry.byGuid.set(guid, { schema: '"string"' });
    const value = Buffer.from(`01${guid.replaceAll("-", "")}`, "hex");
    const { text } = await decode(Buffer.from([2, 0x78]), {}, [
      { key: "__value_schema_id", value },
    ]);
    assert.equal(text, '"x"');
  });

  it("point 18: says why the registry could not help, and what reads the bytes then", async () => {
    const unknown = await decode(framed(99, Buffer.from("x")));
    assert.equal(unknown.decoder, "hex");
    assert.deepEqual(
      unknown.tried.map(({ decoder }) => decoder),
      ["registry", "gzip", "json", "xml", "text"],
    );
    const reason = (field: DecodedField): string => field.tried[0]?.reason ?? "";
    assert.match(reason(unknown), /registry at http.* has no schema 99$/);
    const wrong = await decode(framed(7, Buffer.from([1])));
    assert.equal(reason(wrong), "Avro, schema 7: it ends before the schema does");
    const chosen = { decoder: "registry" };
    const plain = await decode(Buffer.from('{"a":1}'), chosen);
    assert.match(reason(plain), /^it begins with 0x7b and not with the magic byte 0x00$/);
    assert.match(reason(await decode(Buffer.from([0]), chosen)), /1 bytes are too few/);
    registry.byId.set(10, { schema: '{"type":"nothing"}' });
    assert.match(reason(await decode(framed(10), chosen)), /nothing/);
    registry.byId.set(11, { schema: "a = b", schemaType: "XSD" });
    assert.match(reason(await decode(framed(11), chosen)), /did not answer with a schema of Avro/);
  });

  it("says who does not answer, or too much, or something else, and asks again later", async () => {
    const reason = async (): Promise<string> =>
      (await decode(framed(7, ORDER_AVRO), { decoder: "registry" })).tried[0]?.reason ?? "";
    registry.userInfo = "me:secret";
    assert.match(await reason(), /answered 401 .*: it wants to know who asks$/);
    registry.answer = (response) => response.end("<html>");
    assert.match(await reason(), /did not answer with JSON\. Is it a schema registry\?$/);
    registry.answer = (response) => response.end(Buffer.alloc(MAX_ANSWER_BYTES + 1, "x"));
    assert.match(await reason(), /more than 4194304 bytes$/);
    registry.answer = (response) => response.destroy();
    assert.match(await reason(), /cannot be asked: /);
    registry.answer = (response) => {
      response.writeHead(302, { location: "http://127.0.0.1:1/" });
      response.end();
    };
    assert.match(await reason(), /cannot be asked: .*redirect/);
    registry.answer = undefined;
    const address = { url: registry.url, userInfo: "me:secret" };
    const known = await decode(framed(7, ORDER_AVRO), { registry: address });
    assert.deepEqual(known.tried, []);
    const nobody = { url: "http://127.0.0.1:1", userInfo: undefined };
    const gone = await decode(framed(7, ORDER_AVRO), { registry: nobody });
    assert.match(gone.tried[0]?.reason ?? "", /http:\/\/127.0.0.1:1 cannot be asked: /);
  });

  it("comes to an end where schemas refer to each other", async () => {
    const self = { name: "loop.proto", subject: "loop", version: 1 };
    const loop = { schema: 'syntax = "proto3"; message A {}', schemaType: "PROTOBUF" };
    registry.byVersion.set("loop/1", { ...loop, references: [self] });
    registry.byId.set(12, { ...loop, references: [self] });
    const { tried } = await decode(framed(12, Buffer.from([0])));
    assert.match(tried[0]?.reason ?? "", /^Protobuf, schema 12: duplicate name 'A'/);
    assert.deepEqual(registry.asked, ["/schemas/ids/12", "/subjects/loop/versions/1"]);
  });

  it("asks nobody unless a registry is named and the bytes look like it", async () => {
    await decode(framed(7, ORDER_AVRO), { registry: undefined });
    await decode(Buffer.from('{"a":1}'));
    assert.deepEqual(registry.asked, []);
    const message: Message = {
      ...{ partition: 0, offset: 0, timestampMs: 0, timestampType: "create" },
      ...{ key: null, value: { bytes: framed(7), sizeBytes: 5 }, headers: [] },
    };
    const choice = { decoder: "registry", schema: undefined, registry: undefined };
    const refused = await decodeMessage("t", message, "value", choice, registries);
    assert.ok(refused.kind === "failed" && refused.code === "bad-request");
  });
});
