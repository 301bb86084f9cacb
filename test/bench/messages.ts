/** How fast a million messages are looked at, searched and counted over the control channel of a real lab. */
import type { MessageFilter } from "../../runtime/api/model.ts";
import { decodePage } from "../../runtime/api/page.ts";
import type { ReadParams, ReadResult } from "../../runtime/api/lab.ts";
import type { LatestResult, Place, SurveyRange, SurveyStep } from "../../runtime/api/survey.ts";
import { LabConnection } from "../../runtime/cli/client.ts";
import { startLab } from "../support/lab-process.ts";
import { cpuSeconds, memoryMb } from "./proc.ts";
import {
  FIRST_MS,
  KEYS,
  MESSAGES,
  orderOf,
  TOPIC,
  writeSampleMessages,
} from "./sample-messages.ts";
import { spread, type Spread } from "./statistics.ts";

const ROUNDS = 7;
/** Rows that a grid asks for first. */
const FIRST_ROWS = 200;

export interface MessagesRow {
  readonly name: string;
  /** From the question to the last answer. */
  readonly ms: Spread;
  /** Processor time of the whole lab for a million messages, in seconds; undefined for who looks at a few. */
  readonly cpuPerMillion: Spread | undefined;
  readonly found: number;
}

export interface MessagesResult {
  readonly rows: readonly MessagesRow[];
  readonly beforeMb: number;
  readonly peakMb: number;
  readonly afterMb: number;
}

interface Task {
  readonly name: string;
  /** What there has to be, so that no figure is of a wrong answer. */
  readonly expected: number;
  readonly looksAtAll: boolean;
  run(data: string): Promise<number>;
}

/** `folder` is a folder for data that does not exist yet. */
export async function measureMessages(node: string, folder: string): Promise<MessagesResult> {
  const lab = await startLab({ data: folder, node });
  try {
    const { pid, bootstrap } = lab.ready;
    await writeSampleMessages(Number(bootstrap.split(":")[1]));
    const beforeMb = memoryMb(pid).rss;
    const times = TASKS.map((): number[] => []);
    const cpu = TASKS.map((): number[] => []);
    // The first round warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [i, task] of TASKS.entries()) {
        const cpuBefore = cpuSeconds(pid);
        const started = performance.now();
        const found = await task.run(folder);
        const ms = performance.now() - started;
        if (found !== task.expected) throw new Error(`${task.name}: ${found} found`);
        if (round === 0) continue;
        times[i]?.push(ms);
        cpu[i]?.push(((cpuSeconds(pid) - cpuBefore) / MESSAGES) * 1e6);
      }
    }
    const memory = memoryMb(pid);
    const rows = TASKS.map(({ name, expected, looksAtAll }, i) => ({
      ...{ name, found: expected, ms: spread(times[i] ?? []) },
      cpuPerMillion: looksAtAll ? spread(cpu[i] ?? []) : undefined,
    }));
    return { rows, beforeMb, peakMb: memory.peak, afterMb: memory.rss };
  } finally {
    await lab.stop();
  }
}

const sql = (expression: string): MessageFilter => ({ kind: "sql", expression });
const text = (what: string): MessageFilter => ({
  ...{ kind: "text", text: what, part: "anywhere", matchCase: true },
});
/** How many orders are such, as JavaScript finds it. */
function countOf(isWanted: (order: ReturnType<typeof orderOf>) => boolean): number {
  let count = 0;
  for (let i = 0; i < MESSAGES; i++) if (isWanted(orderOf(i))) count++;
  return count;
}

const ANY_EXPRESSION =
  "CHAR_LENGTH(customer.name) + amount * 2 > 2000 OR LOWER(currency) LIKE 'e%' AND items[1].quantity <> 3";
const ONE_CUSTOMER = "customer.id = 'c-4711'";
const inAny = countOf(
  ({ customer, amount, currency, items }) =>
    customer.name.length + amount * 2 > 2_000 || (currency === "EUR" && items[0]?.quantity !== 3),
);
const ofOneCustomer = countOf(({ customer }) => customer.id === "c-4711");
const above = (amount: number): number => countOf((order) => order.amount > amount);

