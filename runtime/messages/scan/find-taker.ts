import type { Message } from "../../api/model.ts";
import type { BatchHeader } from "../../record/batch.ts";
import type { RecordCursor } from "../../record/record-cursor.ts";
import { type FieldLimit, fieldOf } from "../message.ts";
import type { Rewriter } from "./rewriter.ts";
import type { Taker } from "./taker.ts";
import type { FindTask, FoundMessage } from "./task.ts";

/** Makes messages of records, up to a limit. */
export class FindTaker implements Taker {
  readonly messages: FoundMessage[] = [];
  readonly seenBefore: number[] = [];
  readonly counts: readonly number[] = [];
  readonly byHeader = 0;
  readonly #task: FindTask;
  readonly #partition: number;
  readonly #cursor: RecordCursor;
  readonly #rewriter: Rewriter | undefined;

  constructor(
    task: FindTask,
    partition: number,
    cursor: RecordCursor,
    rewriter: Rewriter | undefined,
  ) {
    this.#task = task;
    this.#partition = partition;
    this.#cursor = cursor;
    this.#rewriter = rewriter;
  }

  get isFull(): boolean {
    return this.messages.length >= this.#task.limit;
  }

  /** A batch that is older than what is wanted need not be unfolded. */
  takeBatch({ maxTimestampMs }: BatchHeader): boolean {
    const { times } = this.#task;
    return times !== undefined && maxTimestampMs < times.fromMs;
  }

  take({ timestampType }: BatchHeader, seenBefore: number): void {
    const { field, times } = this.#task;
    const { timestampMs } = this.#cursor;
    if (times !== undefined && (timestampMs < times.fromMs || timestampMs >= times.toMs)) return;
    this.seenBefore.push(seenBefore);
    const message = messageAt(this.#cursor, this.#partition, timestampType, field);
    const rewritten = this.#rewriter?.rewrite(this.#partition);
    this.messages.push(rewritten === undefined ? message : { ...message, rewritten });
  }
}

/** The record that a cursor is at as a message. Its bytes are copies. */
export function messageAt(
  cursor: RecordCursor,
  partition: number,
  timestampType: Message["timestampType"],
  limit: FieldLimit,
): Message {
  const part = (start: number, end: number, most: number) =>
    copied(fieldOf(start < 0 ? null : cursor.bytes.subarray(start, end), most));
  return {
    partition,
    offset: cursor.offset,
    timestampMs: cursor.timestampMs,
    timestampType,
    key: part(cursor.keyStart, cursor.keyEnd, limit.keyBytes),
    value: part(cursor.valueStart, cursor.valueEnd, limit.valueBytes),
    headers: Array.from(cursor.headers(), ({ key, value }) => ({
      key: key.toString("utf8"),
      value: value && Uint8Array.from(value),
    })),
  };
}

function copied(field: Message["key"]): Message["key"] {
  return field && { ...field, bytes: Uint8Array.from(field.bytes) };
}
