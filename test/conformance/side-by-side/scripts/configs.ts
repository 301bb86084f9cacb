/** Configurations: read with source and synonyms, and altered both ways. */
import { apis } from "../apis.ts";
import type { Script, Steps } from "../script.ts";
import { askAll } from "./cases.ts";

const TOPIC = 2;
const BROKER = 4;
const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;

const of = (
  resourceType: number,
  resourceName: string,
  configurationKeys: string[] | null = null,
) => ({
  resources: [{ resourceType, resourceName, configurationKeys }],
});
const BROKER_KEYS = [
  ...[
    "auto.create.topics.enable",
    "num.partitions",
    "default.replication.factor",
    "delete.topic.enable",
  ],
  ...[
    "message.max.bytes",
    "log.retention.ms",
    "log.retention.bytes",
    "log.cleanup.policy",
    "log.roll.ms",
  ],
  ...["group.max.session.timeout.ms", "group.min.session.timeout.ms", "offsets.retention.minutes"],
  ...["transaction.max.timeout.ms", "transactional.id.expiration.ms", "producer.id.expiration.ms"],
  ...["min.insync.replicas", "compression.type", "node.id", "broker.id", "fetch.max.bytes"],
  ...[
    "group.consumer.assignors",
    "group.coordinator.rebalance.protocols",
    "socket.request.max.bytes",
  ],
];

const word = (name: string, configOperation: number, value: string | null) => ({
  name,
  configOperation,
  value,
});
const steps44 = (name: string, ...configs: ReturnType<typeof word>[]) => ({
  resources: [{ resourceType: TOPIC, resourceName: name, configs }],
  validateOnly: false,
});
const all33 = (name: string, configs: Readonly<Record<string, string | null>>) => ({
  resources: [
    {
      ...{ resourceType: TOPIC, resourceName: name },
      configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })),
    },
  ],
  validateOnly: false,
});
const dry = <T>(request: T) => ({ ...request, validateOnly: true });

/** Reads a topic's settings until one of them has become what it was made. */
function read(steps: Steps, step: string, topic: string, key: string, value: string | undefined) {
  const asked = { ...of(TOPIC, topic), includeSynonyms: true };
  return steps.eventually(step, apis.describeConfigs, 4, asked, ({ results }) => {
    const entry = results[0]?.configs.find(({ name }) => name === key);
    return value === undefined ? entry?.configSource !== 1 : entry?.value === value;
  });
}

export const describingConfigs: Script = {
  name: "DescribeConfigs",
  async run(steps) {
    await steps.topic("conf", 1, { "retention.ms": "60000", "cleanup.policy": "compact,delete" });
    await read(steps, "settled", "conf", "retention.ms", "60000");
    await askAll(steps, apis.describeConfigs, [
      { step: "topic", ask: of(TOPIC, "conf") },
      { step: "topic with synonyms", ask: { ...of(TOPIC, "conf"), includeSynonyms: true } },
      {
        step: "topic with documentation",
        ask: { ...of(TOPIC, "conf"), includeDocumentation: true },
        from: 3,
      },
      { step: "some keys", ask: of(TOPIC, "conf", ["retention.ms", "no.such", "cleanup.policy"]) },
      { step: "no keys", ask: of(TOPIC, "conf", []) },
      { step: "unknown topic", ask: of(TOPIC, "nowhere") },
      { step: "illegal topic", ask: of(TOPIC, "a b") },
      { step: "empty topic", ask: of(TOPIC, "") },
      { step: "broker", ask: { ...of(BROKER, "1", BROKER_KEYS), includeSynonyms: true } },
      { step: "all of the broker", ask: of(BROKER, "1") },
      { step: "broker default", ask: of(BROKER, "") },
      { step: "other broker", ask: of(BROKER, "2") },
      { step: "no broker", ask: of(BROKER, "x") },
      { step: "unknown type", ask: of(0, "conf") },
      { step: "type 9", ask: of(9, "conf") },
      { step: "group", ask: of(32, "some-group") },
      { step: "empty group", ask: of(32, "") },
      { step: "client metrics", ask: of(16, "x") },
      { step: "logger", ask: of(8, "1", ["root"]) },
      {
        step: "the same twice",
        ask: {
          resources: [...of(TOPIC, "conf", []).resources, ...of(TOPIC, "conf", []).resources],
        },
      },
      { step: "nothing", ask: { resources: [] } },
    ]);
  },
};

