import type { Message } from "../../../runtime/wire/kafka/schema.ts";

/** The lab died before it answered: what was asked for may have been done, or not, or in part. */
export class LabDied extends Error {
  override readonly name = "LabDied";
}

/** How a lab ends before it starts again. */
export type Ending = "stop" | "kill -9" | "power cut";

/** A lab that a model is held against: in this process on a disk that lies, or as users run it. */
export interface ModelledLab {
  /** What producers ask for. */
  readonly transactionTimeoutMs: number;
  /** Whether topics may be told to let old records go: only where the model says when that happens. */
  readonly mayExpire: boolean;
  nowMs(): number;
  /** Asks as a client does, once. Rejects with {@link LabDied} when there is no answer. */
  ask<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, never>,
    version: number,
    value: In,
  ): Promise<Out>;
  /** First offsets of a partition's segments, by the names of their files, in order. */
  segments(topic: string, partition: number): number[];
  /** Whether the disk may refuse something now: then errors prove nothing. */
  readonly isFaulty: boolean;
  /** Lets what was begun by itself, such as markers after a start, come to its end. */
  settle(): Promise<void>;
  /** Ends it, unless it has died already, and starts it again on the same data. */
  restart(ending: Ending): Promise<void>;
  dispose(): Promise<void>;
}
