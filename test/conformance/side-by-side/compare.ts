/** Finds in what two answers differ, and sorts differences into known and unknown ones. */
import { apiName } from "./apis.ts";
import { type KnownDifference, KNOWN_DIFFERENCES } from "./known-differences.ts";
import { Ids, normal } from "./normal.ts";
import type { Named } from "./script.ts";
import type { Exchange } from "./tap.ts";

export interface Difference {
  readonly api: string;
  readonly version: number;
  readonly step: string;
  /** Where in the answer; elements that have a name are called by it. */
  readonly path: string;
  readonly kafka: string;
  readonly lab: string;
}

interface Found {
  readonly path: string;
  readonly kafka: unknown;
  readonly lab: unknown;
}

/** What an element of an array is called by, if the array's elements have it, each its own. */
const NAMES = [
  ...["apiKey", "name", "topic", "topicName", "topicId", "groupId", "resourceName", "feature"],
  ...[
    "partitionIndex",
    "partition",
    "partitionId",
    "index",
    "memberId",
    "transactionalId",
    "nodeId",
  ],
];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function namesIn(elements: readonly unknown[], by: string): string[] | undefined {
  const names = elements.map((each) => (isObject(each) ? each[by] : undefined));
  if (names.some((name) => name === undefined || name === null)) return undefined;
  const texts = names.map(String);
  return new Set(texts).size === texts.length ? texts : undefined;
}

function* diffArrays(
  kafka: readonly unknown[],
  lab: readonly unknown[],
  path: string,
): Generator<Found> {
  for (const by of kafka.length > 0 && lab.length > 0 ? NAMES : []) {
    const names = [namesIn(kafka, by), namesIn(lab, by)] as const;
    if (names[0] === undefined || names[1] === undefined) continue;
    yield* diffNamed(kafka, lab, [names[0], names[1]], path);
    return;
  }
  if (kafka.length !== lab.length) {
    yield { path: `${path}.length`, kafka: kafka.length, lab: lab.length };
  }
  const both = Math.min(kafka.length, lab.length);
  for (let at = 0; at < both; at++) yield* diff(kafka[at], lab[at], `${path}[${at}]`);
}

function* diffNamed(
  kafka: readonly unknown[],
  lab: readonly unknown[],
  [kafkaNames, labNames]: readonly [readonly string[], readonly string[]],
  path: string,
): Generator<Found> {
  const common = kafkaNames.filter((name) => labNames.includes(name));
  const labOrder = labNames.filter((name) => kafkaNames.includes(name));
  if (common.join() !== labOrder.join()) {
    yield { path: `${path}(order)`, kafka: common.join(), lab: labOrder.join() };
  }
  for (const name of new Set([...kafkaNames, ...labNames])) {
    const [inKafka, inLab] = [kafkaNames.indexOf(name), labNames.indexOf(name)];
    yield* diff(kafka[inKafka], lab[inLab], `${path}[${name}]`);
  }
}

function* diff(kafka: unknown, lab: unknown, path: string): Generator<Found> {
  if (Array.isArray(kafka) && Array.isArray(lab)) {
    yield* diffArrays(kafka, lab, path);
  } else if (isObject(kafka) && isObject(lab)) {
    for (const name of new Set([...Object.keys(kafka), ...Object.keys(lab)])) {
      yield* diff(kafka[name], lab[name], path === "" ? name : `${path}.${name}`);
    }
  } else if (!Object.is(kafka, lab)) {
    yield { path, kafka, lab };
  }
}

const MAX_SHOWN_CHARS = 160;

function show(value: unknown): string {
  if (value === undefined) return "(absent)";
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}...` : text;
}

function comparable({ api, outcome, response, trailingBytes }: Exchange, ids: Ids): unknown {
  if (outcome !== "answered") return { "(connection)": outcome };
  if (response === undefined) return { "(answer)": "not decodable" };
  return { ...(normal(response, String(api), ids) as object), "(trailing bytes)": trailingBytes };
}

const keyOf = ({ step, exchange }: Named): string => `${exchange.api} ${step}`;

/** Compares what two brokers did with the same script, step by step. */
export function compareSteps(kafka: readonly Named[], lab: readonly Named[]): Difference[] {
  const labByStep = new Map(lab.map((named) => [keyOf(named), named.exchange]));
  if (labByStep.size !== lab.length) throw new Error("two steps of one API have the same name");
  const kafkaIds = new Ids();
  const labIds = new Ids();
  const differences: Difference[] = [];
  for (const { step, exchange } of kafka) {
    const key = keyOf({ step, exchange });
    const other = labByStep.get(key);
    labByStep.delete(key);
    const where = { api: apiName(exchange.api), version: exchange.version, step };
    const found = diff(
      comparable(exchange, kafkaIds),
      other === undefined ? "(no such step)" : comparable(other, labIds),
      "",
    );
    for (const { path, ...values } of found) {
      differences.push({ ...where, path, kafka: show(values.kafka), lab: show(values.lab) });
    }
  }
  for (const [key, exchange] of labByStep) {
    const where = { api: apiName(exchange.api), version: exchange.version, step: key };
    differences.push({ ...where, path: "", kafka: "(no such step)", lab: "(a step)" });
  }
  return differences;
}

/** Values of no kind of message, such as what a client program has seen. */
export function compareValues(
  where: Omit<Difference, "path" | "kafka" | "lab">,
  kafka: unknown,
  lab: unknown,
): Difference[] {
  return Array.from(diff(kafka, lab, ""), ({ path, ...values }) => ({
    ...{ ...where, path, kafka: show(values.kafka), lab: show(values.lab) },
  }));
}

const matches = (known: KnownDifference, difference: Difference): boolean =>
  (known.api === undefined || known.api === difference.api) &&
  known.path.test(difference.path) &&
  (known.step?.test(difference.step) ?? true) &&
  (known.kafka?.test(difference.kafka) ?? true) &&
  (known.lab?.test(difference.lab) ?? true);

export interface Sorted {
  readonly unknown: readonly Difference[];
  /** How often each known difference was met. */
  readonly known: ReadonlyMap<KnownDifference, readonly Difference[]>;
}

export function sortOut(differences: readonly Difference[]): Sorted {
  const known = new Map<KnownDifference, Difference[]>(KNOWN_DIFFERENCES.map((one) => [one, []]));
  const unknown = differences.filter((difference) => {
    const reason = KNOWN_DIFFERENCES.find((one) => matches(one, difference));
    if (reason !== undefined) known.get(reason)?.push(difference);
    return reason === undefined;
  });
  return { unknown, known };
}

/** Differences that are the same but for their version, on one line each. */
export function lines(differences: readonly Difference[]): string[] {
  const versions = new Map<string, number[]>();
  for (const { api, version, step, path, kafka, lab } of differences) {
    const base = step.replace(/ \(v\d+\)$/, "");
    const line = `${base}: ${path}: Kafka ${kafka}, lab ${lab}`;
    const key = `${api}\t${line}`;
    versions.set(key, [...(versions.get(key) ?? []), version]);
  }
  return Array.from(versions, ([key, numbers]) => {
    const [api, line] = key.split("\t");
    return `${api} v${ranges(numbers)}: ${line}`;
  });
}

function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const groups: [number, number][] = [];
  for (const number of sorted) {
    const last = groups.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else groups.push([number, number]);
  }
  return groups
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(",");
}
