/** franz-go's own tests of its client, the strongest of all suites on groups and transactions. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { GoTestProgram } from "./module.ts";
import { runGoTests } from "./tests.ts";
import type { Suite, SuiteContext } from "../suite.ts";

const VERSION = "v1.22.2";
const PACKAGE = { module: "github.com/twmb/franz-go", version: VERSION, name: "pkg/kgo" };
const USER = { name: "admin", password: "admin-secret" };

const COMMON = {
  ...{ KGO_TEST_RF: "1", KGO_TEST_RECORDS: "10000", KGO_TEST_UNSAFE: "1" },
  KGO_LOG_LEVEL: "none",
};

/** Chains of consumers that produce what they consume, which join and leave all the time. */
const ETL_TESTS = ["TestTxnEtl", "TestGroupETL"];
const ETL = `^(${ETL_TESTS.join("|")})$`;
/** Those and some that need a broker for other things. */
const SOME = "^(TestTxnEtl|TestGroupETL|TestPing|TestConsumeRegex|Test848RegexBrokerResolves)$";

interface Variant {
  readonly prefix: string;
  readonly run?: string;
  readonly env: Readonly<Record<string, string>>;
}

async function run(context: SuiteContext): Promise<void> {
  const users = path.join(context.folder, "users.json");
  writeFileSync(users, JSON.stringify({ [USER.name]: { password: USER.password } }));
  const lab = await context.startLab([
    ...["--listener", "plaintext://127.0.0.1:0", "--listener", "sasl_plaintext://127.0.0.1:0"],
    ...["--listener", "ssl://127.0.0.1:0", "--users", users],
  ]);
  const { listeners, data } = lab.process.ready;
  const [plain, sasl, tls] = listeners.map(({ bootstrap }) => bootstrap);
  const scram = {
    KGO_TEST_SCRAM: `${USER.name}:${USER.password}`,
    KGO_TEST_SCRAM_SEEDS: sasl ?? "",
  };
  const variants: readonly Variant[] = [
    { prefix: "", env: scram },
    {
      prefix: "TLS: ",
      run: SOME,
      env: { KGO_SEEDS: tls ?? "", KGO_TEST_TLS: `ca:${path.join(data, "tls/ca.pem")}` },
    },
    { prefix: "connections cut at random: ", run: ETL, env: { KGO_TEST_CHAOS: "1" } },
    { prefix: "500,000 records: ", run: ETL, env: { KGO_TEST_RECORDS: "500000" } },
  ];
  for (const { prefix, run: expression, env } of variants) {
    await runGoTests(
      {
        ...{ program: new GoTestProgram(context.folder, PACKAGE), prefix, limitMinutes: 20 },
        ...(expression === undefined ? {} : { run: expression }),
        env: { ...COMMON, KGO_SEEDS: plain ?? "", ...env },
        split: ETL_TESTS,
      },
      context,
    );
  }
}

export const KGO: Suite = {
  name: "kgo",
  title: `franz-go ${VERSION}, package kgo`,
  how: "KGO_SEEDS=127.0.0.1:P KGO_TEST_RF=1 KGO_TEST_RECORDS=10000 KGO_TEST_UNSAFE=1 go test ./pkg/kgo",
  limitMinutes: 60,
  prepare: (folder) => new GoTestProgram(folder, PACKAGE).build(),
  run,
};

export const KGO_OF_THREE: Suite = {
  name: "kgo-brokers-3",
  title: `franz-go ${VERSION}, package kgo, against three brokers`,
  how: "KGO_SEEDS=127.0.0.1:P KGO_TEST_RF=3 KGO_TEST_RECORDS=10000 KGO_TEST_UNSAFE=1 go test ./pkg/kgo",
  limitMinutes: 30,
  prepare: (folder) => new GoTestProgram(folder, PACKAGE).build(),
  run: async (context) => {
    const lab = await context.startLab(["--brokers", "3"]);
    const program = new GoTestProgram(context.folder, PACKAGE);
    const env = { ...COMMON, KGO_SEEDS: lab.process.ready.bootstrap, KGO_TEST_RF: "3" };
    await runGoTests({ program, env, split: ETL_TESTS, limitMinutes: 20 }, context);
  },
};
