/** What a fetch asks of one partition; the rest of the request is for followers. */
export interface FetchPartition {
  readonly partition: number;
  readonly currentLeaderEpoch: number;
  readonly fetchOffset: number;
  readonly partitionMaxBytes: number;
}

interface TopicOf<Partition> {
  /** Empty from version 13 on, which names topics by id. */
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: readonly Partition[];
}

export type FetchTopic = TopicOf<FetchPartition>;
export type ForgottenTopic = TopicOf<number>;

/** What of an answer decides whether a client has to hear of it again. */
export interface PartitionAnswer {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly logStartOffset: number;
  readonly records: Buffer;
}

/** The answers of one topic; partitions that have nothing new are taken out in place. */
export interface TopicAnswer<Answer extends PartitionAnswer> {
  readonly topic: string;
  readonly topicId: string;
  partitions: Answer[];
}

interface Cached {
  readonly topic: string;
  readonly topicId: string;
  wanted: FetchPartition;
  /** As last told; -1 after an error, so that the partition is told again when it is over. */
  highWatermark: number;
  logStartOffset: number;
}

const LAST_EPOCH = 2 ** 31 - 1;

function keyOf(topic: string, topicId: string, partition: number): string {
  return `${partition} ${topicId} ${topic}`;
}

/** Only what a session keeps: a decoded request has more. */
function copyOf(wanted: FetchPartition): FetchPartition {
  const { partition, currentLeaderEpoch, fetchOffset, partitionMaxBytes } = wanted;
  return { partition, currentLeaderEpoch, fetchOffset, partitionMaxBytes };
}

/** The partitions that one client fetches again and again, and what it was told of each (KIP-227). */
export class FetchSession {
  readonly id: number;
  readonly usesTopicIds: boolean;
  readonly createdAtMs: number;
  usedAtMs: number;
  /** The epoch that the next request must have. */
  epoch = 1;
  readonly #partitions = new Map<string, Cached>();

  constructor(id: number, usesTopicIds: boolean, nowMs: number) {
    this.id = id;
    this.usesTopicIds = usesTopicIds;
    this.createdAtMs = nowMs;
    this.usedAtMs = nowMs;
  }

  get size(): number {
    return this.#partitions.size;
  }

  advance(): void {
    this.epoch = this.epoch === LAST_EPOCH ? 1 : this.epoch + 1;
  }

  /** Adds or changes partitions, and then leaves out those that are forgotten. */
  update(topics: readonly FetchTopic[], forgotten: readonly ForgottenTopic[]): void {
    for (const { topic, topicId, partitions } of topics) {
      for (const wanted of partitions) {
        const key = keyOf(topic, topicId, wanted.partition);
        const known = this.#partitions.get(key);
        if (known !== undefined) known.wanted = copyOf(wanted);
        else {
          const untold = { highWatermark: -1, logStartOffset: -1 };
          this.#partitions.set(key, { topic, topicId, wanted: copyOf(wanted), ...untold });
        }
      }
    }
    for (const { topic, topicId, partitions } of forgotten) {
      for (const index of partitions) this.#partitions.delete(keyOf(topic, topicId, index));
    }
  }

  /** Everything the session fetches, the partitions that waited longest for data first. */
  topics(): FetchTopic[] {
    const topics: (FetchTopic & { readonly partitions: FetchPartition[] })[] = [];
    for (const { topic, topicId, wanted } of this.#partitions.values()) {
      const last = topics.at(-1);
      if (last?.topic === topic && last.topicId === topicId) last.partitions.push(wanted);
      else topics.push({ topic, topicId, partitions: [wanted] });
    }
    return topics;
  }

  /** Takes note of what the client is told, and leaves out what it knows already. */
  changes<Answer extends PartitionAnswer>(answers: readonly TopicAnswer<Answer>[]) {
    return answers.filter((answer) => {
      const { topic, topicId } = answer;
      answer.partitions = answer.partitions.filter((one) => this.#tell(topic, topicId, one));
      return answer.partitions.length > 0;
    });
  }

  #tell(topic: string, topicId: string, answer: PartitionAnswer): boolean {
    const key = keyOf(topic, topicId, answer.partitionIndex);
    const known = this.#partitions.get(key);
    if (known === undefined) return true;
    const failed = answer.errorCode !== 0;
    const hasData = answer.records.length > 0;
    const isNews =
      failed ||
      hasData ||
      known.highWatermark !== answer.highWatermark ||
      known.logStartOffset !== answer.logStartOffset;
    known.highWatermark = failed ? -1 : answer.highWatermark;
    known.logStartOffset = answer.logStartOffset;
    if (hasData) {
      // The next answer begins with the others, so that a busy partition starves none.
      this.#partitions.delete(key);
      this.#partitions.set(key, known);
    }
    return isNews;
  }
}
