import path from "node:path";
import type { NewMessage } from "../../api/model.ts";
import type { ImportMove, MoveReport, MoveTarget } from "../../api/moves.ts";
import type { Cluster, ClusterTopic } from "../../cluster/cluster.ts";
import type { TopicAdmin } from "../../cluster/topic-admin.ts";
import type { Clock } from "../../core/clock.ts";
import type { MoveControl } from "../moves/move-control.ts";
import { NOTHING_MOVED, shownNew } from "../moves/report.ts";
import { olderOf, retentionWarning } from "../moves/retention.ts";
import { MessageRuns } from "../moves/runs.ts";
import { createTarget, findTarget } from "../moves/target.ts";
import { type Failure, failure } from "../outcome.ts";
import { messageProblem, type Producer } from "../produce.ts";
import type { FileItem, PlacedMessage } from "./file-item.ts";
import { fileExtent, fileMessages } from "./file-messages.ts";
import { diskFailure } from "./partial-file.ts";

type Report = Omit<MoveReport, "elapsedMs">;

/** Most partitions of a topic that an import creates. */
const MAX_PARTITIONS = 10_000;

export interface ImportDeps {
  readonly clock: Clock;
  readonly topicAdmin: TopicAdmin;
  readonly cluster: Cluster;
  readonly producer: Producer;
}

/** What the first walk over a file has found. */
interface Checked {
  readonly kind: "checked";
  readonly messages: number;
  /** One more than the highest partition that a message is for; undefined when none says. */
  readonly partitions: number | undefined;
  readonly first: NewMessage | undefined;
  readonly oldestMs: number;
  /** The one that a topic would refuse first. */
  readonly largest: PlacedMessage | undefined;
}

/**
 * Sends the messages of a file or folder. The whole of it is looked at first: where a message is wrong, the
 * failure names the place and nothing is sent.
 */
export async function importMessages(
  deps: ImportDeps,
  move: ImportMove,
  control: MoveControl,
  dryRun: boolean,
): Promise<Report | Failure> {
  try {
    return await new Import(deps, move, control).run(dryRun);
  } catch (error) {
    return diskFailure("read", move.path, error);
  }
}

class Import {
  readonly #deps: ImportDeps;
  readonly #move: ImportMove;
  readonly #control: MoveControl;

  constructor(deps: ImportDeps, move: ImportMove, control: MoveControl) {
    this.#deps = deps;
    this.#move = move;
    this.#control = control;
  }

