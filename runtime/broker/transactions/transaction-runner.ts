import type { Clock } from "../../core/clock.ts";
import type { Disposable } from "../../core/lifetime.ts";
import type { Logger } from "../../core/logger.ts";
import type { EndMarker } from "../../record/control.ts";
import { DeadlineTimer } from "../coordinator/deadline-timer.ts";
import { GroupLanes } from "../coordinator/group-lanes.ts";
import type { CoordinatorRecord } from "../coordinator/records.ts";
import type { TransactionConfig } from "./transaction-config.ts";
import type { TransactionError } from "./transaction-errors.ts";
import { encodeTransaction, transactionTombstone } from "./transaction-records.ts";
import { TransactionRegistry } from "./transaction-registry.ts";
import { needsProducerId, stepTransaction, type TransactionEvent } from "./transaction-step.ts";
import {
  deadlineMs,
  eachPartition,
  isEnding,
  type ProducerIdentity,
  resultOf,
  type TopicPartition,
  type Transaction,
} from "./transaction.ts";

/** Least time until markers that the disk refused are tried again. */
const RETRY_MS = 1_000;

export interface TransactionRunnerDeps {
  /** Appends to `__transaction_state`; rejects when nothing was appended. */
  readonly journal: { append(records: readonly CoordinatorRecord[]): Promise<void> };
  /**
   * Ends a transaction in one partition. Resolves with false when the disk refuses, and with true also
   * where the partition is gone. Ending one twice does nothing more than once.
   */
  readonly endIn: (marker: EndMarker, where: TopicPartition) => Promise<boolean>;
  /** Undefined when the disk refuses. */
  readonly newProducerId: () => Promise<number | undefined>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An answer that says who the producer is from now on; -1 and -1 where it does not. */
export interface ProducerResponse extends ProducerIdentity {
  readonly error: TransactionError;
}

export function nobody(error: TransactionError): ProducerResponse {
  return { error, producerId: -1, epoch: -1 };
}

/**
 * Moves transactional ids on, each by one event at a time: the transition is written and then holds,
 * and a transaction that is ending is ended in its partitions. Time is an event of its own.
 */
export class TransactionRunner implements Disposable {
  readonly transactions = new TransactionRegistry();
  readonly #deps: TransactionRunnerDeps;
  readonly #config: TransactionConfig;
  readonly #lanes: GroupLanes;
  readonly #timer: DeadlineTimer;
  /** Ids whose lane has a job of the timer. */
  readonly #ticking = new Set<string>();
  #expirationDueMs = Infinity;

  constructor(deps: TransactionRunnerDeps, config: TransactionConfig) {
    this.#deps = deps;
    this.#config = config;
    this.#timer = new DeadlineTimer(deps.clock, () => this.#onTimer());
    this.#lanes = new GroupLanes(config.maxQueuedPerId, (id, error) =>
      deps.logger.error(`transactional id ${id}: ${describeError(error)}`),
    );
  }

  /** Begins to end what was about to end when the last process did, and to look at the time. */
  start(): void {
    for (const transaction of this.transactions.all()) {
      if (isEnding(transaction)) this.#tick(transaction.transactionalId);
    }
    this.#expirationDueMs = this.#deps.clock.nowMs() + this.#config.expirationCheckMs;
    this.#timer.atLatest(this.#expirationDueMs);
  }

  dispose(): void {
    this.#timer.dispose();
  }

  /** Takes over what a record says. */
  install(transaction: Transaction): void {
    this.transactions.install(transaction);
    this.#timer.atLatest(deadlineMs(transaction) ?? Infinity);
  }

  /** Lets an event happen once those before it have; `refusal` may stand in its way then. */
  run(
    transactionalId: string,
    event: TransactionEvent,
    refusal: () => TransactionError = () => "NONE",
  ): Promise<ProducerResponse> {
    return new Promise((resolve) => {
      const work = async () => {
        const error = refusal();
        return error === "NONE" ? this.#advance(transactionalId, event) : nobody(error);
      };
      const job = () =>
        work().then(resolve, (error: unknown) => {
          resolve(nobody("UNKNOWN_SERVER_ERROR"));
          throw error;
        });
      const isQueued = this.#lanes.run(transactionalId, job);
      if (!isQueued) resolve(nobody("COORDINATOR_NOT_AVAILABLE"));
    });
  }

