import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  createsTopicsAskedFor,
  groupConfigOf,
  StaticConfigError,
  staticConfigs,
} from "../../../runtime/broker/static-config.ts";

describe("configurations that a lab is started with", () => {
  it("change nothing when there are none", () => {
    const configs = staticConfigs(new Map());
    assert.deepEqual(groupConfigOf(configs), {});
    assert.equal(createsTopicsAskedFor(configs), true);
  });

  it("are read by those whom they concern", () => {
    const configs = staticConfigs(
      new Map([
        ["auto.create.topics.enable", "false"],
        ["group.initial.rebalance.delay.ms", "3000"],
        ["group.min.session.timeout.ms", "1000"],
        ["group.consumer.session.timeout.ms", "10000"],
      ]),
    );
    assert.equal(createsTopicsAskedFor(configs), false);
    assert.deepEqual(groupConfigOf(configs), {
      minSessionTimeoutMs: 1_000,
      initialRebalanceDelayMs: 3_000,
      consumerSessionTimeoutMs: 10_000,
    });
  });

  const refused: [name: string, value: string, RegExp][] = [
    ["node.id", "2", /not started with node\.id: there are auto\.create/],
    ["no.such", "2", /not started with no\.such/],
    ["group.max.session.timeout.ms", "0", /at least 1/],
    ["group.min.session.timeout.ms", "soon", /Not a number/],
    ["auto.create.topics.enable", "no", /true or false/],
  ];
  for (const [name, value, why] of refused) {
    it(`refuse ${name}=${value}`, () => {
      assert.throws(
        () => staticConfigs(new Map([[name, value]])),
        (error) => error instanceof StaticConfigError && why.test(error.message),
      );
    });
  }
});
