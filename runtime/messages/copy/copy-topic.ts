import type { Message } from "../../api/model.ts";
import type { CopyMove, MoveReport } from "../../api/moves.ts";
import type { Cluster, ClusterTopic } from "../../cluster/cluster.ts";
import type { TopicAdmin } from "../../cluster/topic-admin.ts";
import type { MoveControl } from "../moves/move-control.ts";
import { NOTHING_MOVED, shown } from "../moves/report.ts";
import { MessageRuns } from "../moves/runs.ts";
import { type Failure, failure, unknownTopic } from "../outcome.ts";
import type { Producer } from "../produce.ts";
import { SourceReader, type SourceReaderDeps } from "../range/source-reader.ts";
import { copyConfigs } from "./copy-configs.ts";
import { Digests } from "./digests.ts";

type Report = Omit<MoveReport, "elapsedMs">;

export interface CopyDeps extends SourceReaderDeps {
  readonly cluster: Cluster;
  readonly topicAdmin: TopicAdmin;
  readonly producer: Producer;
}

interface Copied {
  readonly kind: "copied" | "stopped";
  readonly count: number;
  readonly first: Message | undefined;
  readonly digests: Digests;
}

/**
 * Copies a topic with its partitions, configurations and records. What was copied is read again and compared;
 * a copy that was stopped, or is not the same, is deleted.
 */
export async function copyTopic(
  deps: CopyDeps,
  move: CopyMove,
  control: MoveControl,
  dryRun: boolean,
): Promise<Report | Failure> {
  const { cluster, topicAdmin } = deps;
  const { topic: name, target } = move;
  const topic = await cluster.topic(name);
  if (topic === undefined) return unknownTopic(name);
  if ((await cluster.topic(target)) !== undefined) {
    return failure(
      "topic-exists",
      `Topic ${target} is there already. Name a new topic, or replay.`,
    );
  }
  const configs = copyConfigs((await topicAdmin.configs(name)) ?? []);
  if (dryRun) return copy(deps, move, control, undefined).then((copied) => report(move, copied));
  const { length: partitions } = topic.partitions;
  const created = await cluster.createTopic({ name: target, partitions, configs: configs.first });
  if (created.kind === "refused") return failure("invalid-topic", created.message);
  let isWhole = false;
  try {
    const copied = await copy(deps, move, control, new MessageRuns(deps.producer, target));
    if (copied.kind !== "copied") return report(move, copied);
    const fault = await verify(deps, move, control, copied.digests);
    if (fault !== undefined) return fault;
    if (control.isStopped) return report(move, { ...copied, kind: "stopped" });
    const altered = await topicAdmin.alterConfigs(target, configs.last, false);
    if (altered.kind !== "altered") return notAltered(created.topic, altered);
    isWhole = true;
    return report(move, copied);
  } finally {
    if (!isWhole) await cluster.deleteTopic(target);
  }
}

/** Copies what there is at the beginning; without `runs` it is only counted. */
async function copy(
  deps: CopyDeps,
  { topic }: CopyMove,
  control: MoveControl,
  runs: MessageRuns | undefined,
): Promise<Copied | Failure> {
  const reader = await openAll(deps, topic);
  if ("kind" in reader) return reader;
  control.begin(runs === undefined ? "check" : "move", () => reader.part);
  const digests = new Digests();
  let count = 0;
  let first: Message | undefined;
  while (await control.turn()) {
    const message = await reader.next();
    if (message === undefined) {
      const fault = await runs?.flush();
      return fault ?? { kind: "copied", count, first, digests };
    }
    if ("kind" in message) return message;
    const { partition, timestampMs, headers, key, value } = message;
    const parts = { key: key?.bytes ?? null, value: value?.bytes ?? null };
    const fault = await runs?.add({ ...parts, partition, timestampMs, headers });
    if (fault !== undefined) return fault;
    if (runs !== undefined) digests.add(message);
    first ??= shown(message);
    count += 1;
    control.count(1);
  }
  return { kind: "stopped", count: 0, first: undefined, digests };
}

/** Reads the copy and compares it with what was copied. */
async function verify(
  deps: CopyDeps,
  { topic, target }: CopyMove,
  control: MoveControl,
  wanted: Digests,
): Promise<Failure | undefined> {
  const reader = await openAll(deps, target);
  if ("kind" in reader) return reader;
  control.begin("verify", () => reader.part);
  const found = new Digests();
  while (await control.turn()) {
    const message = await reader.next();
    if (message === undefined) break;
    if ("kind" in message) return message;
    found.add(message);
    control.count(1);
  }
  if (control.isStopped) return undefined;
  const [copied, is] = [wanted.finish(), found.finish()];
  for (const partition of new Set([...copied.keys(), ...is.keys()])) {
    const [a = "nothing", b = "nothing"] = [copied.get(partition), is.get(partition)];
    if (a === b) continue;
    return failure(
      "internal",
      `Partition ${partition} of ${topic} has ${a}, and that of ${target} has ${b}. The copy was deleted; ` +
        "somebody may have written to it. Copy again.",
    );
  }
  return undefined;
}

function openAll(deps: CopyDeps, topic: string): Promise<SourceReader | Failure> {
  return SourceReader.open(deps, { kind: "range", topic, from: { kind: "earliest" } });
}

function report({ target }: CopyMove, copied: Copied | Failure): Report | Failure {
  if (copied.kind === "failed") return copied;
  if (copied.kind === "stopped") return { ...NOTHING_MOVED, outcome: "stopped" };
  const { count, first } = copied;
  const targets = [{ topic: target, count, exists: false }];
  return { ...NOTHING_MOVED, moved: count, first, targets };
}

function notAltered(
  { name }: ClusterTopic,
  outcome: Exclude<Awaited<ReturnType<TopicAdmin["alterConfigs"]>>, { kind: "altered" }>,
): Failure {
  const message =
    outcome.kind === "invalid"
      ? outcome.faults.map((fault) => fault.message).join(" ")
      : outcome.message;
  return failure("internal", `The configurations of ${name} could not be set: ${message}`);
}
