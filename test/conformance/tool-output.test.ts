/** What a command-line tool prints is compared line by line with what is written down for it. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { argumentsOf, compare, type ToolStep } from "./suites/jvm/tool-steps.ts";

const places = { BOOTSTRAP: "127.0.0.1:9092", FOLDER: "here" };
const step = (prints: readonly string[], more: Partial<ToolStep> = {}): ToolStep => ({
  ...{ tool: "kafka-topics", does: "lists", args: "--list FOLDER", prints },
  ...more,
});

describe("output of Kafka's tools", () => {
  it("is the same but for blanks, log lines, stack traces and what a star stands for", () => {
    const output = [
      "Topic: a\tTopicId: abc\tat 127.0.0.1:9092",
      "[main] WARN org.apache.kafka.Client - slow",
      "\tat org.apache.kafka.Tool.main(Tool.java:1)",
      "Caused by: whatever",
      "",
      "b   1",
    ].join("\n");
    const prints = ["Topic: a TopicId: * at BOOTSTRAP", "b 1"];
    assert.equal(compare(step(prints), output, places), undefined);
  });

  it("differs where a line is another, is missing or too many", () => {
    assert.equal(compare(step(["a", "b"]), "a\nc", places), 'expected "b", got "c"');
    assert.equal(compare(step(["a", "b"]), "a", places), 'expected "b", got "no more"');
    assert.equal(compare(step(["a"]), "a\nb", places), 'also printed "b"');
    assert.equal(compare(step(["a.c"]), "abc", places), 'expected "a.c", got "abc"');
  });

  it("may come in any order where a step says so", () => {
    assert.notEqual(compare(step(["b", "a"]), "a\nb", places), undefined);
    assert.equal(compare(step(["b", "a"], { anyOrder: true }), "a\nb", places), undefined);
  });

  it("is asked for with the broker's address, which some tools take elsewhere", () => {
    const address = ["--bootstrap-server", "127.0.0.1:9092"];
    assert.deepEqual(argumentsOf(step([]), places), [...address, "--list", "here"]);
    const cluster = { tool: "kafka-cluster", args: "cluster-id" } as const;
    assert.deepEqual(argumentsOf(step([], cluster), places), ["cluster-id"]);
  });
});
