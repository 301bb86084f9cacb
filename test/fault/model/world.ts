import assert from "node:assert/strict";
import type { Random } from "../wire/random.ts";
import { alterTopic, createTopic, deleteRecords, deleteTopic, topics } from "./calls.ts";
import { catchUp, verify } from "./check.ts";
import { PartitionHistory } from "./history.ts";
import { type Ending, LabDied, type ModelledLab } from "./lab.ts";
import { Ledger } from "./ledger.ts";
import { adoptAfterPowerCut } from "./power-cut.ts";
import { IdempotentProducer, sendPlain } from "./producers.ts";
import { newTopic } from "./topics.ts";
import { Transactor } from "./transactor.ts";

const NAMES = ["a", "b", "c"];
const TRANSACTORS = 3;
const IDEMPOTENT = 2;
const RETRIED_MS = 2_000;
const INTERNAL = ["__transaction_state", "__consumer_offsets"];

/** Something that is done now and then; it is done as often as its weight says. */
export interface Chore {
  readonly weight: number;
  readonly act: () => Promise<void>;
}

interface WantedTopic {
  readonly configs: Readonly<Record<string, string>>;
  readonly histories: readonly PartitionHistory[];
}

type Actor = (to: PartitionHistory) => Promise<void>;

/** A lab, what is done to it, and beside it what it ought to hold. */
export class World {
  readonly lab: ModelledLab;
  readonly random: Random;
  readonly ledger = new Ledger();
  readonly #topics = new Map<string, readonly PartitionHistory[]>();
  /** Topics of which no answer said that they came, or went. Each is asked for again as it was before. */
  readonly #mayCome = new Map<string, WantedTopic>();
  readonly #mayGo = new Set<string>();
  readonly #chores: Chore[];
  #idempotent: IdempotentProducer[] = [];
  #transactors: Transactor[] = [];
  #lives = 0;
  /** When the disk last got in the way. */
  #hinderedMs = -Infinity;

