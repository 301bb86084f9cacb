/**
 * Admin clients against the lab as users get it: librdkafka's, see clients/admin.py for what it asks, and
 * franz-go's kadm, see clients/go/admin.go.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { after, before, describe, it } from "mocha";
import { skip } from "../support/skip.ts";
import { compileGo, GO_BUILD_LIMIT_MS, goMissing } from "./clients.ts";
import { LabUnderTest } from "./lab-under-test.ts";

const LIMIT_MS = 60_000;
const python = process.env["PYTHON"] ?? "";
const missing = process.env["PYTHON_MISSING"] || "PYTHON is not set";

/** Step by step, what the program saw. */
const EXPECTED = {
  altered: { "retention.ms": ["60000", 1], "cleanup.policy": ["delete,compact", 1] },
  takenBack: { "retention.ms": ["604800000", 5], "cleanup.policy": ["delete", 5] },
  replaced: { "segment.ms": ["1000", 1] },
  refused: [40, 3],
  deletedTo: 4,
  deletedOutside: 1,
  deletedAll: 10,
  offsets: { earliest: 4, latest: 10, maxTimestamp: 9, byTime: 5 },
  groups: ["admin-group"],
  members: [[0, 1]],
  committed: 7,
  alteredOffset: 5,
  deletedGroup: 0,
  cluster: [1, 1],
};

/** The same of Apache Kafka 4.4.0. */
const EXPECTED_OF_KADM = {
  topics: [36, 38, 0],
  listed: ["admin-topic"],
  partitions: 3,
  altered: [
    [0, 40, 3],
    ["60000", "DYNAMIC_TOPIC_CONFIG"],
  ],
  replaced: [0, ["604800000", "DEFAULT_CONFIG"]],
  brokerConfigs: true,
  deleted: [4, 1],
  offsets: [4, 10, 10, 9, 5],
  sizeKnown: true,
  producers: 1,
  group: [["admin-group"], "Stable", [0, 1, 2], 0],
  groupEnd: [68, 5, false, 0],
  transaction: [["admin-transaction"], "Ongoing", 1],
  isAborted: true,
  cluster: [1, 1, 1],
  versions: 0,
};

describe("confluent-kafka's AdminClient", () => {
  let lab: LabUnderTest;

  before(async function () {
    if (python === "") skip(this, missing);
    lab = await LabUnderTest.start();
  });
  after(() => lab?.dispose());

  it("alters and describes configs, deletes records, lists offsets, describes and deletes groups", async () => {
    const args = ["test/conformance/clients/admin.py", lab.bootstrap];
    const { stdout } = await promisify(execFile)(python, args, { timeout: LIMIT_MS });
    assert.deepEqual(JSON.parse(stdout), EXPECTED);
  });
});

describe("franz-go's kadm", () => {
  let lab: LabUnderTest;
  let program: string;

  before(async function () {
    if (goMissing !== undefined) skip(this, goMissing);
    this.timeout(GO_BUILD_LIMIT_MS);
    program = await compileGo();
    lab = await LabUnderTest.start();
  });
  after(() => lab?.dispose());

  it("looks after topics, configs, records, groups and transactions", async () => {
    const { stdout } = await promisify(execFile)(program, ["admin", lab.bootstrap], {
      timeout: LIMIT_MS,
    });
    assert.deepEqual(JSON.parse(stdout), EXPECTED_OF_KADM);
  });
});