const TASKS: readonly Task[] = [
  firstRows("first rows from the earliest, on a new connection", { kind: "earliest" }),
  firstRows("first rows at a time in the middle", {
    ...{ kind: "time", timestampMs: FIRST_MS + MESSAGES / 2 },
  }),
  searched("search, text that is nowhere", text("haystack"), 0),
  searched("search, text in 1 of 10,000", text('"needle'), MESSAGES / 10_000),
  searched(`search, ${ONE_CUSTOMER}`, sql(ONE_CUSTOMER), ofOneCustomer),
  searched("search, amount > 998", sql("amount > 998"), above(998)),
  counted("count of all", undefined, MESSAGES),
  counted("count, text in 1 of 10,000", text('"needle'), MESSAGES / 10_000),
  counted(`count, ${ONE_CUSTOMER}`, sql(ONE_CUSTOMER), ofOneCustomer),
  counted("count, amount > 998", sql("amount > 998"), above(998)),
  counted("count, amount > 899", sql("amount > 899"), above(899)),
  counted("count, amount > 100", sql("amount > 100"), above(100)),
  counted(`count, ${ANY_EXPRESSION}`, sql(ANY_EXPRESSION), inAny),
  volume("histogram of 100 buckets", undefined, MESSAGES),
  volume("histogram, amount > 899", sql("amount > 899"), above(899)),
  latest("newest of each of 1,000 keys"),
];

function firstRows(name: string, from: ReadParams["from"]): Task {
  return {
    ...{ name, expected: FIRST_ROWS, looksAtAll: false },
    run: (data) =>
      connected(data, async (lab) => {
        const range = { topic: TOPIC, partition: undefined, from, waitMs: 0 };
        const { page } = await lab.ask("messages/read", { ...range, limit: FIRST_ROWS });
        return decodePage(page).length;
      }),
  };
}

function searched(name: string, filter: MessageFilter, expected: number): Task {
  return {
    ...{ name, expected, looksAtAll: true },
    run: (data) =>
      connected(data, async (lab) => {
        let [found, scanned] = [0, 0];
        let from: ReadParams["from"] = { kind: "earliest" };
        for (;;) {
          const range = { topic: TOPIC, partition: undefined, from, waitMs: 0 };
          const result: ReadResult = await lab.ask("messages/read", {
            ...{ ...range, limit: 5_000, filter },
          });
          found += decodePage(result.page).length;
          scanned += result.scanned;
          if (result.atEnd) break;
          from = { kind: "cursors", cursors: result.next };
        }
        if (scanned !== MESSAGES) throw new Error(`${name}: looked at ${scanned}`);
        return found;
      }),
  };
}

function counted(name: string, filter: MessageFilter | undefined, expected: number): Task {
  return inSteps(name, expected, async (lab, range) => {
    const step = await lab.ask("messages/count", { ...range, filter });
    return { found: step.count, step };
  });
}

function volume(name: string, filter: MessageFilter | undefined, expected: number): Task {
  const times = { fromMs: FIRST_MS, toMs: FIRST_MS + MESSAGES };
  return inSteps(name, expected, async (lab, range) => {
    const params = { ...range, filter, times, buckets: 100, by: "topic" } as const;
    const step = await lab.ask("messages/histogram", params);
    const counts = step.series.flatMap((series) => series.counts);
    return { found: counts.reduce((sum, count) => sum + count, 0), step };
  });
}

/** Back to the beginning, though every key has been seen long before. */
function latest(name: string): Task {
  const run = (data: string) =>
    connected(data, async (lab) => {
      const keys = new Set<string>();
      let to: Place | undefined;
      for (;;) {
        const range = { topic: TOPIC, from: { kind: "earliest" }, to } as const;
        const result: LatestResult = await lab.ask("messages/latestPerKey", {
          ...{ ...range, limit: 5_000 },
        });
        for (const { partition, key } of decodePage(result.page)) {
          keys.add(`${partition} ${Buffer.from(key?.bytes ?? []).toString()}`);
        }
        if (result.atEnd) return keys.size;
        to = { kind: "cursors", cursors: result.next };
      }
    });
  return { name, expected: KEYS * 2, looksAtAll: true, run };
}

interface Counted {
  readonly found: number;
  readonly step: SurveyStep;
}

/** Asks on until the end, and adds up. */
function inSteps(
  name: string,
  expected: number,
  ask: (lab: LabConnection, range: SurveyRange) => Promise<Counted>,
): Task {
  const run = (data: string) =>
    connected(data, async (lab) => {
      let [sum, scanned] = [0, 0];
      let range: SurveyRange = { topic: TOPIC, from: { kind: "earliest" } };
      for (;;) {
        const { found, step } = await ask(lab, range);
        sum += found;
        scanned += step.scanned;
        if (step.atEnd) break;
        const from = { kind: "cursors", cursors: step.next } as const;
        range = { topic: TOPIC, from, to: { kind: "cursors", cursors: step.end } };
      }
      if (scanned !== MESSAGES) throw new Error(`${name}: looked at ${scanned}`);
      return sum;
    });
  return { name, expected, looksAtAll: true, run };
}

async function connected<T>(data: string, use: (lab: LabConnection) => Promise<T>): Promise<T> {
  const lab = await LabConnection.open(data);
  try {
    return await use(lab);
  } finally {
    lab.close();
  }
}
