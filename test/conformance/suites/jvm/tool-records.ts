/** What the tools for records, offsets and groups say. */
import type { Tool, ToolStep } from "./tool-steps.ts";

const RECORDS = 30;
/** Where the default partitioner puts the keys k1 to k30, over three partitions. */
const ENDS = [9, 12, 9];

const step = (
  tool: Tool,
  does: string,
  args: string,
  prints: readonly string[],
  more: Partial<ToolStep> = {},
): ToolStep => ({ tool, does, args, prints, ...more });

const groups = (does: string, args: string, prints: readonly string[]): ToolStep =>
  step("kafka-consumer-groups", does, args, prints, { anyOrder: true });

const none = "Consumer group 'g' has no active members.";

function reset(by: string, offsets: readonly number[]): ToolStep {
  return groups(`resets offsets ${by}`, `--group g --topic r --reset-offsets ${by} --execute`, [
    "GROUP TOPIC PARTITION NEW-OFFSET",
    ...offsets.map((offset, index) => `g r ${index} ${offset}`),
  ]);
}

export const RECORD_STEPS: readonly ToolStep[] = [
  step("kafka-topics", "creates one for records", "--create --topic r --partitions 3", [
    "Created topic r.",
  ]),
  step(
    "kafka-console-producer",
    "sends",
    "--topic r --reader-property parse.key=true --reader-property key.separator=:",
    [],
    { input: Array.from({ length: RECORDS }, (_, index) => `k${index + 1}:v${index + 1}`) },
  ),
  step(
    "kafka-get-offsets",
    "latest",
    "--topic r",
    ENDS.map((end, index) => `r:${index}:${end}`),
  ),
  step("kafka-get-offsets", "earliest", "--topic r --time earliest", ["r:0:0", "r:1:0", "r:2:0"]),
  step("kafka-get-offsets", "after all times", "--topic r --time 9999999999999", []),
  step("kafka-get-offsets", "by time", "--topic r --time 1000", ["r:0:0", "r:1:0", "r:2:0"]),
  step("kafka-get-offsets", "of some partitions", "--topic-partitions r:1-2", ["r:1:12"]),
  step(
    "kafka-console-consumer",
    "reads from an offset",
    "--topic r --partition 0 --offset 2 --max-messages 2 --formatter-property print.offset=true --formatter-property print.key=true --formatter-property print.partition=true --formatter-property print.headers=true",
    [
      "Partition:0 Offset:2 NO_HEADERS k11 v11",
      "Partition:0 Offset:3 NO_HEADERS k12 v12",
      "Processed a total of 2 messages",
    ],
  ),
  step(
    "kafka-console-consumer",
    "reads all in a group",
    "--topic r --from-beginning --max-messages 30 --group g",
    [
      ...Array.from({ length: RECORDS }, (_, index) => `v${index + 1}`),
      "Processed a total of 30 messages",
    ],
    { anyOrder: true },
  ),
  step(
    "kafka-console-consumer",
    "reads in a group of the new protocol",
    "--topic r --from-beginning --max-messages 30 --group g848 --command-property group.protocol=consumer",
    [
      ...Array.from({ length: RECORDS }, (_, index) => `v${index + 1}`),
      "Processed a total of 30 messages",
    ],
    { anyOrder: true },
  ),
  groups("lists", "--list", ["g", "g848"]),
  groups("lists states", "--list --state", ["GROUP STATE", "g Empty", "g848 Empty"]),
  groups("lists types", "--list --type", ["GROUP TYPE", "g Classic", "g848 Consumer"]),
  step(
    "kafka-groups",
    "lists",
    "--list",
    ["GROUP TYPE PROTOCOL", "g Classic consumer", "g848 Consumer consumer"],
    {
      anyOrder: true,
    },
  ),
  groups("describes offsets", "--describe --group g", [
    none,
    "GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG CONSUMER-ID HOST CLIENT-ID",
    ...ENDS.map((end, index) => `g r ${index} ${end} ${end} 0 - - -`),
  ]),
  groups("describes members", "--describe --group g --members --verbose", [
    none,
    "GROUP CONSUMER-ID HOST CLIENT-ID #PARTITIONS CURRENT-EPOCH CURRENT-ASSIGNMENT TARGET-EPOCH TARGET-ASSIGNMENT",
  ]),
  groups("describes the state", "--describe --group g --state", [
    none,
    "GROUP COORDINATOR (ID) ASSIGNMENT-STRATEGY STATE #MEMBERS",
    "g BOOTSTRAP (1) - Empty 0",
  ]),
  groups("says what is not there", "--describe --group none", [
    "Error: Executing consumer group command failed due to org.apache.kafka.common.errors.GroupIdNotFoundException: Group none not found.",
    "java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.GroupIdNotFoundException: Group none not found.",
  ]),
  reset("--to-earliest", [0, 0, 0]),
  reset("--to-latest", ENDS),
  reset(
    "--shift-by -2",
    ENDS.map((end) => end - 2),
  ),
  reset("--shift-by -100", [0, 0, 0]),
  reset("--to-offset 1", [1, 1, 1]),
  reset("--to-offset 999", ENDS),
  reset("--to-datetime 2020-01-01T00:00:00.000", [0, 0, 0]),
  groups(
    "resets to a time that has not come",
    "--group g --topic r --reset-offsets --to-datetime 2199-01-01T00:00:00.000 --execute",
    [
      ...ENDS.map(
        (_, index) =>
          `Warn: Partition ${index} from topic r is empty. Falling back to latest known offset.`,
      ),
      "GROUP TOPIC PARTITION NEW-OFFSET",
      ...ENDS.map((end, index) => `g r ${index} ${end}`),
    ],
  ),
  reset("--by-duration PT1H", [0, 0, 0]),
  reset("--to-current", [0, 0, 0]),
  groups("tries a reset", "--group g --topic r:0,1 --reset-offsets --to-offset 1 --dry-run", [
    "GROUP TOPIC PARTITION NEW-OFFSET",
    "g r 0 1",
    "g r 1 1",
  ]),
  {
    ...groups(
      "resets from a file",
      "--group g --reset-offsets --from-file FOLDER/offsets.csv --execute",
      ["GROUP TOPIC PARTITION NEW-OFFSET", "g r 0 3", "g r 2 4"],
    ),
    file: { name: "offsets.csv", text: "r,0,3\nr,2,4\n" },
  },
  groups("exports", "--group g --topic r --reset-offsets --to-current --dry-run --export", [
    "r,0,3",
    "r,1,0",
    "r,2,4",
  ]),
  groups("checks an expression", "--validate-regex a.*", [
    "The regular expression `a.*` is valid.",
  ]),
  groups("deletes offsets", "--delete-offsets --group g --topic r:0", [
    "Request succeeded for deleting offsets from group g.",
    "TOPIC PARTITION STATUS",
    "r 0 Successful",
  ]),
  groups("deletes offsets of no group", "--delete-offsets --group none --topic r", [
    "Error: The group id does not exist.",
    "TOPIC PARTITION STATUS",
    ...[0, 1, 2].map(
      (index) =>
        `r ${index} Error: org.apache.kafka.common.errors.GroupIdNotFoundException: The group id does not exist.`,
    ),
  ]),
  groups("deletes", "--delete --group g --group g848", [
    "Deletion of requested consumer groups ('*', '*') was successful.",
  ]),
  groups("deletes what is not there", "--delete --group none", [
    "Error: Deletion of some consumer groups failed:",
    "* Group 'none' could not be deleted due to: org.apache.kafka.common.errors.GroupIdNotFoundException: *",
  ]),
  step(
    "kafka-delete-records",
    "deletes",
    "--offset-json-file FOLDER/records.json",
    [
      "Executing records delete operation",
      "Records delete operation completed:",
      "partition: r-0 low_watermark: 2",
      "partition: r-1 error: org.apache.kafka.common.errors.OffsetOutOfRangeException: *",
      "partition: r-2 low_watermark: 9",
    ],
    {
      anyOrder: true,
      file: {
        name: "records.json",
        text: JSON.stringify({
          partitions: [
            { topic: "r", partition: 0, offset: 2 },
            { topic: "r", partition: 1, offset: 5000 },
            { topic: "r", partition: 2, offset: -1 },
          ],
          version: 1,
        }),
      },
    },
  ),
  step("kafka-get-offsets", "earliest, after that", "--topic r --time -2", [
    "r:0:2",
    "r:1:0",
    "r:2:9",
  ]),
];
