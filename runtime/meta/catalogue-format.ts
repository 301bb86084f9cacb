/** What the catalogue knows of one topic. */
export interface TopicEntry {
  /** Kafka's topic id in its base64url form of 22 characters. */
  readonly id: string;
  readonly partitions: number;
  /** Only what differs from the defaults. */
  readonly configs: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  /** One for each partition; undefined while all are led by node 1 alone, as ever. */
  readonly placements?: readonly PartitionEntry[] | undefined;
}

/** On which nodes a partition is, who leads it (-1 for nobody), and how often that has changed. */
export interface PartitionEntry {
  readonly replicas: readonly number[];
  readonly leader: number;
  readonly epoch: number;
}

/** The newest version that this build reads. Older ones are migrated, newer ones refused. */
export const CATALOGUE_VERSION = 2;
/** What is written when no topic has placements, so that older builds can read it. */
const VERSION_WITHOUT_PLACEMENTS = 1;

export interface CatalogueData {
  readonly clusterId: string;
  /** No producer id at or above this one was ever given out. */
  readonly nextProducerIdBlock: number;
  readonly topics: ReadonlyMap<string, TopicEntry>;
}

/** Either the data, or why a file's JSON is not a catalogue that this build can use. */
export type DecodedCatalogue =
  | { readonly kind: "catalogue"; readonly data: CatalogueData }
  | { readonly kind: "newer"; readonly version: number }
  | { readonly kind: "invalid"; readonly fault: string };

/** One step from each old version to the next: `MIGRATIONS[0]` turns version 1 into version 2. */
const MIGRATIONS: readonly ((old: Readonly<Record<string, unknown>>) => unknown)[] = [
  // Version 2 says more of some topics, and nothing else of the others.
  (old) => old,
];

const ID = /^[A-Za-z0-9_-]{22}$/;
/** Leader, epoch and replicas of a partition, such as `2 5 1,2,3`. */
const PLACEMENT = /^(-1|\d{1,3}) (\d{1,10}) (\d{1,3}(?:,\d{1,3}){0,99})$/;
const MAX_EPOCH = 2 ** 31 - 1;

/** Reads the JSON of a catalogue file of any version up to this one. */
export function decodeCatalogue(json: unknown): DecodedCatalogue {
  let current = json;
  if (!isObject(current)) return invalid("it is not a JSON object");
  const version = current["version"];
  if (!isCount(version) || version < 1) return invalid("it has no version number");
  if (version > CATALOGUE_VERSION) return { kind: "newer", version };
  for (const migrate of MIGRATIONS.slice(version - 1)) {
    current = migrate(isObject(current) ? current : {});
  }
  return isObject(current) ? decodeCurrent(current) : invalid("its migration failed");
}

/** The JSON that `decodeCatalogue` reads back. */
export function encodeCatalogue(data: CatalogueData): unknown {
  const topics = Array.from(data.topics, ([name, entry]) => [name, encodeTopic(entry)] as const);
  const hasPlacements = topics.some(([, { placements }]) => placements !== undefined);
  return {
    version: hasPlacements ? CATALOGUE_VERSION : VERSION_WITHOUT_PLACEMENTS,
    clusterId: data.clusterId,
    nextProducerIdBlock: data.nextProducerIdBlock,
    // fromEntries defines properties, so a topic named __proto__ is kept like any other.
    topics: Object.fromEntries(topics),
  };
}

function encodeTopic({ placements, ...entry }: TopicEntry) {
  const texts = placements?.map(
    ({ replicas, leader, epoch }) => `${leader} ${epoch} ${replicas.join(",")}`,
  );
  return { ...entry, placements: texts };
}

function decodeCurrent(json: Readonly<Record<string, unknown>>): DecodedCatalogue {
  const { clusterId, nextProducerIdBlock, topics } = json;
  if (typeof clusterId !== "string" || !ID.test(clusterId))
    return invalid("clusterId is not an id");
  if (!isCount(nextProducerIdBlock)) return invalid("nextProducerIdBlock is not a number");
  if (!isObject(topics)) return invalid("topics is not an object");
  const decoded = new Map<string, TopicEntry>();
  const ids = new Set<string>();
  for (const [name, topic] of Object.entries(topics)) {
    const entry = decodeTopic(topic);
    if (typeof entry === "string") return invalid(`topic "${name}": ${entry}`);
    if (ids.has(entry.id)) return invalid(`topic "${name}" shares its id with another topic`);
    ids.add(entry.id);
    decoded.set(name, entry);
  }
  return { kind: "catalogue", data: { clusterId, nextProducerIdBlock, topics: decoded } };
}

/** The entry, or what is wrong with it. */
function decodeTopic(json: unknown): TopicEntry | string {
  if (!isObject(json)) return "it is not an object";
  const { id, partitions, configs, createdAtMs } = json;
  if (typeof id !== "string" || !ID.test(id)) return "its id is not an id";
  if (!isCount(partitions) || partitions < 1) return "its number of partitions is wrong";
  if (typeof createdAtMs !== "number") return "its creation time is not a number";
  if (!isObject(configs)) return "its configs are not an object";
  const texts: [string, string][] = [];
  for (const [name, value] of Object.entries(configs)) {
    if (typeof value !== "string") return `its config "${name}" is not a string`;
    texts.push([name, value]);
  }
  const entry = { id, partitions, configs: Object.fromEntries(texts), createdAtMs };
  if (json["placements"] === undefined) return entry;
  const placements = decodePlacements(json["placements"]);
  if (placements?.length !== partitions) return "its placements are wrong";
  return { ...entry, placements };
}

function decodePlacements(json: unknown): PartitionEntry[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const placements: PartitionEntry[] = [];
  for (const text of json) {
    const [, leader, epoch, replicas] = PLACEMENT.exec(typeof text === "string" ? text : "") ?? [];
    if (replicas === undefined || Number(epoch) > MAX_EPOCH) return undefined;
    const nodes = replicas.split(",").map(Number);
    placements.push({ replicas: nodes, leader: Number(leader), epoch: Number(epoch) });
  }
  return placements;
}

function invalid(fault: string): DecodedCatalogue {
  return { kind: "invalid", fault };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
