import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { BROKER_CONFIGS } from "../../../runtime/broker/broker-config.ts";
import { type ConfigSpec, configFault } from "../../../runtime/broker/config-spec.ts";
import {
  TOPIC_CONFIGS,
  topicConfigFault,
  topicSettings,
} from "../../../runtime/broker/topic-config.ts";
import { collisionForm, topicNameFault } from "../../../runtime/broker/topic-name.ts";

describe("topic names", () => {
  it("accepts what Kafka accepts", () => {
    for (const name of ["a", "A.b_c-9", "...", "_", "x".repeat(249)]) {
      assert.equal(topicNameFault(name), undefined, name);
    }
  });

  it("refuses what Kafka refuses, and what is no name of a folder", () => {
    for (const name of ["", ".", "..", "a b", "ä", "a/b", "a\\b", "a:b", "a\0", "x".repeat(250)]) {
      assert.notEqual(topicNameFault(name), undefined, JSON.stringify(name));
    }
  });

  it("knows which names collide", () => {
    assert.equal(collisionForm("a.b_c", false), collisionForm("a_b.c", false));
    assert.notEqual(collisionForm("a.b", false), collisionForm("a-b", false));
    assert.notEqual(collisionForm("A", false), collisionForm("a", false));
    assert.equal(collisionForm("A", true), collisionForm("a", true));
  });
});

describe("configuration values", () => {
  const int: ConfigSpec = { name: "n", type: "int", defaultValue: "1", min: 1, max: 5 };
  const list: ConfigSpec = { name: "l", type: "list", defaultValue: "", oneOf: ["a", "b"] };
  const cases: [ConfigSpec, string, boolean][] = [
    [int, "1", true],
    [int, "5", true],
    [int, "0", false],
    [int, "6", false],
    [int, "", false],
    [int, "1.5", false],
    [int, "0x1", false],
    [{ name: "n", type: "int", defaultValue: "1" }, "2147483648", false],
    [list, "", true],
    [list, "a, b", true],
    [list, "a,c", false],
    [{ ...list, type: "string" }, "a", true],
    [{ ...list, type: "string" }, "a,b", false],
    [{ ...int, type: "boolean" }, "true", true],
    [{ ...int, type: "boolean" }, "yes", false],
    [{ ...int, type: "double" }, "1.5", true],
  ];
  for (const [spec, value, sound] of cases) {
    it(`${sound ? "accepts" : "refuses"} ${spec.type} ${JSON.stringify(value)}`, () => {
      assert.equal(configFault(spec, value) === undefined, sound);
    });
  }

  it("has defaults that are themselves acceptable, in order of name", () => {
    for (const specs of [TOPIC_CONFIGS, BROKER_CONFIGS]) {
      for (const spec of specs) assert.equal(configFault(spec, spec.defaultValue), undefined);
      const names = specs.map(({ name }) => name);
      assert.deepEqual(names, [...new Set(names)].sort());
    }
  });

  it("names the config that is wrong", () => {
    assert.match(topicConfigFault({ "no.such": "1" }) ?? "", /no\.such/);
    assert.match(topicConfigFault({ "segment.ms": "0" }) ?? "", /segment\.ms.*at least 1/);
    assert.equal(topicConfigFault({ "segment.ms": "1" }), undefined);
  });

  it("turns overrides into settings, and keeps what a compacted topic must not delete", () => {
    const settings = topicSettings({ "cleanup.policy": "compact", "retention.ms": "1" });
    assert.equal(settings.compacted, true);
    assert.equal(settings.log.retentionMs, -1);
    assert.equal(topicSettings({ "retention.ms": "1" }).log.retentionMs, 1);
    assert.equal(topicSettings({}).log.maxMessageBytes, 1_048_588);
  });
});
