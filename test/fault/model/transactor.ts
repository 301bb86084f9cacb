import assert from "node:assert/strict";
import { KAFKA_ERRORS } from "../../../runtime/wire/kafka/errors.ts";
import {
  addOffsets,
  addPartition,
  commitOffset,
  committedOffsets,
  type DescribedTransaction,
  describeTransaction,
  endTransaction,
  initProducer,
  produce,
} from "./calls.ts";
import type { PartitionHistory } from "./history.ts";
import { send } from "./producers.ts";
import { newBatch, type Sent } from "./sent.ts";
import { type Outcome, Tx } from "./tx.ts";
import type { World } from "./world.ts";

const OUTCOMES: Readonly<Record<string, Outcome>> = {
  Ongoing: "open",
  PrepareCommit: "commit",
  CompleteCommit: "commit",
  PrepareAbort: "abort",
  CompleteAbort: "abort",
};
const ENDING = ["PrepareCommit", "PrepareAbort"];
/** Of no batch that was ever sent, so that it is not taken for one that is sent again. */
const ZOMBIE_SEQUENCE = 1_000_000;
/** Either the transaction or, where the partition has not heard of the new epoch, the sequence gives it away. */
const REFUSED_ZOMBIE: readonly number[] = [
  KAFKA_ERRORS.INVALID_PRODUCER_EPOCH,
  KAFKA_ERRORS.OUT_OF_ORDER_SEQUENCE_NUMBER,
];

/** Where a transactional producer is in one partition. */
interface Position {
  next: number;
  /** A batch without an answer, to be sent again. */
  unanswered: Sent | undefined;
}

/** One transactional id: its transactions, and the offsets that they commit for a group of its own. */
export class Transactor {
  readonly id: string;
  readonly #world: World;
  readonly #group: string;
  readonly #positions = new Map<PartitionHistory, Position>();
  readonly #committed = new Map<string, Set<number | undefined>>();
  #producerId = -1;
  #epoch = -1;
  #mayUse = false;
  #tx: Tx | undefined;
  #startMs = 0;
  /** The producer of the epoch before, which has been fenced. */
  #old: { readonly producerId: number; readonly epoch: number } | undefined;

  constructor(world: World, id: string) {
    this.#world = world;
    this.id = id;
    this.#group = `${id}-group`;
  }

  /** A transaction may end by itself, or is about to end. */
  get isBusy(): boolean {
    return this.#tx !== undefined && (this.#tx.outcome === "open" || this.#tx.isEnding);
  }

  get #name() {
    return { producerId: this.#producerId, epoch: this.#epoch };
  }

