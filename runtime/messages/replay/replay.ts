import type { MoveReport, ReplayMove } from "../../api/moves.ts";
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
  const exists = target !== undefined;
  const report = (sent: Sent): Report => ({
    ...{ ...NOTHING_MOVED, moved: sent.count, skipped: sent.skipped, lastsMs: sent.lastsMs },
    first: sent.first,
    targets: [{ topic: move.topic, count: sent.count, exists }],
  });
  if (dryRun) {
    control.begin("check", () => reader.part);
    const counted = await count(reader, move, control, target);
    if (counted === undefined) return { ...NOTHING_MOVED, outcome: "stopped" };
    if ("kind" in counted) return counted;
    const { oldestMs } = counted;
    const warning =
      target && (await retentionWarning(deps.topicAdmin, move.topic, oldestMs, deps.clock.nowMs()));
    const checked = report(counted);
    const targets = checked.targets.map((each) => ({ ...each, ...(warning && { warning }) }));
    return { ...checked, targets };
  }
  const { rewriting } = move;
  const partitions =
    typeof rewriting.partition === "number" ? rewriting.partition + 1 : source.partitions.length;
  const keepsTimes = rewriting.timestamp === "keep";
  const topic = target ?? (await createTarget(cluster, move.topic, partitions, keepsTimes));
  if ("kind" in topic) return topic;
  if (move.paused) control.act("pause");
  const sending = new Sending({ ...deps, control }, move);
  control.begin("move", () => sending.sent.part);
  const fault2 = await sending.run(reader);
  if (fault2 !== undefined) return failure(fault2.code, sentBefore(fault2.message, sending.sent));
  return { ...report(sending.sent), outcome: control.isStopped ? "stopped" : "done" };
}

/** Why the target has no place for what is replayed; nothing is sent then. */
function partitionProblem(
  { topic, rewriting, source: { topic: from } }: ReplayMove,
  source: ClusterTopic,
  target: ClusterTopic | undefined,
): Failure | undefined {
  if (target === undefined || rewriting.partition === "by-key") return undefined;
  const has = target.partitions.length;
  const needs = rewriting.partition === "keep" ? source.partitions.length : rewriting.partition + 1;
  if (needs <= has) return undefined;
  const wanted =
    rewriting.partition === "keep"
      ? `${from} has ${needs} partitions`
      : `there is no partition ${needs - 1}`;
  return failure(
    "unknown-partition",
    `Topic ${topic} has ${has} partition(s), and ${wanted}. Place messages by their keys, or name a partition.`,
  );
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
