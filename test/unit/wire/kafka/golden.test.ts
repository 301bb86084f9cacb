import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "mocha";
import type { Structure } from "../../../../runtime/wire/kafka/schema.ts";
import { fromKafkaJson } from "./kafka-json.ts";
import { messages, structures } from "./registry.ts";

/*
 * Lines of name, version, value as JSON, and encoding in hex, made with Apache Kafka 4.4.0's own codecs
 * (see GoldenVectors.java and cases.ts beside the file). KAFKA_VECTORS names a larger file of the kind.
 */
const file = process.env["KAFKA_VECTORS"] ?? "test/fixtures/kafka-wire/vectors.tsv";

interface Vector {
  readonly form: Structure<unknown>;
  readonly version: number;
  readonly value: Readonly<Record<string, unknown>>;
  readonly encoded: Buffer;
}

const forms = new Map<string | undefined, Structure<unknown>>(
  [...messages, ...structures].map((form) => [form.name, form]),
);

function parse(line: string): Vector {
  const [name, version, json = "", encoded = ""] = line.split("\t");
  const form = forms.get(name);
  assert.ok(form, name);
  const value = fromKafkaJson(form.members, Number(version), JSON.parse(json));
  return { form, version: Number(version), value, encoded: Buffer.from(encoded, "hex") };
}

describe("wire/kafka against Apache Kafka's codecs", () => {
  const vectors = readFileSync(file, "utf8").trimEnd().split("\n").map(parse);

  it("has vectors of every message", () => {
    assert.deepEqual(new Set(vectors.map(({ form }) => form.name)), new Set(forms.keys()));
  });

  it("encodes the same bytes", () => {
    for (const { form, version, value, encoded } of vectors) {
      const ours = Buffer.concat(form.encode(version, value)).toString("hex");
      assert.equal(ours, encoded.toString("hex"), `${form.name} v${version}`);
    }
  });

  it("decodes the same values", () => {
    for (const { form, version, value, encoded } of vectors) {
      assert.deepEqual(form.decode(encoded, 0, version), value, `${form.name} v${version}`);
    }
  });
});