  /** Moves a transactional id on by one event, and ends its transaction when that is what it came to. */
  async #advance(transactionalId: string, event: TransactionEvent): Promise<ProducerResponse> {
    const before = this.transactions.get(transactionalId);
    const isNeeded = needsProducerId(before, event);
    const freshProducerId = isNeeded ? await this.#deps.newProducerId() : -1;
    // As in Kafka while no block of ids can be had: the producer asks again.
    if (freshProducerId === undefined) return nobody("COORDINATOR_LOAD_IN_PROGRESS");
    const context = { transactionalId, nowMs: this.#deps.clock.nowMs(), freshProducerId };
    const { error, next, producer } = stepTransaction(before, event, context);
    const response = producer === undefined ? nobody(error) : { error, ...producer };
    if (next === undefined) return response;
    if (!(await this.#write(encodeTransaction(next)))) return nobody("COORDINATOR_NOT_AVAILABLE");
    this.install(next);
    if (isEnding(next)) await this.#finish(next);
    return response;
  }

  async #write(record: CoordinatorRecord): Promise<boolean> {
    try {
      await this.#deps.journal.append([record]);
      return true;
    } catch (error) {
      this.#deps.logger.error(`a transaction could not be written: ${describeError(error)}`);
      return false;
    }
  }

  /** Writes the markers of a transaction that is ending, and that it has ended once all are there. */
  async #finish(transaction: Transaction): Promise<void> {
    const { transactionalId, producerId, epoch: producerEpoch, partitions } = transaction;
    const marker: EndMarker = { producerId, producerEpoch, result: resultOf(transaction) };
    const ended = await Promise.all(
      Array.from(eachPartition(partitions), (where) => this.#deps.endIn(marker, where)),
    );
    const isDone =
      ended.every(Boolean) &&
      (await this.#advance(transactionalId, { kind: "completed" })).error === "NONE";
    if (!isDone) this.#retryLater();
  }

  #retryLater(): void {
    this.#timer.atLatest(this.#deps.clock.nowMs() + RETRY_MS);
  }

  #onTimer(): void {
    const nowMs = this.#deps.clock.nowMs();
    const expires = this.#expirationDueMs <= nowMs;
    if (expires) this.#expirationDueMs = nowMs + this.#config.expirationCheckMs;
    for (const transaction of this.transactions.all()) {
      const { transactionalId } = transaction;
      const dueMs = isEnding(transaction) ? nowMs : (deadlineMs(transaction) ?? Infinity);
      if (dueMs <= nowMs) this.#tick(transactionalId);
      else if (expires && this.#isExpired(transaction, nowMs)) this.#expire(transactionalId);
      else this.#timer.atLatest(dueMs);
    }
    this.#timer.atLatest(this.#expirationDueMs);
  }

  #isExpired(transaction: Transaction, nowMs: number): boolean {
    const isIdle = transaction.state !== "Ongoing" && !isEnding(transaction);
    return isIdle && nowMs - transaction.updateMs >= this.#config.idExpirationMs;
  }

  /** Aborts a transaction whose time is up, or goes on with one that is ending. */
  #tick(transactionalId: string): void {
    if (this.#ticking.has(transactionalId)) return;
    this.#ticking.add(transactionalId);
    const isQueued = this.#lanes.run(transactionalId, async () => {
      this.#ticking.delete(transactionalId);
      const transaction = this.transactions.get(transactionalId);
      if (transaction === undefined) return;
      if (isEnding(transaction)) return this.#finish(transaction);
      const { error } = await this.#advance(transactionalId, { kind: "tick" });
      if (error !== "NONE") this.#retryLater();
    });
    if (isQueued) return;
    this.#ticking.delete(transactionalId);
    this.#retryLater();
  }

  #expire(transactionalId: string): void {
    this.#lanes.run(transactionalId, async () => {
      const transaction = this.transactions.get(transactionalId);
      if (transaction === undefined) return;
      if (!this.#isExpired(transaction, this.#deps.clock.nowMs())) return;
      const isWritten = await this.#write(transactionTombstone(transactionalId));
      if (isWritten) this.transactions.forget(transactionalId);
    });
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
