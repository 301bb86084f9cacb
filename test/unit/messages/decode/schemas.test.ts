import assert from "node:assert/strict";
import avro from "avsc";
import { describe, it } from "mocha";
import protobuf from "protobufjs";
import { avroDecoder } from "../../../../runtime/messages/decode/avro.ts";
import { type Decoder, SchemaFault } from "../../../../runtime/messages/decode/decoder.ts";
import { findDecoder } from "../../../../runtime/messages/decode/find-decoder.ts";
import { protobufDecoder } from "../../../../runtime/messages/decode/protobuf.ts";

const ORDER_AVSC = JSON.stringify({
  ...{ type: "record", name: "Order", namespace: "shop" },
  fields: [
    { name: "id", type: "long" },
    { name: "name", type: ["null", "string"] },
    { name: "tags", type: { type: "array", items: "string" } },
    { name: "state", type: { type: "enum", name: "State", symbols: ["NEW", "PAID"] } },
    { name: "raw", type: "bytes" },
  ],
});

const ORDER_PROTO = `
syntax = "proto3";
package shop;
message Order {
  int64 id = 1;
  string name = 2;
  repeated string tags = 3;
  State state = 4;
  message Line { string sku = 1; double price = 2; }
  repeated Line lines = 5;
}
message Other { bool flag = 1; }
enum State { NEW = 0; PAID = 1; }
`;

function text(decoder: Decoder, bytes: Uint8Array): string {
  const result = decoder.decode(Buffer.from(bytes));
  return result.kind === "decoded" ? result.text : `cannot: ${result.reason}`;
}

describe("decoding by schema", () => {
  it("reads Avro, 64-bit integers exactly", () => {
    // The zigzag varint of 2^53 + 1, null, one tag, PAID, two bytes.
    const bytes = Buffer.from(
      "828080808080802000" + "02" + "0478" + "79" + "00" + "02" + "0401ff",
      "hex",
    );
    const expected =
      '{"id": 9007199254740993, "name": null, "tags": ["xy"], "state": "PAID", "raw": "01ff"}';
    assert.equal(text(avroDecoder(ORDER_AVSC), bytes), expected);
    const plain = avro.Type.forSchema(JSON.parse(ORDER_AVSC)).toBuffer({
      ...{ id: 7, name: "Åsa", tags: [], state: "NEW", raw: Buffer.alloc(0) },
    });
    assert.equal(
      text(avroDecoder(ORDER_AVSC), plain),
      '{"id": 7, "name": "Åsa", "tags": [], "state": "NEW", "raw": ""}',
    );
  });

  it("says why bytes are not of the schema", () => {
    const decoder = avroDecoder(ORDER_AVSC);
    assert.equal(text(decoder, Buffer.from([2])), "cannot: it ends before the schema does");
    assert.match(text(decoder, Buffer.from([2, 9, 9])), /^cannot: /);
    assert.equal(text(avroDecoder('"long"'), Buffer.from([2, 2])), "cannot: trailing data");
  });

  it("reads Protobuf, by the first message or by name", () => {
    const { root } = protobuf.parse(ORDER_PROTO, { keepCase: true });
    const order = root.lookupType("shop.Order").encode({
      ...{ id: "9007199254740993", name: "Åsa", tags: ["x", "y"], state: 1 },
      lines: [{ sku: "a", price: 9.5 }],
    });
    assert.equal(
      text(protobufDecoder(ORDER_PROTO), order.finish()),
      '{"id": "9007199254740993", "name": "Åsa", "tags": ["x", "y"], "state": "PAID", "lines": [{"sku": "a", "price": 9.5}]}',
    );
    const other = root.lookupType("shop.Other").encode({ flag: true }).finish();
    assert.equal(
      text(protobufDecoder(ORDER_PROTO, { name: "shop.Other" }), other),
      '{"flag": true}',
    );
    assert.match(text(protobufDecoder(ORDER_PROTO), Buffer.from([0x0a, 0x20])), /^cannot: /);
  });

  it("is found by its id, with a schema where it needs one", () => {
    const kind = (id: string, schema?: string) => findDecoder(id, schema).kind;
    assert.deepEqual([kind("json"), kind("avro", ORDER_AVSC)], ["decoder", "decoder"]);
    const message = (id: string, schema?: string): string => {
      const found = findDecoder(id, schema);
      return found.kind === "refused" ? found.message : "";
    };
    assert.match(message("avro"), /needs a schema/);
    assert.match(message("protobuf", "nothing"), /schema cannot be used: illegal token/);
    assert.match(message("constructor"), /no decoder constructor; use json, .*, protobuf/);
  });

  it("says what is wrong with a schema", () => {
    const faults: readonly [() => Decoder, RegExp][] = [
      [() => avroDecoder("{"), /JSON/],
      [() => avroDecoder("1"), /an object, a list or the name of a type/],
      [() => avroDecoder('{"type":"record","name":"A"}'), /fields/],
      [() => avroDecoder('"Unknown"'), /Unknown/],
      [() => protobufDecoder("message {"), /illegal type name/],
      [() => protobufDecoder('syntax = "proto3";'), /no message/],
      [() => protobufDecoder(ORDER_PROTO, { name: "shop.Nobody" }), /no message shop\.Nobody/],
      [() => protobufDecoder("message A { Missing x = 1; }"), /no such|Missing/],
    ];
    for (const [make, expected] of faults) {
      assert.throws(make, (error) => error instanceof SchemaFault && expected.test(error.message));
    }
  });
});
