import type { NewMessage } from "../../api/model.ts";
import type { Failure } from "../outcome.ts";
import type { Producer } from "../produce.ts";

/** Messages of one run, and bytes of their keys and values. */
const MAX_RUN_MESSAGES = 1_000;
const MAX_RUN_BYTES = 1024 * 1024;

/** Produces messages to one topic in runs, each after the one before it has been taken. */
export class MessageRuns {
  readonly #producer: Producer;
  readonly #topic: string;
  #run: NewMessage[] = [];
  #runBytes = 0;
  #placed = 0;

  constructor(producer: Producer, topic: string) {
    this.#producer = producer;
    this.#topic = topic;
  }

  /** Messages that the topic has taken. */
  get placed(): number {
    return this.#placed;
  }

  /** Messages that were added and are not produced yet. */
  get pending(): number {
    return this.#run.length;
  }

  /** Adds a message; returns when there is room for more. */
  async add(message: NewMessage): Promise<Failure | undefined> {
    this.#run.push(message);
    this.#runBytes += (message.key?.length ?? 0) + (message.value?.length ?? 0);
    const isFull = this.#run.length >= MAX_RUN_MESSAGES || this.#runBytes >= MAX_RUN_BYTES;
    return isFull ? this.flush() : undefined;
  }

  /** Produces what has been added. */
  async flush(): Promise<Failure | undefined> {
    const run = this.#run;
    if (run.length === 0) return undefined;
    this.#run = [];
    this.#runBytes = 0;
    const outcome = await this.#producer.produce(this.#topic, run);
    if (outcome.kind === "failed") return outcome;
    this.#placed += run.length;
    return undefined;
  }
}