  /** One thing that a producer with transactions does. */
  async act(to: PartitionHistory): Promise<void> {
    const { random } = this.#world;
    if (!this.#mayUse) return this.#init();
    const tx = this.#tx;
    if (tx === undefined || tx.outcome !== "open") {
      if (random.below(12) === 0) return this.#init();
      return random.below(8) === 0 ? this.#sendOutside(to) : this.#add(to);
    }
    const choice = random.below(20);
    if (choice < 3) return this.#end(tx, true);
    if (choice < 5) return this.#end(tx, false);
    if (choice === 5) return this.#init();
    if (choice === 6) return this.#sendAsZombie(to);
    if (choice < 9) return this.#commitOffset(tx, to);
    if (choice < 12 || tx.places.size === 0) return this.#add(to);
    return this.#send(tx, random.pick([...tx.places]));
  }

  async #init(): Promise<void> {
    const { lab } = this.#world;
    const wasFaulty = lab.isFaulty;
    if (this.#tx?.outcome === "open") this.#tx.may.add("abort");
    this.#mayUse = false;
    const { error, producerId, epoch } = await initProducer(lab, this.id, lab.transactionTimeoutMs);
    if (error !== KAFKA_ERRORS.NONE && wasFaulty) return;
    if (error === KAFKA_ERRORS.CONCURRENT_TRANSACTIONS) {
      assert.ok(this.#tx !== undefined, `${this.id}: no transaction is in the way`);
      return;
    }
    assert.equal(error, KAFKA_ERRORS.NONE, `${this.id}: init`);
    const isNewer = producerId !== this.#producerId || epoch > this.#epoch;
    assert.ok(isNewer, `${this.id}: epoch ${epoch} is not newer than ${this.#epoch}`);
    assert.notEqual(this.#tx?.outcome, "open", `${this.id}: two producers in one transaction`);
    if (this.#producerId >= 0) this.#old = this.#name;
    this.#producerId = producerId;
    this.#epoch = epoch;
    this.#positions.clear();
    this.#mayUse = true;
  }

  async #add(to: PartitionHistory): Promise<void> {
    const { lab, ledger } = this.#world;
    const wasFaulty = lab.isFaulty;
    const begins = this.#tx === undefined || this.#tx.outcome !== "open";
    const tx = begins ? new Tx(this.#producerId) : this.#tx;
    assert.ok(tx !== undefined);
    const before = this.#tx;
    if (begins) {
      this.#startMs = lab.nowMs();
      this.#tx = tx;
      ledger.begin(tx);
    }
    tx.places.add(to);
    tx.names.add(to.name);
    const error = await addPartition(lab, this.id, this.#name, to);
    if (error === KAFKA_ERRORS.NONE) {
      tx.hasBegun = true;
      return;
    }
    const waits = error === KAFKA_ERRORS.CONCURRENT_TRANSACTIONS && before?.isEnding === true;
    assert.ok(waits || wasFaulty, `${this.id}: add is error ${error}`);
    if (begins) this.#tx = before;
  }

  async #send(tx: Tx, to: PartitionHistory): Promise<void> {
    const { lab } = this.#world;
    const position = this.#positions.get(to) ?? { next: 0, unanswered: undefined };
    this.#positions.set(to, position);
    const producer = { id: this.#producerId, epoch: this.#epoch, baseSequence: position.next };
    const sent =
      position.unanswered?.tx === tx
        ? position.unanswered
        : newBatch(this.#world, to, lab.nowMs(), producer, tx);
    position.unanswered = sent;
    const error = await send(this.#world, sent, this.id);
    if (error === KAFKA_ERRORS.NONE) {
      position.next += sent.records.length;
      position.unanswered = undefined;
    } else if (error !== KAFKA_ERRORS.KAFKA_STORAGE_ERROR) {
      // AddPartitionsToTxn was refused by the disk, or had no answer and was not done.
      assert.equal(error, KAFKA_ERRORS.INVALID_TXN_STATE, `${this.id}: send`);
      const described = await describeTransaction(lab, this.id);
      const isThere = described?.places.some(
        ({ topic, partition }) => topic === to.topic && partition === to.partition,
      );
      assert.equal(isThere, false, `${this.id}: ${to.name} has been added`);
    }
  }

  /** Without a transaction nothing is taken. */
  async #sendOutside(to: PartitionHistory): Promise<void> {
    const { lab } = this.#world;
    const tx = new Tx(this.#producerId);
    const producer = { id: this.#producerId, epoch: this.#epoch, baseSequence: this.#nextIn(to) };
    const error = await send(
      this.#world,
      newBatch(this.#world, to, lab.nowMs(), producer, tx),
      this.id,
    );
    // While the last one is ending the producer is told to try again.
    if (error === KAFKA_ERRORS.NOT_ENOUGH_REPLICAS && this.#tx?.isEnding === true) return;
    assert.equal(error, KAFKA_ERRORS.INVALID_TXN_STATE, `${this.id}: sent outside`);
  }

  #nextIn(to: PartitionHistory): number {
    return this.#positions.get(to)?.next ?? 0;
  }

  /** Who was fenced writes nothing any more. */
  async #sendAsZombie(to: PartitionHistory): Promise<void> {
    const old = this.#old;
    if (old === undefined || (old.producerId === this.#producerId && old.epoch === this.#epoch)) {
      return;
    }
    const { lab } = this.#world;
    const producer = { id: old.producerId, epoch: old.epoch, baseSequence: ZOMBIE_SEQUENCE };
    const tx = new Tx(old.producerId);
    const { bytes } = newBatch(this.#world, to, lab.nowMs(), producer, tx);
    const { error } = await produce(lab, to, this.id, bytes);
    assert.ok(REFUSED_ZOMBIE.includes(error), `${this.id}: a zombie gets ${error}`);
    const ended = await endTransaction(lab, this.id, old, true);
    assert.equal(ended, KAFKA_ERRORS.PRODUCER_FENCED, `${this.id}: a zombie ends`);
  }

  async #commitOffset(tx: Tx, to: PartitionHistory): Promise<void> {
    const { lab, random } = this.#world;
    const wasFaulty = lab.isFaulty;
    const added = await addOffsets(lab, this.id, this.#name, this.#group);
    if (added !== KAFKA_ERRORS.NONE && wasFaulty) return;
    assert.equal(added, KAFKA_ERRORS.NONE, `${this.id}: add offsets`);
    const offset = random.below(1_000);
    const before = tx.offsets.get(to.name) ?? [undefined];
    tx.offsets.set(to.name, new Set([...before, offset]));
    const error = await commitOffset(lab, this.id, this.#name, this.#group, to, offset);
    if (error === KAFKA_ERRORS.NONE) tx.offsets.set(to.name, new Set([offset]));
    else assert.ok(wasFaulty, `${this.id}: commit is error ${error}`);
  }

  async #end(tx: Tx, committed: boolean): Promise<void> {
    const { lab } = this.#world;
    const wasFaulty = lab.isFaulty;
    const outcome = committed ? "commit" : "abort";
    tx.may.add(outcome);
    const error = await endTransaction(lab, this.id, this.#name, committed);
    if (error === KAFKA_ERRORS.NONE) tx.settle(outcome);
    else assert.ok(wasFaulty, `${this.id}: end is error ${error}`);
    if (error === KAFKA_ERRORS.NONE) this.#takeOffsets(tx);
  }

  /** Asks the lab where the id stands, which must be where it can be, and goes on from there. */
  async resolve(isSettled: boolean, afterRestart: boolean): Promise<void> {
    const { lab } = this.#world;
    const found = await describeTransaction(lab, this.id);
    if (found === undefined) {
      assert.ok(this.#producerId < 0, `${this.id} is forgotten`);
      return;
    }
    const { producerId, epoch, state } = found;
    const isSame = producerId === this.#producerId;
    const isBack = isSame ? epoch < this.#epoch : producerId < this.#producerId;
    assert.ok(!isBack, `${this.id}: epoch ${epoch} of ${producerId} was left behind`);
    if (!isSame || epoch !== this.#epoch) this.#mayUse = false;
    const tx = this.#present(found, afterRestart);
    if (tx === undefined) return;
    tx.isEnding = ENDING.includes(state);
    if (isSettled) assert.ok(!tx.isEnding, `${this.id}: ${state} although the disk is well`);
    if (tx.outcome !== "open") return;
    const isPast = lab.nowMs() >= this.#startMs + lab.transactionTimeoutMs;
    if (isPast) tx.may.add("abort");
    // An init that had no answer may have come after its transaction's end.
    const outcome = OUTCOMES[state] ?? "abort";
    assert.ok(tx.may.has(outcome), `${this.id}: ${state} of ${[...tx.may].join("|")}`);
    assert.ok(!(isPast && isSettled && outcome === "open"), `${this.id}: open beyond its time`);
    if (outcome === "open") return;
    tx.settle(outcome);
    this.#takeOffsets(tx);
  }

  /** After a restart one may not have begun that was to begin, or have begun although the disk refused it. */
  #present(found: DescribedTransaction, afterRestart: boolean): Tx | undefined {
    const isOpen = found.state === "Ongoing";
    if (this.#tx?.outcome === "open") {
      if (this.#tx.hasBegun || isOpen) this.#tx.hasBegun = true;
      else this.#tx = undefined;
    } else if (isOpen) {
      assert.ok(afterRestart, `${this.id}: a transaction that nobody began`);
      this.#tx = new Tx(found.producerId);
      this.#tx.hasBegun = true;
      for (const { topic, partition } of found.places) this.#tx.names.add(`${topic}-${partition}`);
      this.#startMs = found.startMs;
      this.#world.ledger.begin(this.#tx);
    }
    return this.#tx;
  }

  /** After a restart: a batch that is in the log counts as answered. */
  resolveSent(): void {
    for (const position of this.#positions.values()) {
      const { unanswered } = position;
      if (unanswered?.fate !== "stored") continue;
      position.next += unanswered.records.length;
      position.unanswered = undefined;
    }
  }

  #takeOffsets(tx: Tx): void {
    if (tx.outcome !== "commit") return;
    for (const [place, values] of tx.offsets) {
      const before = values.has(undefined) ? (this.#committed.get(place) ?? [undefined]) : [];
      const defined = [...values].filter((value) => value !== undefined);
      this.#committed.set(place, new Set([...before, ...defined]));
    }
  }

  /** The group has what committed transactions carried, and nothing of the others. */
  async verifyOffsets(): Promise<void> {
    const found = await committedOffsets(this.#world.lab, this.#group);
    for (const place of new Set([...found.keys(), ...this.#committed.keys()])) {
      const may = this.#committed.get(place) ?? new Set([undefined]);
      const offset = found.get(place);
      assert.ok(
        may.has(offset),
        `${this.#group}: ${place} is ${offset}, not ${[...may].join("|")}`,
      );
      // A lab that died while it deleted a topic forgets what was committed for it a moment after its start.
      const isThere = this.#world.histories.some(({ name }) => name === place);
      this.#committed.set(place, new Set(isThere ? [offset] : [offset, undefined]));
    }
  }

  /** The topic is gone with every offset committed for it. */
  topicDeleted(histories: readonly PartitionHistory[]): void {
    for (const history of histories) {
      this.#committed.delete(history.name);
      this.#positions.delete(history);
      this.#tx?.places.delete(history);
      // What was to be committed for it may be committed for a topic of the same name.
      this.#tx?.offsets.get(history.name)?.add(undefined);
    }
  }
}
