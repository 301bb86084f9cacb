import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  meaningOf,
  rangeText,
  type Translate,
  valueHints,
} from "../../../extension/editors/topic-config/config-hints.ts";
import {
  changesOf,
  configText,
  lineOf,
  nameInLine,
  parseConfigText,
} from "../../../extension/editors/topic-config/config-text.ts";
import { similarNames } from "../../../extension/editors/topic-config/similar-names.ts";
import type { TopicConfigEntry } from "../../../runtime/api/topic-admin.ts";

const t: Translate = (sentence, ...values) =>
  sentence.replaceAll(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)]));

const entry = (name: string, more: Partial<TopicConfigEntry> = {}): TopicConfigEntry => ({
  ...{ name, value: "1", defaultValue: "1", source: "default", type: "long" },
  ...{ documentation: "", readOnly: false, sensitive: false },
  ...more,
});

const CONFIGS = [
  entry("cleanup.policy", {
    ...{ type: "list", value: "delete", defaultValue: "delete", oneOf: ["compact", "delete"] },
  }),
  entry("retention.ms", { source: "topic", value: "5000", min: -1 }),
  entry("segment.ms", { source: "topic", value: "7" }),
];
const WORDS = { head: "One.\nTwo.", defaults: "Defaults." };

describe("the configuration of a topic as a document", () => {
  const parse = (text: string) => parseConfigText(text, CONFIGS);
  const changes = (text: string) => changesOf(parse(text), CONFIGS);

  it("shows what the topic sets, and the rest as comments", () => {
    const text = configText(CONFIGS, WORDS);
    const expected = [
      ...["# One.", "# Two.", "", "retention.ms=5000", "segment.ms=7", ""],
      ...["# Defaults.", "", "#cleanup.policy=delete", ""],
    ];
    assert.deepEqual(text.split("\n"), expected);
    assert.deepEqual(changes(text), []);
  });

  it("says where each name and value stands", () => {
    const { lines, faults } = parse("# c\r\n\r\n  a.b =  x=1 \r\nempty=");
    assert.deepEqual(faults, []);
    assert.deepEqual(lines, [
      { line: 2, name: "a.b", value: "x=1", nameStart: 2, valueStart: 9, end: 12 },
      { line: 3, name: "empty", value: "", nameStart: 0, valueStart: 6, end: 6 },
    ]);
    assert.equal(lineOf(parse("a=1\nb=2"), "b")?.line, 1);
  });

  it("changes what differs, and takes back what is not there any more", () => {
    assert.deepEqual(changes("retention.ms=6000\ncleanup.policy=delete"), [
      { name: "retention.ms", value: "6000" },
      { name: "cleanup.policy", value: "delete" },
      { name: "segment.ms", value: null },
    ]);
    assert.deepEqual(changes("retention.ms = 5000\nsegment.ms=7"), []);
  });

  it("marks lines that say nothing, say it twice, or may not be said", () => {
    const fixed = [
      ...CONFIGS,
      entry("fixed", { readOnly: true }),
      entry("pw", { sensitive: true }),
    ];
    const { faults } = parseConfigText("retention.ms\n a=1\na=2\nfixed=2\npw=x\nfixed=1", fixed);
    assert.deepEqual(
      faults.map(({ line, kind }) => [line, kind]),
      [
        [0, "no-value"],
        [2, "doubled"],
        [3, "read-only"],
        [4, "sensitive"],
        [5, "doubled"],
      ],
    );
  });

  it("never shows or takes back what is secret or fixed", () => {
    const secret = entry("pw", { source: "topic", sensitive: true, value: null });
    assert.match(configText([secret], WORDS), /\n#pw=\n/);
    assert.deepEqual(changesOf(parseConfigText("", [secret]), [secret]), []);
  });

  it("knows which configuration a line is about, a comment too", () => {
    assert.equal(nameInLine("#cleanup.policy=delete"), "cleanup.policy");
    assert.equal(nameInLine("  retention.ms = 5"), "retention.ms");
    assert.equal(nameInLine("retention"), "retention");
    assert.equal(nameInLine("# a sentence"), undefined);
  });
});

describe("hints about configurations", () => {
  it("offer words, and usual times and sizes within the range", () => {
    const values = (config: TopicConfigEntry) => valueHints(config, t).map(({ value }) => value);
    assert.deepEqual(values(entry("p", { oneOf: ["a", "b"] })), ["a", "b"]);
    assert.deepEqual(values(entry("f", { type: "boolean" })), ["true", "false"]);
    assert.deepEqual(values(entry("x.ms", { min: -1, max: 3_600_000 })), [
      ...["-1", "60000", "3600000"],
    ]);
    assert.deepEqual(values(entry("x.bytes", { min: 1, max: 20_000_000 })), [
      ...["1048576", "16777216"],
    ]);
    assert.deepEqual(values(entry("count")), []);
  });

  it("say what a number comes to", () => {
    const meaning = (name: string, value: string) => meaningOf(name, value, t);
    assert.equal(meaning("retention.ms", "604800000"), "7 days");
    assert.equal(meaning("retention.ms", "3600000"), "1 hour");
    assert.equal(meaning("retention.ms", "5000"), "5 seconds");
    assert.equal(meaning("retention.ms", "5001"), "");
    assert.equal(meaning("retention.ms", "-1"), "no limit");
    assert.equal(meaning("segment.bytes", "134217728"), "128 MiB");
    assert.equal(meaning("segment.bytes", "x"), "");
    assert.equal(meaning("other", "604800000"), "");
  });

  it("offer the names that a slip of the finger has missed", () => {
    const names = ["retention.ms", "retention.bytes", "segment.ms", "local.retention.ms"];
    assert.deepEqual(similarNames("retntion.ms", names), ["retention.ms"]);
    assert.deepEqual(similarNames("segmetn.ms", names), ["segment.ms"]);
    assert.deepEqual(similarNames("x", names), []);
  });

  it("say which values are taken", () => {
    assert.equal(rangeText(entry("a", { oneOf: ["x", "y"], type: "list" }), t), "any of x, y");
    assert.equal(rangeText(entry("a", { oneOf: ["x", "y"], type: "string" }), t), "one of x, y");
    assert.equal(rangeText(entry("a", { min: 1, max: 9 }), t), "1 to 9");
    assert.equal(rangeText(entry("a", { min: 0 }), t), "at least 0");
    assert.equal(rangeText(entry("a", { max: 4 }), t), "at most 4");
    assert.equal(rangeText(entry("a"), t), "");
  });
});
