/** Kafka's command-line tools, and how a step with one of them is written down and compared. */

const TOOLS = {
  "kafka-topics": "org.apache.kafka.tools.TopicCommand",
  "kafka-configs": "kafka.admin.ConfigCommand",
  "kafka-consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
  "kafka-groups": "org.apache.kafka.tools.GroupsCommand",
  "kafka-get-offsets": "org.apache.kafka.tools.GetOffsetShell",
  "kafka-delete-records": "org.apache.kafka.tools.DeleteRecordsCommand",
  "kafka-transactions": "org.apache.kafka.tools.TransactionsCommand",
  "kafka-leader-election": "org.apache.kafka.tools.LeaderElectionCommand",
  "kafka-log-dirs": "org.apache.kafka.tools.LogDirsCommand",
  "kafka-features": "org.apache.kafka.tools.FeatureCommand",
  "kafka-metadata-quorum": "org.apache.kafka.tools.MetadataQuorumCommand",
  "kafka-cluster": "org.apache.kafka.tools.ClusterTool",
  "kafka-broker-api-versions": "org.apache.kafka.tools.BrokerApiVersionsCommand",
  "kafka-reassign-partitions": "org.apache.kafka.tools.reassign.ReassignPartitionsCommand",
  "kafka-acls": "org.apache.kafka.tools.AclCommand",
  "kafka-client-metrics": "org.apache.kafka.tools.ClientMetricsCommand",
  "kafka-console-producer": "org.apache.kafka.tools.ConsoleProducer",
  "kafka-console-consumer": "org.apache.kafka.tools.consumer.ConsoleConsumer",
  "kafka-dump-log": "org.apache.kafka.tools.DumpLogSegments",
  "kafka-producer-perf-test": "org.apache.kafka.tools.ProducerPerformance",
  "kafka-consumer-perf-test": "org.apache.kafka.tools.ConsumerPerformance",
  "kafka-e2e-latency": "org.apache.kafka.tools.EndToEndLatency",
  "kafka-streams-application-reset": "org.apache.kafka.tools.StreamsResetter",
} as const;

export type Tool = keyof typeof TOOLS;

export interface ToolStep {
  readonly tool: Tool;
  readonly does: string;
  /** After `--bootstrap-server`; BOOTSTRAP and FOLDER stand for the lab's address and a folder of the run. */
  readonly args: string;
  /** What it reads from stdin. */
  readonly input?: readonly string[];
  /** A file of the run's folder that is written first. */
  readonly file?: { readonly name: string; readonly text: string };
  /**
   * All lines it is to print but log lines and stack traces, with blanks made one: `*` is anything within
   * a line, BOOTSTRAP and FOLDER as above.
   */
  readonly prints: readonly string[];
  /** Its lines may come in any order. */
  readonly anyOrder?: boolean;
}

export const mainClass = (tool: Tool): string => TOOLS[tool];

/** Tools that take the broker's address at another place, or none. */
const PLACES_ADDRESS_ITSELF: ReadonlySet<Tool> = new Set([
  "kafka-cluster",
  "kafka-dump-log",
  "kafka-producer-perf-test",
]);

/** What stands for something in the arguments and in what is printed. */
export type Places = Readonly<Record<"BOOTSTRAP" | "FOLDER", string>>;

export const fillIn = (text: string, places: Places): string =>
  text.replaceAll("BOOTSTRAP", places.BOOTSTRAP).replaceAll("FOLDER", places.FOLDER);

export function argumentsOf({ tool, args }: ToolStep, places: Places): string[] {
  const address = PLACES_ADDRESS_ITSELF.has(tool) ? "" : "--bootstrap-server BOOTSTRAP ";
  return fillIn(address + args, places).split(" ");
}

const oneBlank = (line: string): string => line.trim().replaceAll(/\s+/g, " ");
/** What a logger writes, and where an error came from. */
const NOISE = /^\[[^\]]+\] (WARN|ERROR|INFO) |^(at |\.\.\. \d+ more|Suppressed:|Caused by:)|^$/;
/** The client's advice to try the new group protocol. */
const ADVICE = /^The consumer rebalance protocol \(KIP-848\) is production-ready/;

/** The lines that count. */
export const linesOf = (output: string): string[] =>
  output
    .split("\n")
    .map(oneBlank)
    .filter((line) => !NOISE.test(line) && !ADVICE.test(line));

function matches(line: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(line);
}

/** What is wrong with the output; undefined when it is as it should be. */
export function compare(step: ToolStep, output: string, places: Places): string | undefined {
  const expected = step.prints.map((line) => oneBlank(fillIn(line, places)));
  const actual = linesOf(output);
  if (step.anyOrder === true) {
    expected.sort();
    actual.sort();
  }
  const at = expected.findIndex((pattern, index) => {
    const line = actual[index];
    return line === undefined || !matches(line, pattern);
  });
  if (at !== -1) return `expected "${expected[at]}", got "${actual[at] ?? "no more"}"`;
  return actual.length > expected.length ? `also printed "${actual[expected.length]}"` : undefined;
}