  async run(dryRun: boolean): Promise<Report | Failure> {
    const { path: file, format, topic: name, skip } = this.#move;
    const { sizeBytes, mark } = await fileExtent(file, format);
    const found = await findTarget(this.#deps.cluster, name);
    if (found !== undefined && "kind" in found) return found;
    const checked = await this.#check(found, sizeBytes);
    if (checked === undefined) return { ...NOTHING_MOVED, outcome: "stopped" };
    if (checked.kind === "failed") return checked;
    const skipped = Math.min(skip, checked.messages);
    const count = checked.messages - skipped;
    const warning = found && (await this.#warning(checked.oldestMs));
    const exists = found !== undefined;
    const target: MoveTarget = { topic: name, count, exists, ...(warning && { warning }) };
    const first = checked.first && shownNew(checked.first);
    const report = { ...NOTHING_MOVED, skipped, first, targets: [target], sizeBytes };
    if (dryRun || count === 0) return { ...report, moved: count };
    const topic = found ?? (await this.#create(checked));
    if ("kind" in topic) return topic;
    if ((await fileExtent(file, format)).mark !== mark) return this.#changed(0);
    const sent = await this.#send(sizeBytes);
    if ("kind" in sent) return sent;
    const outcome = sent.moved < count ? "stopped" : "done";
    return { ...report, outcome, moved: sent.moved, targets: [{ ...target, count: sent.moved }] };
  }

  /** Looks at every message; undefined when it was stopped. */
  async #check(
    topic: ClusterTopic | undefined,
    sizeBytes: number,
  ): Promise<Checked | Failure | undefined> {
    let messages = 0;
    let partitions: number | undefined;
    let first: NewMessage | undefined;
    let largest: PlacedMessage | undefined;
    let oldestMs = Infinity;
    for await (const item of this.#items("check", sizeBytes)) {
      if (!(await this.#control.turn())) return undefined;
      if (item.kind === "fault") return this.#fault(item.place, item.message);
      const message = this.#placed(item.message);
      const problem = topic && messageProblem(topic, message, "The message");
      if (problem !== undefined) return this.#fault(item.place, problem.message, problem.code);
      if (message.partition !== undefined) {
        partitions = Math.max(partitions ?? 0, message.partition + 1);
      }
      if (largest === undefined || bytesOf(message) > bytesOf(largest.message)) {
        largest = { ...item, message };
      }
      oldestMs = olderOf(oldestMs, message.timestampMs);
      messages += 1;
      if (messages === this.#move.skip + 1) first = message;
      this.#control.count(1);
    }
    if (topic === undefined && (partitions ?? 1) > MAX_PARTITIONS) {
      return failure(
        "invalid-partitions",
        `${this.#move.path} names partition ${(partitions ?? 1) - 1}. Create the topic first, or place by key.`,
      );
    }
    return { kind: "checked", messages, partitions, first, oldestMs, largest };
  }

  async #send(sizeBytes: number): Promise<{ readonly moved: number } | Failure> {
    const { topic, skip } = this.#move;
    const runs = new MessageRuns(this.#deps.producer, topic);
    let place = 0;
    for await (const item of this.#items("move", sizeBytes)) {
      if (!(await this.#control.turn())) break;
      place += 1;
      if (item.kind === "fault") return this.#changed(runs.placed);
      if (place <= skip) continue;
      const fault = await runs.add(this.#placed(item.message));
      if (fault !== undefined) return this.#interrupted(fault, runs.placed);
      this.#control.count(1);
    }
    const fault = await runs.flush();
    return fault === undefined ? { moved: runs.placed } : this.#interrupted(fault, runs.placed);
  }

  #items(phase: "check" | "move", sizeBytes: number): AsyncGenerator<FileItem, void> {
    const { path: file, format } = this.#move;
    let readBytes = 0;
    this.#control.begin(phase, () => (sizeBytes === 0 ? 1 : readBytes / sizeBytes));
    return fileMessages(file, format, (bytes) => (readBytes += bytes));
  }

  /** The message as it is sent: with the partition and the time that the file names, or without. */
  #placed(message: NewMessage): NewMessage {
    const { keepPartition, keepTimestamp } = this.#move;
    return {
      ...message,
      partition: keepPartition ? message.partition : undefined,
      timestampMs: keepTimestamp ? message.timestampMs : undefined,
    };
  }

  #warning(oldestMs: number): Promise<string | undefined> {
    const { clock, topicAdmin } = this.#deps;
    return retentionWarning(topicAdmin, this.#move.topic, oldestMs, clock.nowMs());
  }

  /** Makes the topic, which is left out again when it cannot take what is in the file. */
  async #create({ partitions, largest }: Checked): Promise<ClusterTopic | Failure> {
    const { topic: name } = this.#move;
    const { cluster } = this.#deps;
    const topic = await createTarget(cluster, name, partitions, this.#move.keepTimestamp);
    if ("kind" in topic) return topic;
    const problem = largest && messageProblem(topic, largest.message, "The message");
    if (problem === undefined) return topic;
    await cluster.deleteTopic(name);
    return this.#fault(largest?.place ?? "", problem.message, problem.code);
  }

  #fault(place: string, message: string, code: Failure["code"] = "bad-request"): Failure {
    const name = path.basename(this.#move.path);
    return failure(code, `${name}: ${place}: ${message.replace(/\.$/, "")}. Nothing was sent.`);
  }

  #changed(sent: number): Failure {
    return failure(
      "bad-request",
      `${this.#move.path} was changed while it was read. ${sentText(sent + this.#move.skip)}`,
    );
  }

  #interrupted({ code, message }: Failure, sent: number): Failure {
    return failure(code, `${message} ${sentText(sent + this.#move.skip)}`);
  }
}

function bytesOf({ key, value, headers }: NewMessage): number {
  const ofHeaders = headers.reduce((sum, header) => sum + (header.value?.length ?? 0), 0);
  return (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders;
}

function sentText(sent: number): string {
  if (sent === 0) return "Nothing was sent.";
  return `The first ${sent} messages were sent. Leave them out when you go on (--skip ${sent}).`;
}
