/** Further system test programs of Kafka Streams: foreign-key joins, standby tasks, compatibility of brokers. */
import assert from "node:assert/strict";
import { createTopic } from "../../wire-client.ts";
import type { JavaProgram } from "./java-program.ts";
import type { JvmCase, Scene } from "./scene.ts";

const TESTS = "org.apache.kafka.streams.tests";
const LIMIT_MS = 240_000;
const RELATIONAL_LIMIT_MS = 700_000;
/** The program says with its logger how far it is. */
const TALKATIVE = [`-Dorg.slf4j.simpleLogger.log.${TESTS}=info`];

type Signal = "SIGTERM" | "SIGKILL";

/** Articles and their comments are joined by foreign key while the applications are ended one by one. */
async function relational(scene: Scene, signal: Signal, killsLab: boolean): Promise<void> {
  const topics = { "in-article": 3, "in-comment": 5, "out-augmented-article": 3 };
  for (const [topic, partitions] of Object.entries(topics)) {
    await createTopic(scene.bootstrap, topic, partitions);
  }
  await createTopic(scene.bootstrap, "out-augmented-comment", 5);
  const start = (mode: string, node: string): JavaProgram => {
    const guarantee = "exactly_once_v2";
    const state = `${scene.folder}/${node}`;
    const args = [mode, scene.bootstrap, node, guarantee, "classic", state];
    return scene.start(node, `${TESTS}.RelationalSmokeTest`, args, { jvm: TALKATIVE });
  };
  const first = start("application", "application-1");
  const second = start("application", "application-2");
  for (const each of [first, second]) await each.line(/Streams has started/, LIMIT_MS);
  const driver = start("driver", "driver");
  await first.stop(signal, LIMIT_MS);
  if (killsLab) await scene.restartLab();
  const third = start("application", "application-3");
  await third.line(/Streams has started/, LIMIT_MS);
  if (killsLab) await scene.restartLab();
  await second.stop(signal, LIMIT_MS);
  const result = await driver.line(/Smoke test complete/, RELATIONAL_LIMIT_MS);
  assert.match(result, /Smoke test complete: passed/);
}

const TASKS = (active: number, standby: string): RegExp =>
  new RegExp(`ACTIVE_TASKS:${active} STANDBY_TASKS:${standby}`);

/** Tasks and their standbys are shared out as clients come and go. */
async function standby(scene: Scene): Promise<void> {
  await createTopic(scene.bootstrap, "source", 6);
  for (const topic of ["sink-1", "sink-2"]) await createTopic(scene.bootstrap, topic, 1);
  const assignor = `org.apache.kafka.streams.processor.internals.assignment.LegacyStickyTaskAssignor`;
  const configs = [
    ...["consumer.max.poll.interval.ms=50000", "producer.retries=2"],
    ...["producer.request.timeout.ms=15000", "producer.max.block.ms=30000"],
    ...["sourceTopic=source", "sinkTopic1=sink-1", "sinkTopic2=sink-2"],
    `internal.task.assignor.class=${assignor}`,
  ].join(",");
  const start = (name: string): JavaProgram => {
    const file = scene.properties(`${name}.properties`, {
      "bootstrap.servers": scene.bootstrap,
      "application.id": "kafka-streams-standby-tasks",
      "state.dir": `${scene.folder}/${name}`,
      "acceptable.recovery.lag": "9223372036854775807",
      "session.timeout.ms": 10_000,
      "replication.factor": 1,
    });
    return scene.start(name, `${TESTS}.StreamsStandByReplicaTest`, [file, configs]);
  };
  const producer = scene.start("producer", "org.apache.kafka.tools.VerifiableProducer", [
    ...["--bootstrap-server", scene.bootstrap, "--topic", "source", "--max-messages", "60000"],
    ...["--throughput", "1000", "--acks", "-1", "--repeating-keys", "6"],
  ]);
  const first = start("first");
  await first.line(TASKS(6, "0"), LIMIT_MS);
  const second = start("second");
  for (const each of [first, second]) await each.line(TASKS(3, "3"), LIMIT_MS);
  const third = start("third");
  for (const each of [first, second, third]) await each.line(TASKS(2, "[1-3]"), LIMIT_MS);
  const marks = [second.mark, third.mark];
  await first.stop("SIGTERM", LIMIT_MS);
  for (const [index, each] of [second, third].entries()) {
    await each.line(TASKS(3, "3"), LIMIT_MS, marks[index] ?? 0);
  }
  const mark = third.mark;
  await second.stop("SIGKILL", LIMIT_MS);
  await third.line(TASKS(6, "0"), LIMIT_MS, mark);
  const last = third.mark;
  const again = start("second");
  await again.line(TASKS(3, "3"), LIMIT_MS);
  await third.line(TASKS(3, "3"), LIMIT_MS, last);
  await producer.end(LIMIT_MS);
  assert.match(producer.output, /"sent":60000,"acked":60000/);
}

async function compatibility(scene: Scene, guarantee: string): Promise<void> {
  for (const topic of ["brokerCompatibilitySourceTopic", "brokerCompatibilitySinkTopic"]) {
    await createTopic(scene.bootstrap, topic, 1);
  }
  const file = scene.properties("application.properties", {
    "bootstrap.servers": scene.bootstrap,
    "state.dir": `${scene.folder}/state`,
    "replication.factor": 1,
  });
  const main = `${TESTS}.BrokerCompatibilityTest`;
  const program = scene.start("application", main, [file, guarantee]);
  assert.equal(await program.end(LIMIT_MS), 0);
  assert.match(program.output, /close Kafka Streams/);
  assert.doesNotMatch(program.output, /FATAL|exception occurred/);
}

export const OTHER_CASES: readonly JvmCase[] = [
  ...["at_least_once", "exactly_once_v2"].map((guarantee) => ({
    name: `broker compatibility test, ${guarantee}`,
    run: (scene: Scene) => compatibility(scene, guarantee),
  })),
  { name: "standby replica test", run: standby },
  {
    name: "relational smoke test, clients stopped",
    run: (scene) => relational(scene, "SIGTERM", false),
  },
  {
    name: "relational smoke test, clients and lab killed",
    run: (scene) => relational(scene, "SIGKILL", true),
  },
];
