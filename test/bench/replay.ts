/** How well a replay keeps the rhythm of its messages, as a consumer sees it. */
import { Kafka, logLevel } from "kafkajs";
import { type LabProcess, startLab, streamside } from "../support/lab-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { spread } from "./statistics.ts";

const MESSAGES = 1_000;
/** Times between two messages: most are short and some are long, as where people or machines send at will. */
const MEAN_GAP_MS = 10;
const SPEEDS = [1, 10, 0.5] as const;
const SOURCE = "recorded";

export interface RhythmResult {
  readonly speed: number;
  readonly plannedMs: number;
  readonly tookMs: number;
  /** How much the time between two messages differs from what it should be. */
  readonly medianErrorMs: number;
  readonly p99ErrorMs: number;
}

export interface ReplayResult {
  readonly messages: number;
  readonly rhythms: readonly RhythmResult[];
  /** As fast as possible. */
  readonly fastestMs: number;
}

/** Numbers from 0 to 1 that are the same in every run (a linear congruential generator). */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state + 1) / 2 ** 31;
  };
}

function recordedTimes(): number[] {
  const random = randomNumbers();
  // Older ones would be deleted while they are replayed.
  let timeMs = Date.now() - 3_600_000;
  return Array.from({ length: MESSAGES }, () => {
    timeMs += Math.round(-Math.log(random()) * MEAN_GAP_MS);
    return timeMs;
  });
}

/** Replays the recorded topic and gives the times at which a consumer got the messages. */
async function replay({ ready }: LabProcess, topic: string, rhythm: readonly string[]) {
  const kafka = new Kafka({ brokers: [ready.bootstrap], logLevel: logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1 }] });
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: topic });
  const arrivals: number[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const joined = new Promise<void>((resolve) => {
      consumer.on(consumer.events.GROUP_JOIN, () => resolve());
    });
    await consumer.run({
      eachMessage: () => {
        arrivals.push(performance.now());
        return Promise.resolve();
      },
    });
    await joined;
    const args = ["replay", SOURCE, "--into", topic, ...rhythm, "--yes", "--json"];
    const { code, stdout, stderr } = await streamside([...args, "--data", ready.data]);
    if (code !== 0) throw new Error(stderr);
    await waitFor("the last message", () => arrivals.length >= MESSAGES);
    const report = JSON.parse(stdout) as { readonly moved: number; readonly elapsedMs: number };
    if (report.moved !== MESSAGES) throw new Error(`${report.moved} messages were replayed`);
    return { arrivals, elapsedMs: report.elapsedMs };
  } finally {
    await consumer.disconnect();
  }
}

const gaps = (times: readonly number[]): number[] =>
  times.slice(1).map((timeMs, index) => timeMs - (times[index] ?? 0));
const span = (times: readonly number[]): number => (times.at(-1) ?? 0) - (times[0] ?? 0);

/** Measures replays of the same messages at several speeds, against a lab of its own. */
export async function measureReplay(node: string, data: string): Promise<ReplayResult> {
  const lab = await startLab({ data, node });
  try {
    const times = recordedTimes();
    const lines = times.map(
      (timeMs, i) => `{"key":"k${i % 10}","value":{"i":${i}},"timestamp":${timeMs}}`,
    );
    const { code, stderr } = await streamside(
      ["produce", SOURCE, "--data", data],
      lines.join("\n"),
    );
    if (code !== 0) throw new Error(stderr);
    const rhythms: RhythmResult[] = [];
    for (const speed of SPEEDS) {
      const { arrivals } = await replay(lab, `at-${speed}`, ["--speed", String(speed)]);
      const planned = gaps(times).map((gapMs) => gapMs / speed);
      const errors = gaps(arrivals).map((gapMs, i) => Math.abs(gapMs - (planned[i] ?? 0)));
      errors.sort((a, b) => a - b);
      rhythms.push({
        ...{ speed, plannedMs: span(times) / speed, tookMs: span(arrivals) },
        medianErrorMs: spread(errors).median,
        p99ErrorMs: errors[Math.floor(errors.length * 0.99)] ?? Number.NaN,
      });
    }
    const fastest = await replay(lab, "fastest", ["--fast"]);
    return { messages: MESSAGES, rhythms, fastestMs: fastest.elapsedMs };
  } finally {
    await lab.stop();
  }
}
