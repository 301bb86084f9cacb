import type { Disposable } from "../core/lifetime.ts";
import type {
  AppendOutcome,
  Cluster,
  ClusterTopic,
  CreateTopicOutcome,
  Cursor,
  DecidedRecords,
  DeleteTopicOutcome,
  ReadOutcome,
  Refusal,
  WaitOutcome,
} from "./cluster.ts";

/**
 * A cluster that can only be looked at. This is where writing is refused, whoever asks: what moves, produces
 * or administers goes through a `Cluster`, whether a window, a command or a program wants it.
 */
export class ReadOnlyCluster implements Cluster {
  readonly readOnly = true;
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  topics(): Promise<readonly ClusterTopic[]> {
    return this.#cluster.topics();
  }

  topic(name: string): Promise<ClusterTopic | undefined> {
    return this.#cluster.topic(name);
  }

  createTopic(): Promise<CreateTopicOutcome> {
    return Promise.resolve(refusal("Topics cannot be created."));
  }

  deleteTopic(): Promise<DeleteTopicOutcome> {
    return Promise.resolve(refusal("Topics cannot be deleted."));
  }

  read(topic: string, partition: number, offset: number, maxBytes: number): Promise<ReadOutcome> {
    return this.#cluster.read(topic, partition, offset, maxBytes);
  }

  decided(topic: string, partition: number, from: number): Promise<DecidedRecords> {
    return this.#cluster.decided(topic, partition, from);
  }

  offsetForTime(topic: string, partition: number, timeMs: number): Promise<number | undefined> {
    return this.#cluster.offsetForTime(topic, partition, timeMs);
  }

  append(): Promise<AppendOutcome> {
    return Promise.resolve(refusal("Messages cannot be sent."));
  }

  waitForData(
    topic: string,
    cursors: readonly Cursor[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<WaitOutcome> {
    return this.#cluster.waitForData(topic, cursors, timeoutMs, signal);
  }

  onChange(listener: (topic: string) => void): Disposable {
    return this.#cluster.onChange(listener);
  }
}

function refusal(what: string): Refusal<"read-only"> {
  return { kind: "refused", reason: "read-only", message: `The connection is read-only. ${what}` };
}
