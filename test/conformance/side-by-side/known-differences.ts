/** Differences that are meant, each with its reason. One that is not met any more is reported: take it out. */
export interface KnownDifference {
  /** The API, or any. */
  readonly api?: string;
  readonly path: RegExp;
  readonly step?: RegExp;
  readonly kafka?: RegExp;
  readonly lab?: RegExp;
  readonly why: string;
}

const NULL = /^null$/;
const SOME = /^"\(some\)"$/;
const ABSENT = /^\(absent\)$/;

const CLUSTER: readonly KnownDifference[] = [
  {
    api: "ApiVersions",
    path: /^apiKeys\[\d+\]$/,
    lab: ABSENT,
    why: "not served: share and streams groups, delegation tokens, telemetry, what brokers and controllers ask each other",
  },
  {
    api: "ApiVersions",
    path: /^(supported|finalized)Features/,
    lab: /^(\(absent\)|0)$/,
    why: "features of what is not served: metadata, KRaft, shares, streams, eligible leader replicas",
  },
  {
    api: "ApiVersions",
    path: /^apiKeys\[24\]\.maxVersion$/,
    why: "AddPartitionsToTxn from version 4 on is for brokers",
  },
  {
    api: "Metadata",
    path: /^(brokers|clusterId|controllerId|errorCode|topics)/,
    step: /^(strange id|neither id nor name|id and name) /,
    why: "ids before version 12, and neither id nor name: no client asks so, and Kafka answers without brokers or with an internal error",
  },
  {
    api: "Metadata",
    path: /^topics\[meta-auto\]/,
    step: /^auto-create$/,
    why: "a topic that is created by asking for it is there at once, where Kafka tells clients to ask again",
  },
  {
    api: "FindCoordinator",
    path: /errorMessage$/,
    why: 'Kafka says "NONE" in words where nothing is wrong, and nothing of a bad share key',
  },
  {
    api: "DescribeQuorum",
    path: /(replicaDirectoryId|listeners\[\w+\])$/,
    why: "the lab's catalogue has no directory id, and no controller apart from its listeners",
  },
];

const TOPICS: readonly KnownDifference[] = [
  {
    api: "CreateTopics",
    path: /topicId$/,
    lab: /^"A{22}"$/,
    why: "Kafka makes up an id for a topic that it only checks (validate only)",
  },
  {
    path: /errorCode$/,
    step: /^(20,000 partitions|too many) /,
    kafka: /^44$/,
    lab: /^37$/,
    why: "Kafka calls too many partitions a violation of policy, the lab a wrong number of partitions",
  },
  {
    api: "ElectLeaders",
    path: /^replicaElectionResults/,
    step: /^unknown type /,
    why: "an unknown type of election is refused as a whole, not partition by partition",
  },
  {
    path: /\[(log\.)?segment\.bytes\]\.(value|synonyms\[log\.segment\.bytes\]\.value)$/,
    why: "the lab's segments are of 128 MiB by default: a laptop's log is cleaned up and recovered in smaller steps",
  },
  {
    path: /configs\[min\.insync\.replicas\]/,
    why: "Kafka keeps the default of min.insync.replicas in the cluster for eligible leader replicas, which the lab has not",
  },
];

const CONFIGS: readonly KnownDifference[] = [
  {
    api: "DescribeConfigs",
    path: /^results\[1\]\.configs\[[^\]]+\]$/,
    step: /^all of the broker/,
    lab: ABSENT,
    why: "the lab has the broker's settings that clients and tools read, not all 300",
  },
  {
    api: "DescribeConfigs",
    path: /^results\[1\]\.configs\[[^\]]+\]\.readOnly$/,
    kafka: /^false$/,
    lab: /^true$/,
    why: "the lab's broker settings are fixed while it runs",
  },
  {
    api: "DescribeConfigs",
    path: /^results\[1\]\.configs\[[^\]]+\]\.(configSource|synonyms.*)$/,
    why: "what this Kafka was started with to be like the lab, such as group.initial.rebalance.delay.ms=0, is the lab's default",
  },
  {
    api: "DescribeConfigs",
    path: /configs\[group\.(consumer\.migration\.policy|coordinator\.rebalance\.protocols)\]/,
    why: "groups of streams, and groups with members of both protocols, are not served",
  },
  {
    api: "DescribeConfigs",
    path: /^results/,
    step: /^(broker default|group|client metrics|logger) /,
    why: "no settings of groups, of metrics, of loggers or of all brokers are kept",
  },
  {
    api: "ListConfigResources",
    path: /^configResources/,
    step: /^loggers /,
    why: "no settings of loggers are kept, so none are listed",
  },
  {
    api: "IncrementalAlterConfigs",
    path: /^responses\[alter\]\.errorCode$/,
    step: /^unknown operation /,
    kafka: /^-1$/,
    why: "an unknown operation is an error inside Kafka; the lab refuses it",
  },
];

