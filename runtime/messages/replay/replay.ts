import type { MoveReport, MoveSource, ReplayMove } from "../../api/moves.ts";
import type { Cluster, ClusterTopic } from "../../cluster/cluster.ts";
import type { TopicAdmin } from "../../cluster/topic-admin.ts";
import type { Clock } from "../../core/clock.ts";
import type { MoveControl } from "../moves/move-control.ts";
import { NOTHING_MOVED, shownNew } from "../moves/report.ts";
import { olderOf, retentionWarning } from "../moves/retention.ts";
import { createTarget, findTarget } from "../moves/target.ts";
import { type Failure, failure, unknownTopic } from "../outcome.ts";
import { messageProblem, type Producer } from "../produce.ts";
import { SourceReader, type SourceReaderDeps } from "../range/source-reader.ts";
import { checkRewriting, newPartsOf, rewrite } from "./rewrite.ts";
import { NOTHING_SENT, type Sent, Sending } from "./sending.ts";
import { Timeline } from "./timeline.ts";

type Report = Omit<MoveReport, "elapsedMs">;

export interface ReplayDeps extends SourceReaderDeps {
  readonly cluster: Cluster;
  readonly topicAdmin: TopicAdmin;
  readonly producer: Producer;
  readonly clock: Clock;
}

/** Publishes messages again, in the rhythm in which they were recorded or as fast as possible. */
export async function replayMessages(
  deps: ReplayDeps,
  move: ReplayMove,
  control: MoveControl,
  dryRun: boolean,
): Promise<Report | Failure> {
  const { cluster } = deps;
  const fault = checkRewriting(move.rewriting);
  if (fault !== undefined) return fault;
  const source = await cluster.topic(move.source.topic);
  if (source === undefined) return unknownTopic(move.source.topic);
  const target = await findTarget(cluster, move.topic);
  if (target !== undefined && "kind" in target) return target;
  const problem = partitionProblem(move, source, target);
  if (problem !== undefined) return problem;
  const reader = await SourceReader.open(deps, move.source, newPartsOf(move.rewriting));
  if ("kind" in reader) return reader;
  if (dryRun) return lookThrough(deps, move, control, reader, target);
  const { partition, timestamp } = move.rewriting;
  const partitions = typeof partition === "number" ? partition + 1 : source.partitions.length;
  const topic =
    target ?? (await createTarget(cluster, move.topic, partitions, timestamp === "keep"));
  if ("kind" in topic) return topic;
  if (move.paused) control.act("pause");
  const sending = new Sending({ ...deps, control }, move);
  control.begin("move", () => sending.sent.part);
  const failed = await sending.run(reader);
  if (failed !== undefined) return failure(failed.code, sentBefore(failed.message, sending.sent));
  const outcome = control.isStopped ? "stopped" : "done";
  return { ...reportOf(move, sending.sent, target), outcome };
}

function reportOf(
  { topic }: ReplayMove,
  { count, skipped, lastsMs, first }: Sent,
  target: ClusterTopic | undefined,
): Report {
  const targets = [{ topic, count, exists: target !== undefined }];
  return { ...NOTHING_MOVED, moved: count, skipped, lastsMs, first, targets };
}

/** Says what a replay would send, and sends nothing. */
async function lookThrough(
  { topicAdmin, clock }: ReplayDeps,
  move: ReplayMove,
  control: MoveControl,
  reader: SourceReader,
  target: ClusterTopic | undefined,
): Promise<Report | Failure> {
  control.begin("check", () => reader.part);
  const counted = await count(reader, move, control, target);
  if (counted === undefined) return { ...NOTHING_MOVED, outcome: "stopped" };
  if ("kind" in counted) return counted;
  const report = reportOf(move, counted, target);
  if (target === undefined) return report;
  const { oldestMs } = counted;
  const warning = await retentionWarning(topicAdmin, move.topic, oldestMs, clock.nowMs());
  return { ...report, targets: report.targets.map((each) => ({ ...each, warning })) };
}

/** Why the target has no place for what is replayed; nothing is sent then. */
function partitionProblem(
  { topic, rewriting: { partition }, source }: ReplayMove,
  from: ClusterTopic,
  target: ClusterTopic | undefined,
): Failure | undefined {
  if (target === undefined || partition === "by-key") return undefined;
  const has = target.partitions.length;
  const highest = partition === "keep" ? highestPartition(source, from) : partition;
  if (highest < has) return undefined;
  const what = partition === "keep" ? `and ${from.name} has` : "so that there is no";
  return failure(
    "unknown-partition",
    `Topic ${topic} has ${has} partition(s), ${what} partition ${highest}. Place messages by their keys, or name a partition.`,
  );
}

function highestPartition(source: MoveSource, from: ClusterTopic): number {
  if (source.kind === "range") return source.partition ?? from.partitions.length - 1;
  return source.messages.reduce((highest, { partition }) => Math.max(highest, partition), 0);
}

/** What a replay would send, up to the end; undefined when it was stopped. */
async function count(
  reader: SourceReader,
  move: ReplayMove,
  control: MoveControl,
  target: ClusterTopic | undefined,
): Promise<Sent | Failure | undefined> {
  const timeline = new Timeline(move.speed, move.maxGapMs);
  const sent: Sent = { ...NOTHING_SENT };
  while (await control.turn()) {
    const message = await reader.next();
    if (message === undefined) return sent;
    if ("kind" in message) return message;
    control.count(1);
    sent.lastsMs = timeline.place(message.timestampMs);
    const replayed = rewrite(message, move.rewriting);
    if (replayed === "left-out") {
      sent.skipped += 1;
      continue;
    }
    const place = `The message at offset ${message.offset} of partition ${message.partition}`;
    const problem = target && messageProblem(target, replayed, place);
    if (problem !== undefined) return problem;
    sent.oldestMs = olderOf(sent.oldestMs, replayed.timestampMs);
    sent.count += 1;
    sent.first ??= shownNew(replayed, message);
  }
  return undefined;
}

function sentBefore(message: string, { count: sent }: Sent): string {
  return sent === 0 ? message : `${message} Before that, ${sent} message(s) were sent.`;
}