export const alteringConfigs: Script = {
  name: "IncrementalAlterConfigs and AlterConfigs",
  async run(steps) {
    await steps.topic("alter");
    const alter = apis.incrementalAlterConfigs;
    const twice = [...steps44("alter").resources, ...steps44("alter").resources];
    await askAll(steps, alter, [
      { step: "dry", ask: dry(steps44("alter", word("retention.ms", SET, "5000"))) },
      { step: "unknown key", ask: dry(steps44("alter", word("no.such", SET, "5000"))) },
      { step: "delete of unknown key", ask: dry(steps44("alter", word("no.such", DELETE, null))) },
      {
        step: "delete of what is not set",
        ask: dry(steps44("alter", word("retention.ms", DELETE, null))),
      },
      { step: "no number", ask: dry(steps44("alter", word("retention.ms", SET, "x"))) },
      { step: "out of range", ask: dry(steps44("alter", word("retention.ms", SET, "-9"))) },
      { step: "null", ask: dry(steps44("alter", word("retention.ms", SET, null))) },
      { step: "empty", ask: dry(steps44("alter", word("retention.ms", SET, ""))) },
      { step: "append to no list", ask: dry(steps44("alter", word("retention.ms", APPEND, "1"))) },
      {
        step: "append of a null",
        ask: dry(steps44("alter", word("cleanup.policy", APPEND, null))),
      },
      {
        step: "append of what is there",
        ask: dry(steps44("alter", word("cleanup.policy", APPEND, "delete"))),
      },
      {
        step: "append of nonsense",
        ask: dry(steps44("alter", word("cleanup.policy", APPEND, "keep"))),
      },
      {
        step: "subtract of what is not there",
        ask: dry(steps44("alter", word("cleanup.policy", SUBTRACT, "compact"))),
      },
      {
        step: "subtract all",
        ask: dry(steps44("alter", word("cleanup.policy", SUBTRACT, "delete"))),
      },
      { step: "unknown operation", ask: dry(steps44("alter", word("retention.ms", 9, "1"))) },
      {
        step: "key twice",
        ask: dry(steps44("alter", word("retention.ms", SET, "1"), word("retention.ms", SET, "2"))),
      },
      { step: "no keys", ask: dry(steps44("alter")) },
      {
        step: "lag of compaction",
        ask: dry(
          steps44(
            "alter",
            word("min.compaction.lag.ms", SET, "9"),
            word("max.compaction.lag.ms", SET, "5"),
          ),
        ),
      },
      { step: "resource twice", ask: { resources: twice, validateOnly: true } },
      { step: "unknown topic", ask: dry(steps44("nowhere", word("retention.ms", SET, "1"))) },
      { step: "illegal topic", ask: dry(steps44("a b", word("retention.ms", SET, "1"))) },
      {
        step: "unknown type",
        ask: {
          resources: [{ resourceType: 9, resourceName: "x", configs: [] }],
          validateOnly: true,
        },
      },
      {
        step: "other broker",
        ask: {
          resources: [
            {
              resourceType: BROKER,
              resourceName: "2",
              configs: [word("log.retention.ms", SET, "1")],
            },
          ],
          validateOnly: true,
        },
      },
      {
        step: "no broker",
        ask: {
          resources: [{ resourceType: BROKER, resourceName: "x", configs: [] }],
          validateOnly: true,
        },
      },
      {
        step: "read-only of the broker",
        ask: {
          resources: [
            { resourceType: BROKER, resourceName: "1", configs: [word("node.id", SET, "5")] },
          ],
          validateOnly: true,
        },
      },
      { step: "nothing", ask: { resources: [], validateOnly: true } },
    ]);
    await steps.ask(
      "set",
      alter,
      1,
      steps44(
        "alter",
        word("retention.ms", SET, "5000"),
        word("cleanup.policy", APPEND, "compact"),
      ),
    );
    await read(steps, "after set", "alter", "retention.ms", "5000");
    await steps.ask(
      "subtract",
      alter,
      1,
      steps44("alter", word("cleanup.policy", SUBTRACT, "delete")),
    );
    await read(steps, "after subtract", "alter", "cleanup.policy", "compact");
    await steps.ask("delete", alter, 1, steps44("alter", word("retention.ms", DELETE, null)));
    await read(steps, "after delete", "alter", "retention.ms", undefined);
    await askAll(steps, apis.alterConfigs, [
      { step: "dry", ask: dry(all33("alter", { "retention.ms": "1000" })) },
      { step: "unknown key", ask: dry(all33("alter", { "no.such": "1000" })) },
      { step: "no number", ask: dry(all33("alter", { "retention.ms": "x" })) },
      { step: "null", ask: dry(all33("alter", { "retention.ms": null })) },
      { step: "unknown topic", ask: dry(all33("nowhere", { "retention.ms": "1" })) },
      { step: "illegal topic", ask: dry(all33("a b", { "retention.ms": "1" })) },
      { step: "nothing", ask: { resources: [], validateOnly: true } },
      { step: "replaced", ask: all33("alter", { "retention.ms": "7000" }) },
    ]);
    await read(steps, "after replace", "alter", "retention.ms", "7000");
  },
};
