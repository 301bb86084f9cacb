import type { HistogramResult, Place, SurveyStep } from "../api/survey.ts";
import { LabConnection } from "./client.ts";
import type { CountCommand } from "./message-arguments.ts";
import type { Output } from "./output.ts";
import type { Progress } from "./progress.ts";

/** Prints how many messages there are up to the end that the topic had when it began. */
export async function runCount(
  command: CountCommand,
  output: Output,
  progress: Progress,
): Promise<void> {
  const lab = await LabConnection.open(command.dataFolder);
  try {
    if (command.buckets === undefined) await printCount(lab, command, output, progress);
    else await printHistogram(lab, command, command.buckets, output, progress);
  } finally {
    progress(undefined);
    lab.close();
  }
}

async function printCount(
  lab: LabConnection,
  command: CountCommand,
  output: Output,
  progress: Progress,
): Promise<void> {
  const range = new RangeInSteps(command);
  let [count, scanned] = [0, 0];
  while (!range.isDone) {
    const step = await lab.ask("messages/count", range.params());
    range.add(step);
    count += step.count;
    scanned += step.scanned;
    progress(`${count} of ${scanned} messages so far`);
  }
  progress(undefined);
  const { topic } = command;
  const line = command.json ? JSON.stringify({ topic, count, scanned }) : String(count);
  await output.line(line);
}

async function printHistogram(
  lab: LabConnection,
  command: CountCommand,
  buckets: number,
  output: Output,
  progress: Progress,
): Promise<void> {
  const range = new RangeInSteps(command);
  const sums: number[] = [];
  let [earlier, later] = [0, 0];
  let last: HistogramResult | undefined;
  while (!range.isDone) {
    const times = last?.times;
    last = await lab.ask("messages/histogram", { ...range.params(), times, buckets, by: "topic" });
    range.add(last);
    for (const series of last.series) {
      for (const [place, count] of series.counts.entries())
        sums[place] = (sums[place] ?? 0) + count;
      earlier += series.earlier;
      later += series.later;
    }
    progress(`${sums.reduce((sum, count) => sum + count, 0)} messages so far`);
  }
  progress(undefined);
  if (last === undefined) return;
  const { fromMs, toMs } = last.times;
  const { bucketMs } = last;
  const print = command.json ? jsonLine : plainLine;
  if (earlier > 0) await output.line(print(undefined, fromMs, earlier));
  for (const [place, count] of sums.entries()) {
    const startMs = fromMs + place * bucketMs;
    await output.line(print(startMs, Math.min(startMs + bucketMs, toMs), count));
  }
  if (later > 0) await output.line(print(toMs, undefined, later));
}

/** A range that is looked through step by step, up to the end it had at the first one. */
class RangeInSteps {
  readonly #command: CountCommand;
  #from: Place;
  #to: Place | undefined;
  isDone = false;

  constructor(command: CountCommand) {
    this.#command = command;
    this.#from = command.from;
    this.#to = command.to;
  }

  params() {
    const { topic, partition, filter } = this.#command;
    return { topic, partition, filter, from: this.#from, to: this.#to };
  }

  add({ next, end, atEnd }: SurveyStep): void {
    this.#from = { kind: "cursors", cursors: next };
    this.#to = { kind: "cursors", cursors: end };
    this.isDone = atEnd;
  }
}

type Line = (fromMs: number | undefined, toMs: number | undefined, count: number) => string;

const jsonLine: Line = (fromMs, toMs, count) =>
  JSON.stringify({ from: time(fromMs), to: time(toMs), count });

const plainLine: Line = (fromMs, toMs, count) =>
  fromMs === undefined
    ? `${`before ${time(toMs) ?? ""}`.padEnd(31)}  ${count}`
    : `${(toMs === undefined ? "from   " : "       ") + (time(fromMs) ?? "")}  ${count}`;

function time(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}
