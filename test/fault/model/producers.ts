/** Producers without transactions: what they send, and what they must be told. */
import assert from "node:assert/strict";
import { KAFKA_ERRORS } from "../../../runtime/wire/kafka/errors.ts";
import { initProducer, produce } from "./calls.ts";
import type { PartitionHistory } from "./history.ts";
import { newBatch, type Sent } from "./sent.ts";
import type { World } from "./world.ts";

/** Sends a batch and takes note of its fate; returns the error. Throws {@link LabDied}. */
export async function send(world: World, sent: Sent, transactionalId: string | null = null) {
  const { lab, ledger } = world;
  const wasFaulty = lab.isFaulty;
  if (sent.fate === "gone") sent.fate = "unknown";
  ledger.note(sent);
  // The broker stamps offsets into the bytes that it gets.
  const bytes = Buffer.from(sent.bytes);
  const { error, baseOffset } = await produce(lab, sent.to, transactionalId, bytes);
  if (error === KAFKA_ERRORS.NONE) {
    sent.fate = "acked";
    sent.baseOffset = baseOffset;
  } else {
    sent.fate = "refused";
    if (error === KAFKA_ERRORS.KAFKA_STORAGE_ERROR) assert.ok(wasFaulty, "a disk that is well");
  }
  return error;
}

/** Sends batches without a name: nobody can tell whether one without an answer was stored. */
export async function sendPlain(world: World, to: PartitionHistory): Promise<void> {
  const sent = newBatch(world, to, world.lab.nowMs());
  const error = await send(world, sent);
  const isExpected = error === KAFKA_ERRORS.NONE || error === KAFKA_ERRORS.KAFKA_STORAGE_ERROR;
  assert.ok(isExpected, `error ${error}`);
}

/** Where an idempotent producer is in one partition. */
interface Position {
  next: number;
  /** Its newest batch. */
  last: Sent | undefined;
}

/** Sends a batch again until it has an answer, and never gets one stored twice (KIP-98). */
export class IdempotentProducer {
  readonly #world: World;
  readonly #positions = new Map<PartitionHistory, Position>();
  #producerId = -1;

  constructor(world: World) {
    this.#world = world;
  }

  async act(to: PartitionHistory): Promise<void> {
    const { random } = this.#world;
    if (this.#producerId < 0 && !(await this.#init())) return;
    const position = this.#positions.get(to) ?? { next: 0, last: undefined };
    this.#positions.set(to, position);
    const { last } = position;
    if (last !== undefined && last.fate !== "acked" && last.fate !== "stored") {
      await this.#again(position, last);
    } else if (last !== undefined && random.below(6) === 0) {
      await this.#twice(last);
    } else if (random.below(10) === 0) {
      await this.#outOfOrder(to, position);
    } else {
      const producer = { id: this.#producerId, epoch: 0, baseSequence: position.next };
      position.last = newBatch(this.#world, to, this.#world.lab.nowMs(), producer);
      await this.#first(position, position.last);
    }
  }

  async #init(): Promise<boolean> {
    const { lab } = this.#world;
    const wasFaulty = lab.isFaulty;
    const { error, producerId } = await initProducer(lab, null, 0);
    if (error === KAFKA_ERRORS.NONE) this.#producerId = producerId;
    else assert.ok(wasFaulty, `no producer id: error ${error}`);
    return error === KAFKA_ERRORS.NONE;
  }

  async #first(position: Position, sent: Sent): Promise<void> {
    const error = await send(this.#world, sent);
    if (error === KAFKA_ERRORS.NONE) position.next += sent.records.length;
    else assert.equal(error, KAFKA_ERRORS.KAFKA_STORAGE_ERROR);
  }

  /** The answer did not come: the same batch again, whether it is in the log or not. */
  #again(position: Position, last: Sent): Promise<void> {
    return this.#first(position, last);
  }

  /** A batch that has been stored is answered with its offset, and not stored again. */
  async #twice({ bytes, to, baseOffset }: Sent): Promise<void> {
    const { lab } = this.#world;
    const wasFaulty = lab.isFaulty;
    const answer = await produce(lab, to, null, Buffer.from(bytes));
    // It shares a write with others.
    if (wasFaulty && answer.error === KAFKA_ERRORS.KAFKA_STORAGE_ERROR) return;
    assert.deepEqual(answer, { error: KAFKA_ERRORS.NONE, baseOffset }, `${to.name}: sent twice`);
  }

  async #outOfOrder(to: PartitionHistory, { next, last }: Position): Promise<void> {
    if (last === undefined) return;
    const producer = { id: this.#producerId, epoch: 0, baseSequence: next + 7 };
    const error = await send(
      this.#world,
      newBatch(this.#world, to, this.#world.lab.nowMs(), producer),
    );
    assert.equal(error, KAFKA_ERRORS.OUT_OF_ORDER_SEQUENCE_NUMBER, `${to.name}: a gap`);
  }

  /** After a restart: a batch that is in the log counts as answered. */
  resolve(): void {
    for (const position of this.#positions.values()) {
      const { last } = position;
      const first = last?.producer?.baseSequence;
      if (last?.fate === "stored" && first !== undefined)
        position.next = first + last.records.length;
    }
  }
}
