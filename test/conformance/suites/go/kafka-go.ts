/** Segment's kafka-go: its tests want a broker on localhost:9092, and logins on localhost:9093. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { GoTestProgram } from "./module.ts";
import { type GoTests, runGoTests } from "./tests.ts";
import { NetworkNamespace } from "../network-namespace.ts";
import type { Suite, SuiteContext } from "../suite.ts";

const MODULE = { module: "github.com/segmentio/kafka-go", version: "v0.4.51" };
/** Packages with tests that ask a broker. */
const PACKAGES = [".", "sasl", "topics"];
/** As its docker-compose file for Kafka 4.0.0 has them. */
const USERS = {
  adminplain: { password: "admin-secret" },
  adminscram256: { password: "admin-secret-256" },
  adminscram512: { password: "admin-secret-512" },
};
/** A nil pointer of their own ends the program: they run alone, so that the others run at all. */
const PANICKING = [
  "consumer_group_commits_on_close",
  "verify_offset_committed",
  "verify_offset_committed_when_using_interval_committer",
];
/** Skipped by themselves from Kafka 3 on. */
const TRANSACTIONS =
  "^TestClient(AddOffsetsToTxn|AddPartitionsToTxn|InitProducerId|TxnOffsetCommit)$";

const programOf = (folder: string, name: string) => new GoTestProgram(folder, { ...MODULE, name });

async function run(context: SuiteContext): Promise<void> {
  const users = path.join(context.folder, "users.json");
  writeFileSync(users, JSON.stringify(USERS));
  const network = await NetworkNamespace.open();
  const { within } = network;
  const listeners = ["plaintext://localhost:9092", "sasl_plaintext://localhost:9093"];
  try {
    await context.startLab(
      [...listeners.flatMap((listener) => ["--listener", listener]), "--users", users],
      within,
    );
    const test = (more: Partial<GoTests>, name = ".", version = "4.0.0") => {
      const program = programOf(context.folder, name);
      const split = ["TestConn", "TestReaderConsumerGroup"];
      const env = { KAFKA_VERSION: version };
      return runGoTests({ program, env, within, split, limitMinutes: 15, ...more }, context);
    };
    await test({ skip: `TestReaderConsumerGroup/^(${PANICKING.join("|")})$` });
    for (const subtest of PANICKING) {
      await test({ run: `^TestReaderConsumerGroup$/^${subtest}$` });
    }
    await test({ prefix: "as for Kafka 2.8.1: ", run: TRANSACTIONS }, ".", "2.8.1");
    await test({ prefix: "sasl: " }, "sasl");
    await test({ prefix: "topics: " }, "topics");
  } finally {
    await network.dispose();
  }
}

export const KAFKA_GO: Suite = {
  name: "kafka-go",
  title: `segmentio/kafka-go ${MODULE.version}`,
  how: "KAFKA_VERSION=4.0.0 go test . ./sasl ./topics with the lab on localhost:9092 and, with logins, 9093",
  limitMinutes: 45,
  prepare: async (folder) => {
    for (const name of PACKAGES) await programOf(folder, name).build();
  },
  run,
};
