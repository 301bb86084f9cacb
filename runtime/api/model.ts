/** The shapes that cross the boundary between the lab and what looks at it. Offsets are integers below 2^53. */

/** One partition's extent. It holds the offsets `startOffset` up to, not including, `endOffset`. */
export interface PartitionSummary {
  readonly partition: number;
  readonly startOffset: number;
  readonly endOffset: number;
  /** Bytes of record batches on disk, as stored (compressed if the producer compressed). */
  readonly sizeBytes: number;
}

export interface TopicSummary {
  readonly name: string;
  /** Kafka's topic id in its usual base64url form of 22 characters. */
  readonly id: string;
  /** Kept by the broker itself, such as `__consumer_offsets`. */
  readonly internal: boolean;
  readonly partitions: readonly PartitionSummary[];
}

/** Where a read begins, in every partition it covers. */
export type Position =
  | { readonly kind: "earliest" }
  | { readonly kind: "latest" }
  | { readonly kind: "offset"; readonly offset: number }
  /** The first record whose timestamp is at or after `timestampMs`. */
  | { readonly kind: "time"; readonly timestampMs: number }
  /** The newest `count` offsets of each partition. */
  | { readonly kind: "last"; readonly count: number };

/** The next offset to read in one partition. */
export interface PartitionCursor {
  readonly partition: number;
  readonly offset: number;
}

/** Key or value as far as it was sent: `bytes` may be only the head of `sizeBytes` bytes. Null means null. */
export interface FieldBytes {
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
}

export interface MessageHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** A record as a person sees it. A null value is a tombstone; an empty one is not. */
export interface Message {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the Unix epoch; -1 when the record has none. */
  readonly timestampMs: number;
  readonly timestampType: "create" | "append";
  readonly key: FieldBytes | null;
  readonly value: FieldBytes | null;
  readonly headers: readonly MessageHeader[];
}

/** Where a text is looked for. */
export type SearchedPart = "anywhere" | "key" | "value" | "headers";

/** Which messages are wanted. */
export type MessageFilter =
  /** The bytes of the text, in UTF-8; without regard to case when `matchCase` is false. */
  | {
      readonly kind: "text";
      readonly text: string;
      readonly part: SearchedPart;
      readonly matchCase: boolean;
    }
  /** A JavaScript regular expression over key, value or headers as text. */
  | {
      readonly kind: "regexp";
      readonly pattern: string;
      readonly part: SearchedPart;
      readonly matchCase: boolean;
    }
  /** A boolean expression of Flink SQL; those for which it is TRUE are wanted. */
  | { readonly kind: "sql"; readonly expression: string };

/** A key or value as text for a person. */
export interface DecodedField {
  readonly text: string;
  /** How an editor is to colour it. */
  readonly language: "json" | "xml" | "plaintext";
  /** The decoder that read it; `hex` when none that was tried could. */
  readonly decoder: string;
  /** By which schema of a registry it was read: "Avro, schema 12". */
  readonly schema?: string | undefined;
  /** Those that were tried before and why they could not, in order. */
  readonly tried: readonly { readonly decoder: string; readonly reason: string }[];
}

/** States as Kafka names them; `Assigning` and `Reconciling` are those of groups of KIP-848. */
export type GroupState =
  | "Empty"
  | "PreparingRebalance"
  | "CompletingRebalance"
  | "Assigning"
  | "Reconciling"
  | "Stable"
  | "Dead";

export interface GroupSummary {
  readonly groupId: string;
  readonly type: "classic" | "consumer";
  readonly state: GroupState;
}

export interface GroupMember {
  readonly memberId: string;
  /** Of a static member (`group.instance.id`). */
  readonly instanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
}

/** How far a group has come in one partition. */
export interface GroupProgress {
  readonly topic: string;
  readonly partition: number;
  /** The offset that is read next; undefined when none is committed. */
  readonly committed: number | undefined;
  /** Undefined when the partition does not exist any more. */
  readonly endOffset: number | undefined;
  /** Records between the two that can still be read; undefined when either is unknown. */
  readonly lag: number | undefined;
  /** Place in the list of members of the one that has the partition; undefined for none. */
  readonly member: number | undefined;
}

export interface GroupDetails extends GroupSummary {
  /** The generation of a classic group, the epoch of one of KIP-848. */
  readonly epoch: number;
  /** The assignment strategy; empty while there is none. */
  readonly assignor: string;
  readonly members: readonly GroupMember[];
  /** By topic and partition. */
  readonly progress: readonly GroupProgress[];
}

/** Where a group is to go on reading. */
export type ResetTarget =
  | { readonly kind: "earliest" }
  | { readonly kind: "latest" }
  | { readonly kind: "offset"; readonly offset: number }
  /** The first record whose timestamp is at or after this; the end where there is none. */
  | { readonly kind: "time"; readonly timestampMs: number }
  /** So many records forward, or back when negative, from what is committed. */
  | { readonly kind: "shift"; readonly by: number };

/** What a reset does to one partition. */
export interface ResetStep {
  readonly topic: string;
  readonly partition: number;
  /** What is committed now; undefined for nothing. */
  readonly from: number | undefined;
  readonly to: number;
  /** The target lay outside of what the partition holds, and was moved to its edge. */
  readonly clamped: boolean;
}

/** What a person or a file gives to be produced. */
export interface NewMessage {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly MessageHeader[];
  /** Chosen by the hash of the key (or in turn without a key) when undefined. */
  readonly partition: number | undefined;
  /** Now when undefined. */
  readonly timestampMs: number | undefined;
}

/** Where a produced message went. */
export interface Placement {
  readonly partition: number;
  readonly offset: number;
}

/** One of the brokers that the lab shows itself as to Kafka clients. */
export interface BrokerSummary {
  readonly id: number;
  readonly up: boolean;
  /** How many partitions it leads. */
  readonly leads: number;
  /** Where it is reached while it is up. */
  readonly listeners: readonly { readonly protocol: string; readonly bootstrap: string }[];
}

export interface LabInfo {
  readonly version: string;
  readonly pid: number;
  /** What a Kafka client takes as `bootstrap.servers`, such as `127.0.0.1:9092`; all brokers, with commas. */
  readonly bootstrap: string;
  /** The data folder. */
  readonly data: string;
  readonly startedAtMs: number;
}
