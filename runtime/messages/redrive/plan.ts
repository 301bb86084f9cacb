import type { Message, NewMessage } from "../../api/model.ts";
import { type MoveTarget, REDRIVE_HEADER, type RedriveMove } from "../../api/moves.ts";
import type { Cluster, ClusterTopic } from "../../cluster/cluster.ts";
import { messageProblem } from "../produce.ts";
import type { Address } from "./ledger.ts";
import { originOf, withoutError } from "./origin.ts";

/** Most topics that dead letters of one redrive can come from. */
const MAX_TOPICS = 1_000;

/** What is to be done with one dead letter. */
export type Placed =
  | { readonly kind: "sent"; readonly topic: string; readonly message: NewMessage }
  | { readonly kind: "left-out"; readonly topic: string | null; readonly problem: string };

/** Says where dead letters go, and counts them by target and problem. */
export class RedrivePlan {
  readonly #cluster: Cluster;
  readonly #move: RedriveMove;
  readonly #topics = new Map<string, ClusterTopic | undefined>();
  readonly #targets = new Map<string, { row: MoveTarget; count: number }>();

  constructor(cluster: Cluster, move: RedriveMove) {
    this.#cluster = cluster;
    this.#move = move;
  }

  /** A row for each target and problem, in the order in which they were met. */
  get targets(): readonly MoveTarget[] {
    return Array.from(this.#targets.values(), ({ row, count }) => ({ ...row, count }));
  }

  /** The topics that something goes to. */
  get receivers(): readonly ClusterTopic[] {
    const names = new Set(this.targets.flatMap(({ topic, problem }) => (problem ? [] : [topic])));
    return [...names].flatMap((name) => (name === null ? [] : (this.#topics.get(name) ?? [])));
  }

  /** Where a dead letter goes; it is counted. */
  async place(letter: Message): Promise<Placed> {
    const placed = await this.#place(letter);
    const problem = placed.kind === "left-out" ? placed.problem : undefined;
    const { topic } = placed;
    const key = JSON.stringify([topic, problem]);
    const known = this.#targets.get(key);
    if (known !== undefined) {
      known.count += 1;
    } else {
      const exists = topic !== null && this.#topics.get(topic) !== undefined;
      this.#targets.set(key, { row: { topic, count: 0, exists, problem }, count: 1 });
    }
    return placed;
  }

  async #place(letter: Message): Promise<Placed> {
    const { header } = this.#move;
    const origin = originOf(letter.headers, header);
    const leftOut = (topic: string | null, problem: string): Placed => {
      return { kind: "left-out", topic, problem };
    };
    if (origin === undefined) return leftOut(null, noOrigin(header));
    const { topic } = origin;
    if (topic === this.#move.source.topic) return leftOut(topic, "it is the topic of dead letters");
    if (!this.#topics.has(topic)) {
      if (this.#topics.size >= MAX_TOPICS) return leftOut(null, `more than ${MAX_TOPICS} topics`);
      this.#topics.set(topic, await this.#cluster.topic(topic));
    }
    const target = this.#topics.get(topic);
    if (target === undefined) return leftOut(topic, "there is no such topic");
    if (target.internal) return leftOut(topic, "it belongs to the broker");
    const { partition } = origin;
    const isThere = partition !== undefined && partition < target.partitions.length;
    const message: NewMessage = {
      key: letter.key?.bytes ?? null,
      value: letter.value?.bytes ?? null,
      headers: this.#headers(letter),
      partition: isThere ? partition : undefined,
      timestampMs: undefined,
    };
    const problem = messageProblem(target, message, "a message");
    return problem === undefined
      ? { kind: "sent", topic, message }
      : leftOut(topic, "the message is larger than the topic's max.message.bytes");
  }

  #headers(letter: Message): NewMessage["headers"] {
    const { source, header, keepErrorHeaders } = this.#move;
    const kept = keepErrorHeaders ? letter.headers : withoutError(letter.headers, header);
    const address = Buffer.from(addressText(source.topic, letter));
    return [
      ...kept.filter(({ key }) => key !== REDRIVE_HEADER),
      { key: REDRIVE_HEADER, value: address },
    ];
  }
}

function noOrigin(header: string | undefined): string {
  return header === undefined
    ? "no header names the topic that it came from"
    : `there is no header ${header}`;
}

function addressText(topic: string, { partition, offset }: Address): string {
  return `${topic}/${partition}/${offset}`;
}

/** The address in the header of a message that a redrive of this topic sent; undefined for others. */
export function addressOf(topic: string, { headers }: Message): Address | undefined {
  const value = headers.find(({ key }) => key === REDRIVE_HEADER)?.value;
  const text = value ? Buffer.from(value).toString() : "";
  if (!text.startsWith(`${topic}/`)) return undefined;
  const [, partition, offset] = /^(\d{1,10})\/(\d{1,16})$/.exec(text.slice(topic.length + 1)) ?? [];
  if (partition === undefined || offset === undefined) return undefined;
  return { partition: Number(partition), offset: Number(offset) };
}
