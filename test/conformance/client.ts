/** What the conformance scenarios ask of every client, whatever it is written in. */

export const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"] as const;
export type Codec = (typeof CODECS)[number];

/** A value that is absent on the wire is null, and is not the same as one of no bytes. */
export interface TestMessage {
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In order; a name may come twice. */
  readonly headers: readonly (readonly [string, Buffer])[];
  readonly timestampMs: number;
}

export interface Received extends TestMessage {
  readonly offset: number;
}

export interface ProduceOptions {
  readonly codec?: Codec;
  readonly idempotent?: boolean;
}

/** One member of a consumer group, which starts at the earliest offset where nothing is committed. */
export interface Member {
  /** The partitions it holds now. */
  readonly assigned: readonly number[];
  /** All that it was given, in the order in which it came. */
  readonly received: readonly Received[];
  /** Commits the next offset to read of each of these partitions; resolves when the lab has answered. */
  commit(positions: ReadonlyMap<number, number>): Promise<void>;
}

/** A running client. Methods reject with ClientError when the lab or the client refuses. */
export interface Session {
  createTopic(topic: string, partitions: number): Promise<void>;
  deleteTopic(topic: string): Promise<void>;
  /** Resolves when every message has been acknowledged. */
  produce(topic: string, messages: readonly TestMessage[], options?: ProduceOptions): Promise<void>;
  /** For each partition the first offset whose timestamp is not earlier; -1 where there is none. */
  offsetsAt(topic: string, timestampMs: number): Promise<Map<number, number>>;
  join(group: string, topic: string): Promise<Member>;
  /** Ends the client at once, without a farewell to the lab. */
  kill(): Promise<void>;
}

export class ClientError extends Error {
  /** Kafka's error code where the client tells it; -1 else. */
  readonly code: number;

  constructor(message: string, code: number) {
    super(message);
    this.code = code;
  }
}

/** A row of the table of clients. */
export interface Client {
  readonly name: string;
  /** Why it cannot run here. */
  readonly missing?: string | undefined;
  /** Codecs that it does not speak, with the reason. */
  readonly withoutCodec?: Readonly<Partial<Record<Codec, string>>>;
  /** Things that messages of this client cannot have. */
  readonly cannotSend?: ReadonlySet<"timestamps" | "order" | "binaryHeaders" | "emptyWithoutKey">;
  /** Scenarios that it cannot take part in, with the reason. */
  readonly cannot?: Readonly<Partial<Record<"idempotence" | "topicAdmin" | "leaderMoves", string>>>;
  /** How long it may take until two members share the partitions, if it is longer than usual. */
  readonly joinLimitMs?: number;
  start(bootstrap: string): Promise<Session>;
}
