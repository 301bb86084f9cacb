/** What the catalogue knows of one topic. */
export interface TopicEntry {
  /** Kafka's topic id in its base64url form of 22 characters. */
  readonly id: string;
  readonly partitions: number;
  /** Only what differs from the defaults. */
  readonly configs: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
}

/** The version that this build writes. Older ones are migrated, newer ones refused. */
export const CATALOGUE_VERSION = 1;

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

/** One step from each old version to the next: `MIGRATIONS[0]` would turn version 1 into version 2. */
const MIGRATIONS: readonly ((old: Readonly<Record<string, unknown>>) => unknown)[] = [];

const ID = /^[A-Za-z0-9_-]{22}$/;

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
  return {
    version: CATALOGUE_VERSION,
    clusterId: data.clusterId,
    nextProducerIdBlock: data.nextProducerIdBlock,
    // fromEntries defines properties, so a topic named __proto__ is kept like any other.
    topics: Object.fromEntries(data.topics),
  };
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
  return { id, partitions, configs: Object.fromEntries(texts), createdAtMs };
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
