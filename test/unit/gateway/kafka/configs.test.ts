import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { TOPIC_CONFIGS } from "../../../../runtime/broker/topic-config.ts";
import { TOPIC_CONFIG_TEXTS } from "../../../../runtime/broker/config-texts.ts";
import { KAFKA_ERRORS } from "../../../../runtime/wire/kafka/errors.ts";
import {
  DescribeConfigsRequest,
  DescribeConfigsResponse,
} from "../../../../runtime/wire/kafka/messages/32-describe-configs.ts";
import {
  AlterConfigsRequest,
  AlterConfigsResponse,
} from "../../../../runtime/wire/kafka/messages/33-alter-configs.ts";
import {
  IncrementalAlterConfigsRequest,
  IncrementalAlterConfigsResponse,
} from "../../../../runtime/wire/kafka/messages/44-incremental-alter-configs.ts";
import { RawClient, startGateway, type TestGateway } from "../../../support/kafka-gateway.ts";
import { batchOf, produce } from "./support.ts";

const TOPIC = 2;
const BROKER = 4;
const [SET, DELETE, APPEND, SUBTRACT] = [0, 1, 2, 3];

type Step = readonly [name: string, operation: number | undefined, value: string | null];

describe("gateway: configs", () => {
  let gateway: TestGateway;
  let client: RawClient;

  before(async () => {
    gateway = await startGateway();
    client = await RawClient.connect(gateway.server.port);
    await gateway.broker.createTopic({ name: "set" });
  });
  after(async () => {
    client.close();
    await gateway.stop();
  });

  const resource = (resourceName: string, steps: readonly Step[], resourceType = TOPIC) => ({
    resourceType,
    resourceName,
    configs: steps.map(([name, configOperation = SET, value]) => ({
      name,
      configOperation: configOperation ?? 0,
      value,
    })),
  });

  async function step(steps: readonly Step[], name = "set", type = TOPIC, validateOnly = false) {
    const request = { resources: [resource(name, steps, type)], validateOnly };
    const { responses } = await client.ask(
      IncrementalAlterConfigsRequest,
      IncrementalAlterConfigsResponse,
      1,
      request,
    );
    return responses[0]?.errorCode;
  }

  async function replace(values: Record<string, string | null>, version = 2) {
    const configs = Object.entries(values).map(([name, value]) => ({ name, value }));
    const resources = [{ resourceType: TOPIC, resourceName: "set", configs }];
    const request = { resources, validateOnly: false };
    const answer = await client.ask(AlterConfigsRequest, AlterConfigsResponse, version, request);
    return answer.responses[0]?.errorCode;
  }

  async function read(name: string, resourceName = "set", resourceType = TOPIC) {
    const resources = [{ resourceType, resourceName, configurationKeys: [name] }];
    const request = { resources, includeSynonyms: true, includeDocumentation: true };
    const answer = await client.ask(DescribeConfigsRequest, DescribeConfigsResponse, 4, request);
    return answer.results[0]?.configs[0];
  }

  it("sets a value, shows it as the topic's own, and takes it back", async () => {
    assert.equal(await step([["retention.ms", SET, "1000"]]), KAFKA_ERRORS.NONE);
    const set = await read("retention.ms");
    assert.deepEqual([set?.value, set?.configSource], ["1000", 1]);
    assert.equal(gateway.broker.partition("set", 0)?.log.config.retentionMs, 1_000);
    assert.equal(await step([["retention.ms", DELETE, null]]), KAFKA_ERRORS.NONE);
    const unset = await read("retention.ms");
    assert.deepEqual([unset?.value, unset?.configSource], ["604800000", 5]);
    assert.equal(gateway.broker.partition("set", 0)?.log.config.retentionMs, 604_800_000);
  });

  it("appends to and subtracts from lists", async () => {
    const policy = async () => (await read("cleanup.policy"))?.value;
    assert.equal(await step([["cleanup.policy", APPEND, "compact,delete"]]), KAFKA_ERRORS.NONE);
    assert.equal(await policy(), "delete,compact");
    assert.equal(await step([["cleanup.policy", SUBTRACT, "delete"]]), KAFKA_ERRORS.NONE);
    assert.equal(await policy(), "compact");
    assert.equal(gateway.broker.topic("set")?.settings.compacted, true);
    assert.equal(await step([["cleanup.policy", DELETE, null]]), KAFKA_ERRORS.NONE);
    assert.equal(await policy(), "delete");
  });

  it("holds the next record to the new settings", async () => {
    await step([["max.message.bytes", SET, "70"]]);
    const refused = await produce(client, "set", batchOf(["much too long a value"]));
    assert.equal(refused.errorCode, KAFKA_ERRORS.MESSAGE_TOO_LARGE);
    await step([["max.message.bytes", DELETE, null]]);
    assert.equal((await produce(client, "set", batchOf(["value"]))).errorCode, KAFKA_ERRORS.NONE);
  });

  it("changes nothing when it is asked to validate only", async () => {
    assert.equal(await step([["retention.ms", SET, "5"]], "set", TOPIC, true), KAFKA_ERRORS.NONE);
    assert.equal((await read("retention.ms"))?.configSource, 5);
  });

  const refusals: [string, readonly Step[], string, number, keyof typeof KAFKA_ERRORS][] = [
    ["an unknown name", [["no.such", SET, "1"]], "set", TOPIC, "INVALID_CONFIG"],
    ["a name of the prototype", [["__proto__", SET, "1"]], "set", TOPIC, "INVALID_CONFIG"],
    ["a value out of range", [["retention.ms", SET, "-2"]], "set", TOPIC, "INVALID_CONFIG"],
    ["appending to a number", [["retention.ms", APPEND, "1"]], "set", TOPIC, "INVALID_CONFIG"],
    [
      "lags that contradict",
      [
        ["min.compaction.lag.ms", SET, "10"],
        ["max.compaction.lag.ms", SET, "9"],
      ],
      "set",
      TOPIC,
      "INVALID_CONFIG",
    ],
    ["no value", [["retention.ms", SET, null]], "set", TOPIC, "INVALID_REQUEST"],
    ["an operation that is none", [["retention.ms", 9, "1"]], "set", TOPIC, "INVALID_REQUEST"],
    [
      "a name twice",
      [
        ["retention.ms", SET, "1"],
        ["retention.ms", DELETE, null],
      ],
      "set",
      TOPIC,
      "INVALID_REQUEST",
    ],
    ["no such topic", [], "nowhere", TOPIC, "UNKNOWN_TOPIC_OR_PARTITION"],
    ["no topic name", [], "", TOPIC, "INVALID_TOPIC_EXCEPTION"],
    ["another broker", [], "7", BROKER, "INVALID_REQUEST"],
    ["a broker setting", [["num.partitions", SET, "3"]], "1", BROKER, "INVALID_REQUEST"],
    ["a broker setting as it is", [["num.partitions", SET, "1"]], "1", BROKER, "NONE"],
    ["a broker setting taken back", [["num.partitions", DELETE, null]], "", BROKER, "NONE"],
    ["a kind without configuration", [], "group", 32, "INVALID_REQUEST"],
  ];
  for (const [what, steps, name, type, error] of refusals) {
    it(`answers ${error} to ${what}`, async () => {
      assert.equal(await step(steps, name, type), KAFKA_ERRORS[error]);
    });
  }

  it("refuses a resource that is named twice, and does the others", async () => {
    await gateway.broker.createTopic({ name: "other" });
    const set = (name: string) => resource(name, [["retention.ms", SET, "7"]]);
    const resources = [set("set"), set("other"), set("set")];
    const { responses } = await client.ask(
      IncrementalAlterConfigsRequest,
      IncrementalAlterConfigsResponse,
      0,
      { resources, validateOnly: false },
    );
    assert.deepEqual(
      responses.map(({ resourceName, errorCode }) => [resourceName, errorCode]),
      [
        ["set", KAFKA_ERRORS.INVALID_REQUEST],
        ["other", KAFKA_ERRORS.NONE],
        ["set", KAFKA_ERRORS.INVALID_REQUEST],
      ],
    );
    assert.equal((await read("retention.ms", "other"))?.value, "7");
    assert.equal((await read("retention.ms"))?.configSource, 5);
  });

  it("replaces all values with AlterConfigs", async () => {
    assert.equal(await replace({ "retention.ms": "1", "segment.ms": "2" }, 0), KAFKA_ERRORS.NONE);
    assert.equal(await replace({ "segment.ms": "3" }), KAFKA_ERRORS.NONE);
    assert.deepEqual(gateway.broker.topic("set")?.overrides, { "segment.ms": "3" });
    assert.equal(await replace({ "segment.ms": null }), KAFKA_ERRORS.INVALID_REQUEST);
    assert.equal(await replace({ "no.such": "3" }), KAFKA_ERRORS.INVALID_CONFIG);
    assert.deepEqual(gateway.broker.topic("set")?.overrides, { "segment.ms": "3" });
  });

  it("documents every setting of topics and of the broker", async () => {
    assert.deepEqual(
      [...TOPIC_CONFIG_TEXTS.keys()],
      TOPIC_CONFIGS.map(({ name }) => name),
    );
    assert.match((await read("retention.ms"))?.documentation ?? "", /keeps them/);
    for (const name of ["num.partitions", "log.retention.ms"]) {
      assert.notEqual((await read(name, "1", BROKER))?.documentation ?? "", "", name);
    }
  });
});