const RECORDS: readonly KnownDifference[] = [
  {
    api: "Produce",
    path: /./,
    step: /^null /,
    kafka: /unanswered|absent/,
    why: "Kafka never answers a partition without a batch: its request thread fails; the lab refuses it",
  },
  {
    api: "Produce",
    path: /^responses\.length$/,
    step: /^no partitions /,
    why: "a topic without partitions comes back without them",
  },
  {
    api: "Produce",
    path: /logStartOffset$/,
    why: "where nothing was appended the lab does not say where the log starts",
  },
  {
    api: "Produce",
    path: /logAppendTimeMs$/,
    step: /again$/,
    why: "for a batch that is there already Kafka gives its newest record's own time as that of the append",
  },
  {
    api: "Produce",
    path: /\.(errorCode|baseOffset)$/,
    step: /^(a record too many|a record too few|damaged record|codec that is not so) /,
    why: "the lab does not take batches apart when they are produced: their checksum and counts are checked, their records are not",
  },
  {
    api: "Produce",
    path: /\.(errorCode|baseOffset)$/,
    step: /^(with bytes after it|flag of append time) /,
    why: "Kafka overlooks bytes after a batch and a producer's flag of append time; no producer sends them, and the lab refuses them",
  },
  {
    api: "Produce",
    path: /(errorCode|baseOffset|logAppendTimeMs)$/,
    step: /^negative time /,
    why: "a time before 1970 is no time of a record: the lab refuses it, Kafka keeps it",
  },
  {
    api: "Produce",
    path: /errorCode$/,
    step: /^unknown codec /,
    kafka: /^-1$/,
    why: "a codec that does not exist is an error inside Kafka; the lab refuses the batch",
  },
  {
    api: "DescribeProducers",
    path: /coordinatorEpoch$/,
    why: "the epoch of the lab's one coordinator is always 0; Kafka knows it from the first marker on",
  },
  {
    api: "Fetch",
    path: /^(responses|errorCode)/,
    step: /^unknown isolation /,
    why: "an unknown isolation level is an error inside Kafka; the lab reads as for level 0",
  },
  {
    api: "Fetch",
    path: /^responses/,
    step: /^newer last epoch /,
    why: "the lab does not look at the epoch that the client fetched last",
  },
  {
    api: "Fetch",
    path: /^responses/,
    step: /^as a replica /,
    why: "no broker replicates from the lab; Kafka refuses a replica that it does not know",
  },
  {
    path: /^topics/,
    step: /^(the same partition twice|the same partition twice in one|twice) /,
    why: "a partition that is asked for twice is answered twice; no client does so",
  },
  {
    api: "ListOffsets",
    path: /(timestamp|offset|leaderEpoch)$/,
    step: /^greatest time of nothing$/,
    why: "Kafka names the newest record although it has been deleted",
  },
];

const GROUPS: readonly KnownDifference[] = [
  {
    api: "JoinGroup",
    path: /^(errorCode|memberId)$/,
    step: /^classic member of it$/,
    why: "members of the classic protocol do not join a group of the consumer protocol (group.consumer.migration.policy=disabled)",
  },
  {
    api: "ConsumerGroupHeartbeat",
    path: /^(memberEpoch|assignment)/,
    step: /^(joins|has both)$/,
    why: "the lab resolves a regular expression at once, Kafka a moment later",
  },
];

const TRANSACTIONS: readonly KnownDifference[] = [
  {
    api: "AddOffsetsToTxn",
    path: /^errorCode$/,
    step: /^empty group /,
    why: "the order of checks: the lab sees the empty group first, Kafka the unknown producer",
  },
  {
    api: "AlterClientQuotas",
    path: /^entries\[0\]\.errorCode$/,
    lab: /^54$/,
    why: "the lab has no quotas, and refuses every change before it looks at it",
  },
  {
    api: "AlterUserScramCredentials",
    path: /errorCode$/,
    lab: /^54$/,
    why: "the lab keeps no users in its log, and refuses every change before it looks at it",
  },
  {
    api: "UpdateFeatures",
    path: /^(errorCode|errorMessage|results\.length|results\[group\.version\]\.(errorCode|errorMessage))$/,
    why: "the lab's features are fixed, and every change is refused before it is looked at",
  },
];

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  ...CLUSTER,
  ...TOPICS,
  ...CONFIGS,
  ...RECORDS,
  ...GROUPS,
  ...TRANSACTIONS,
  {
    path: /[mM]essage$/,
    kafka: NULL,
    lab: SOME,
    why: "the lab says in words what Kafka leaves to the name of the error",
  },
];
