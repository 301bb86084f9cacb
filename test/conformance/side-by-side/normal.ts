/**
 * What of an answer may differ between two brokers without meaning anything. The rest has to be equal.
 * Ids become numbered names, so that it is still compared where the same id comes again.
 */
import { NO_TOPIC_ID } from "../../../runtime/wire/kafka/primitives.ts";
import { batchesOf } from "./batches.ts";

/**
 * `ignored`: not compared. `presence`: whether there is one. `sorted`: as a set. Any other word is a
 * kind of id, which is compared by its place in the order of those of its kind.
 */
type Treatment = "ignored" | "presence" | "sorted" | "batches" | { readonly id: string };

interface Rule {
  /** Of the path of names, as `topics.partitions.errorCode`, with the API's key before it. */
  readonly path: RegExp;
  readonly as: Treatment;
  readonly why: string;
}

export const RULES: readonly Rule[] = [
  { path: /throttleTimeMs$/, as: "ignored", why: "the lab never throttles" },
  { path: /\.(host|port)$/, as: "ignored", why: "addresses" },
  { path: /\.clientHost$/, as: "ignored", why: "addresses" },
  { path: /\.clusterId$/, as: "presence", why: "each cluster has its own" },
  { path: /[mM]essage$/, as: "presence", why: "texts are for people, not programs" },
  {
    path: /^32\..*\.documentation$/,
    as: "presence",
    why: "the lab describes settings in its own words",
  },
  { path: /\.topicId$/, as: { id: "topic" }, why: "random" },
  { path: /\.(memberId|leader)$/, as: { id: "member" }, why: "random" },
  { path: /\.producerId$/, as: { id: "producer" }, why: "each broker counts for itself" },
  { path: /\.sessionId$/, as: { id: "session" }, why: "random" },
  {
    path: /\.finalizedFeaturesEpoch$/,
    as: "presence",
    why: "Kafka counts changes of its metadata",
  },
  { path: /\.logAppendTimeMs$/, as: "presence", why: "the time of the append" },
  { path: /^1\..*\.records$/, as: "batches", why: "compared batch by batch" },
  { path: /^(19|32)\..*\.configs$/, as: "sorted", why: "Kafka's order is that of a hash" },
  ...[
    /^3\.topics$/,
    /^(8|9|24|28|47)\..*(topics|resultsByTopicV3AndBelow|resultsByPartition)$/i,
    /^11\.members$/,
    /^15\.groups\.members$/,
    /^16\.groups$/,
    /^43\.replicaElectionResults$/,
    /^61\..*\.activeProducers$/,
    /^65\..*\.topics$/,
    /^66\.transactionStates$/,
    /^68\..*\.topicPartitions$/,
    /^69\..*\.(members|topicPartitions|subscribedTopicNames)$/,
  ].map((path) => ({ path, as: "sorted" as const, why: "Kafka's order is that of a hash" })),
  { path: /^35\.results\.logDir$/, as: "presence", why: "each broker has its folder" },
  {
    path: /^35\.results\.(totalBytes|usableBytes)$/,
    as: "ignored",
    why: "of the disk, while others use it",
  },
  {
    path: /^55\..*(logEndOffset|highWatermark|Timestamp)$/,
    as: "presence",
    why: "offsets and times of Kafka's metadata log",
  },
  { path: /^55\..*\.leaderEpoch$/, as: "presence", why: "how often the quorum has voted" },
  { path: /^55\..*(replicaDirectoryId)$/, as: "presence", why: "random" },
  { path: /^(61|65)\..*(Timestamp|StartTimeMs)$/, as: "presence", why: "times" },
  { path: /^61\..*\.currentTxnStartOffset$/, as: "presence", why: "" },
];

/** How brokers make ids of members: a UUID, or one in Kafka's own form. */
const MADE_ID = /[0-9a-f]{8}-[0-9a-f]{4}-|^[\w-]{22}$/;

/** Whether a broker has made this id up; others are values like any other. */
function isGiven(kind: string, id: unknown): boolean {
  if (kind === "member") return typeof id === "string" && MADE_ID.test(id);
  // Producer ids begin with 0; -1 is none.
  return !NO_IDS.has(id) || (kind === "producer" && id === 0);
}

const NO_IDS: ReadonlySet<unknown> = new Set([NO_TOPIC_ID, "", -1, 0, null]);

interface Names {
  nameOf(kind: string, id: unknown): unknown;
  peeking(): Names;
}

/** The ids that one broker has given out, by kind, in the order in which a script has seen them. */
export class Ids implements Names {
  readonly #seen = new Map<string, Map<unknown, string>>();

  nameOf(kind: string, id: unknown): unknown {
    if (!isGiven(kind, id)) return id;
    const known = this.#seen.get(kind) ?? new Map<unknown, string>();
    this.#seen.set(kind, known);
    const name = known.get(id) ?? `${kind} ${known.size + 1}`;
    known.set(id, name);
    return name;
  }

  /** For sorting: ids that have no name yet are alike, and get none. */
  peeking(): Names {
    return {
      nameOf: (kind, id) =>
        isGiven(kind, id) ? (this.#seen.get(kind)?.get(id) ?? `${kind} ?`) : id,
      peeking: () => this.peeking(),
    };
  }
}

function presence(value: unknown): unknown {
  if (value === null || value === "") return null;
  if (value === -1 || value === NO_TOPIC_ID) return value;
  return "(some)";
}

function ruleOf(path: string): Rule | undefined {
  return RULES.find((rule) => rule.path.test(path));
}

/** By what they say apart from ids that are new, which get their names in this order afterwards. */
function sorted(elements: readonly unknown[], path: string, ids: Names): unknown[] {
  const keyed = elements.map((element) => ({
    element,
    key: JSON.stringify(normal(element, path, ids.peeking())) ?? "",
  }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ element }) => element);
}

/** A value as it is to be compared; `path` begins with the key of the API. */
export function normal(value: unknown, path: string, ids: Names): unknown {
  const rule = ruleOf(path);
  if (rule?.as === "ignored") return undefined;
  if (rule?.as === "presence") return presence(value);
  if (rule?.as === "batches") {
    return normal(Buffer.isBuffer(value) ? batchesOf(value) : value, `${path}.`, ids);
  }
  if (typeof rule?.as === "object") return ids.nameOf(rule.as.id, value);
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (Array.isArray(value)) {
    const elements = rule?.as === "sorted" ? sorted(value, path, ids) : value;
    return elements.map((each) => normal(each, path, ids));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, normal(each, `${path}.${name}`, ids)]),
  );
}