  constructor(lab: ModelledLab, random: Random, chores: readonly Chore[] = []) {
    this.lab = lab;
    this.random = random;
    this.#chores = [
      { weight: 30, act: () => this.#produce() },
      { weight: 2, act: () => this.#deleteRecords() },
      { weight: 1, act: () => this.#create() },
      { weight: 1, act: () => this.#delete() },
      { weight: 1, act: () => this.#shrinkInternal() },
      { weight: 3, act: () => this.#verifyOne() },
      ...chores,
    ];
    this.#newProducers();
  }

  get histories(): PartitionHistory[] {
    return [...this.#topics.values()].flat();
  }

  /** Whether the lab may write something by itself. */
  get isBusy(): boolean {
    return (
      // Transactions of before a power cut may end at any time.
      this.ledger.hasForgotten ||
      this.#transactors.some(({ isBusy }) => isBusy) ||
      this.histories.some((history) => history.open().size > 0)
    );
  }

  #newProducers(): void {
    const life = this.#lives++;
    this.#idempotent = Array.from({ length: IDEMPOTENT }, () => new IdempotentProducer(this));
    this.#transactors = Array.from(
      { length: TRANSACTORS },
      (_, i) => new Transactor(this, `tx-${life}-${i}`),
    );
  }

  /** Does one thing; false when the lab died of it. */
  async step(): Promise<boolean> {
    const weights = this.#chores.reduce((sum, { weight }) => sum + weight, 0);
    let left = this.random.below(weights);
    const chore = this.#chores.find(({ weight }) => (left -= weight) < 0);
    const wasFaulty = this.lab.isFaulty;
    try {
      await chore?.act();
      await this.observe(!wasFaulty && !this.lab.isFaulty);
      return true;
    } catch (error) {
      if (error instanceof LabDied) return false;
      throw error;
    }
  }

  /** Takes in what the lab has come to; `isWell` says that no disk got in its way. */
  async observe(isWell: boolean, afterRestart = false): Promise<void> {
    const nowMs = this.lab.nowMs();
    if (!isWell) this.#hinderedMs = nowMs;
    if (afterRestart) this.#hinderedMs = -Infinity;
    // What the disk refused is tried again a second later.
    const isSettled = nowMs >= this.#hinderedMs + RETRIED_MS;
    for (const transactor of this.#transactors) await transactor.resolve(isSettled, afterRestart);
    for (const history of this.histories) {
      await catchUp(this.lab, history, this.ledger, afterRestart);
    }
  }

  async verify(): Promise<void> {
    for (const history of this.histories) await verify(this.lab, history, this.random);
    for (const transactor of this.#transactors) await transactor.verifyOffsets();
  }

  /** Ends the lab, or has it dead already, and compares what the next one finds with what it ought to. */
  async restart(ending: Ending): Promise<void> {
    await this.lab.restart(ending);
    await this.lab.settle();
    await this.#settleTopics();
    if (ending === "power cut") await this.#adopt();
    else await this.observe(true, true);
    for (const producer of this.#idempotent) producer.resolve();
    for (const transactor of this.#transactors) transactor.resolveSent();
    await this.verify();
  }

  async #adopt(): Promise<void> {
    this.ledger.forget();
    this.#newProducers();
    for (const history of this.histories) {
      await adoptAfterPowerCut(this.lab, history, this.ledger);
    }
  }

  /** Topics are on the device before anybody hears of them, and so is that they are gone. */
  async #settleTopics(): Promise<void> {
    const found = await topics(this.lab);
    for (const [name, histories] of this.#topics) {
      if (found.get(name) === histories.length) continue;
      assert.ok(this.#mayGo.has(name) && !found.has(name), `topic ${name} is lost`);
      this.#drop(name);
    }
    for (const [name, partitions] of found) {
      if (this.#topics.has(name)) continue;
      const histories = this.#mayCome.get(name)?.histories;
      assert.equal(histories?.length, partitions, `topic ${name} is back`);
      if (histories !== undefined) this.#topics.set(name, histories);
    }
    this.#mayCome.clear();
    this.#mayGo.clear();
  }

  #drop(name: string): void {
    const histories = this.#topics.get(name) ?? [];
    this.#topics.delete(name);
    for (const transactor of this.#transactors) transactor.topicDeleted(histories);
  }

  /** A few producers at once, as their requests come in together. */
  async #produce(): Promise<void> {
    const { histories, random } = this;
    if (histories.length === 0) return this.#create();
    const actors: Actor[] = [
      (to) => sendPlain(this, to),
      (to) => sendPlain(this, to),
      ...this.#idempotent.map(
        (producer): Actor =>
          (to) =>
            producer.act(to),
      ),
      ...this.#transactors.map(
        (transactor): Actor =>
          (to) =>
            transactor.act(to),
      ),
      ...this.#transactors.map(
        (transactor): Actor =>
          (to) =>
            transactor.act(to),
      ),
    ];
    const acting = new Set<Actor>();
    for (let more = 1 + random.below(4); more > 0; more--) {
      const index = random.below(actors.length);
      // The same transactor twice at once would be two producers.
      const actor = actors[index >= actors.length - TRANSACTORS ? index - TRANSACTORS : index];
      if (actor !== undefined) acting.add(actor);
    }
    const settled = await Promise.allSettled([...acting].map((act) => act(random.pick(histories))));
    const failures = settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    const bug: unknown = failures.find((reason) => !(reason instanceof LabDied)) ?? failures[0];
    if (bug !== undefined) throw bug;
  }

  async #deleteRecords(): Promise<void> {
    const { histories, random, lab } = this;
    if (histories.length === 0) return;
    const history = random.pick(histories);
    const { startOffset, endOffset, rules } = history;
    const offset = startOffset + random.below(endOffset - startOffset + 1);
    const wasFaulty = lab.isFaulty;
    if (rules.deletes) history.mayStart.push(offset);
    const answer = await deleteRecords(lab, history, offset);
    if (answer.error === 0) {
      assert.ok(rules.deletes && answer.startOffset >= offset, `${history.name}: not deleted`);
      history.startOffset = Math.max(startOffset, offset);
    } else {
      assert.ok(!rules.deletes || wasFaulty, `${history.name}: delete is error ${answer.error}`);
    }
  }

  async #create(): Promise<void> {
    const name = NAMES.find((one) => !this.#topics.has(one));
    if (name === undefined) return;
    const { configs, histories } = this.#mayCome.get(name) ?? this.#want(name);
    const wasFaulty = this.lab.isFaulty;
    const error = await createTopic(this.lab, name, histories.length, configs);
    if (error === 0) {
      this.#topics.set(name, histories);
      this.#mayCome.delete(name);
    } else assert.ok(wasFaulty, `create is error ${error}`);
  }

  #want(name: string): WantedTopic {
    const { configs, rules } = newTopic(this.random, this.lab.mayExpire);
    const histories = Array.from(
      { length: 1 + this.random.below(2) },
      (_, partition) => new PartitionHistory({ topic: name, partition }, rules),
    );
    const wanted = { configs, histories };
    this.#mayCome.set(name, wanted);
    return wanted;
  }

  async #delete(): Promise<void> {
    if (this.#topics.size < 2) return;
    const name = this.random.pick([...this.#topics.keys()]);
    const wasFaulty = this.lab.isFaulty;
    this.#mayGo.add(name);
    const error = await deleteTopic(this.lab, name);
    assert.ok(error === 0 || wasFaulty, `delete is error ${error}`);
    if (error === 0 || !(await topics(this.lab)).has(name)) this.#drop(name);
  }

  /** Small segments, so that the lab's own topics are compacted too. */
  async #shrinkInternal(): Promise<void> {
    const configs = { "internal.segment.bytes": "400", "min.cleanable.dirty.ratio": "0.01" };
    for (const name of INTERNAL) await alterTopic(this.lab, name, configs);
  }

  async #verifyOne(): Promise<void> {
    const { histories, random } = this;
    if (histories.length > 0) await verify(this.lab, random.pick(histories), random);
  }
}
