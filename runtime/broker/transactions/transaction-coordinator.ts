import type { Clock } from "../../core/clock.ts";
import type { Disposable } from "../../core/lifetime.ts";
import type { Logger } from "../../core/logger.ts";
import type { EndMarker, TransactionResult } from "../../record/control.ts";
import { MalformedRecordError } from "../coordinator/byte-codec.ts";
import { DeadlineTimer } from "../coordinator/deadline-timer.ts";
import { GroupLanes } from "../coordinator/group-lanes.ts";
import type { CoordinatorRecord } from "../coordinator/records.ts";
import { DEFAULT_TRANSACTION_CONFIG, type TransactionConfig } from "./transaction-config.ts";
import type { TransactionError } from "./transaction-errors.ts";
import {
  decodeTransaction,
  encodeTransaction,
  transactionTombstone,
} from "./transaction-records.ts";
import {
  needsProducerId,
  type ProducerIdentity,
  stepTransaction,
  type TransactionEvent,
} from "./transaction-step.ts";
import {
  contains,
  deadlineMs,
  eachPartition,
  isEnding,
  type TopicPartition,
  type Transaction,
} from "./transaction.ts";

/** Least time until markers that the disk refused are tried again. */
const RETRY_MS = 1_000;

export interface TransactionCoordinatorDeps {
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
  /** What differs from {@link DEFAULT_TRANSACTION_CONFIG}. */
  readonly config?: Partial<TransactionConfig>;
}

export interface InitRequest {
  readonly transactionalId: string;
  readonly timeoutMs: number;
  /** Null when the producer begins. */
  readonly producer: ProducerIdentity | null;
}

export interface InitResponse extends ProducerIdentity {
  readonly error: TransactionError;
}

/**
 * The transactions of one broker (KIP-98, transaction version 1). Requests resolve with an outcome and
 * reject only on bugs. The decision how a transaction ends is in the journal before its first marker
 * is written; whatever interrupts the rest, it is done again at start or by the timer.
 */
export class TransactionCoordinator implements Disposable {
  readonly #deps: TransactionCoordinatorDeps;
  readonly #config: TransactionConfig;
  readonly #transactions = new Map<string, Transaction>();
  readonly #byProducer = new Map<number, string>();
  readonly #lanes: GroupLanes;
  readonly #timer: DeadlineTimer;
  /** Ids whose lane has a job of the timer. */
  readonly #ticking = new Set<string>();
  #expirationDueMs = Infinity;
  #availability: TransactionError = "COORDINATOR_LOAD_IN_PROGRESS";

  constructor(deps: TransactionCoordinatorDeps) {
    this.#deps = deps;
    this.#config = { ...DEFAULT_TRANSACTION_CONFIG, ...deps.config };
    this.#timer = new DeadlineTimer(deps.clock, () => this.#onTimer());
    this.#lanes = new GroupLanes(this.#config.maxQueuedPerId, (id, error) =>
      deps.logger.error(`transactional id ${id}: ${describeError(error)}`),
    );
  }

  /** Takes in one record of the journal, oldest first, before {@link loaded}. */
  apply(key: Buffer, value: Buffer | null, offset?: number): void {
    try {
      const decoded = decodeTransaction(key, value);
      if (decoded === undefined) return;
      const { transactionalId, transaction } = decoded;
      if (transaction === null) this.#forget(transactionalId);
      else this.#install(transaction);
    } catch (error) {
      if (!(error instanceof MalformedRecordError)) throw error;
      this.#deps.logger.warn(
        `the record at offset ${offset ?? "?"} cannot be read and is ignored: ${error.message}`,
      );
    }
  }

  /** Ends replay: what was about to end when the last process did is ended now. */
  loaded(): void {
    this.#availability = "NONE";
    for (const transaction of this.#transactions.values()) {
      if (isEnding(transaction)) this.#tick(transaction.transactionalId);
    }
    this.#expirationDueMs = this.#deps.clock.nowMs() + this.#config.expirationCheckMs;
    this.#timer.atLatest(this.#expirationDueMs);
  }

  dispose(): void {
    this.#availability = "COORDINATOR_NOT_AVAILABLE";
    this.#timer.dispose();
  }

  /** InitProducerId of a transactional producer. */
  init(request: InitRequest): Promise<InitResponse> {
    const { transactionalId, timeoutMs, producer } = request;
    const failed = (error: TransactionError) => ({ error, producerId: -1, epoch: -1 });
    const fault = this.#idFault(transactionalId);
    if (fault !== "NONE") return Promise.resolve(failed(fault));
    if (timeoutMs <= 0 || timeoutMs > this.#config.maxTimeoutMs) {
      return Promise.resolve(failed("INVALID_TRANSACTION_TIMEOUT"));
    }
    return this.#work(transactionalId, failed, async () => {
      const known = this.#transactions.get(transactionalId);
      const hasRoom = this.#transactions.size < this.#config.maxTransactionalIds;
      if (known === undefined && !hasRoom) return failed("COORDINATOR_NOT_AVAILABLE");
      const freshProducerId = needsProducerId(known) ? await this.#deps.newProducerId() : -1;
      // As in Kafka while no block of ids can be had: the producer asks again.
      if (freshProducerId === undefined) return failed("COORDINATOR_LOAD_IN_PROGRESS");
      const event = { kind: "init", timeoutMs, producer, freshProducerId } as const;
      const error = await this.#advance(transactionalId, event);
      const now = this.#transactions.get(transactionalId);
      if (error !== "NONE" || now === undefined) return failed(error);
      return { error, producerId: now.producerId, epoch: now.epoch };
    });
  }

  /** AddPartitionsToTxn, and AddOffsetsToTxn with the partition that keeps the group's offsets. */
  add(
    transactionalId: string,
    producer: ProducerIdentity,
    partitions: readonly TopicPartition[],
  ): Promise<TransactionError> {
    return this.#ask(transactionalId, { kind: "add", producer, partitions });
  }

  /** EndTxn. Once it has been decided the answer is NONE; mostly the markers are there by then. */
  end(
    transactionalId: string,
    producer: ProducerIdentity,
    result: TransactionResult,
  ): Promise<TransactionError> {
    return this.#ask(transactionalId, { kind: "end", producer, result });
  }

  /** Whether the producer may write to a partition within its transaction now, or else why not. */
  mayWrite(producer: ProducerIdentity, where: TopicPartition): TransactionError {
    const transaction = this.#transactions.get(this.#byProducer.get(producer.producerId) ?? "");
    if (transaction?.producerId !== producer.producerId) return "INVALID_PRODUCER_ID_MAPPING";
    if (transaction.epoch !== producer.epoch) return "PRODUCER_FENCED";
    const isOpen = transaction.state === "Ongoing" && contains(transaction.partitions, where);
    return isOpen ? "NONE" : "INVALID_TXN_STATE";
  }

  /**
   * How a transaction that a partition has open is to be ended when the coordinator knows of no such
   * one, which a power cut can leave behind; undefined while it does, and ends it in time itself.
   */
  resultOfLost(producerId: number, where: TopicPartition): TransactionResult | undefined {
    const transaction = this.#transactions.get(this.#byProducer.get(producerId) ?? "");
    if (transaction?.producerId !== producerId) return "abort";
    const isOpen = transaction.state === "Ongoing" || isEnding(transaction);
    if (isOpen && contains(transaction.partitions, where)) return undefined;
    return transaction.state === "CompleteCommit" ? "commit" : "abort";
  }

  /** DescribeTransactions of one id. */
  describe(transactionalId: string): TransactionError | Transaction {
    if (this.#availability !== "NONE") return this.#availability;
    return this.#transactions.get(transactionalId) ?? "TRANSACTIONAL_ID_NOT_FOUND";
  }

  /** ListTransactions. */
  list(): { readonly error: TransactionError; readonly transactions: readonly Transaction[] } {
    const error = this.#availability;
    return { error, transactions: error === "NONE" ? [...this.#transactions.values()] : [] };
  }

  #ask(transactionalId: string, event: TransactionEvent): Promise<TransactionError> {
    const fault = this.#idFault(transactionalId);
    if (fault !== "NONE") return Promise.resolve(fault);
    return this.#work<TransactionError>(
      transactionalId,
      (error) => error,
      () => this.#advance(transactionalId, event),
    );
  }

  #idFault(transactionalId: string): TransactionError {
    if (this.#availability !== "NONE") return this.#availability;
    const bytes = Buffer.byteLength(transactionalId);
    return bytes > 0 && bytes <= this.#config.maxTransactionalIdBytes ? "NONE" : "INVALID_REQUEST";
  }

  /** Does `work` when the id is free; `failure` makes the response when that cannot be. */
  #work<Response>(
    transactionalId: string,
    failure: (error: TransactionError) => Response,
    work: () => Promise<Response>,
  ): Promise<Response> {
    return new Promise((resolve) => {
      const job = () =>
        work().then(resolve, (error: unknown) => {
          resolve(failure("UNKNOWN_SERVER_ERROR"));
          throw error;
        });
      const isQueued = this.#lanes.run(transactionalId, job);
      if (!isQueued) resolve(failure("COORDINATOR_NOT_AVAILABLE"));
    });
  }

  /** Moves a transactional id on by one event, and ends its transaction when that is what it came to. */
  async #advance(transactionalId: string, event: TransactionEvent): Promise<TransactionError> {
    const before = this.#transactions.get(transactionalId);
    const nowMs = this.#deps.clock.nowMs();
    const { error, next } = stepTransaction(transactionalId, before, event, nowMs);
    if (next === undefined) return error;
    if (!(await this.#write(encodeTransaction(next)))) return "COORDINATOR_NOT_AVAILABLE";
    this.#install(next);
    if (isEnding(next)) await this.#finish(next);
    return error;
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
    const { transactionalId, producerId, epoch, state, partitions } = transaction;
    const result = state === "PrepareCommit" ? "commit" : "abort";
    const marker: EndMarker = { producerId, producerEpoch: epoch, result };
    const ended = await Promise.all(
      Array.from(eachPartition(partitions), (where) => this.#deps.endIn(marker, where)),
    );
    const isDone =
      ended.every(Boolean) &&
      (await this.#advance(transactionalId, { kind: "completed" })) === "NONE";
    if (!isDone) this.#timer.atLatest(this.#deps.clock.nowMs() + RETRY_MS);
  }

  #install(transaction: Transaction): void {
    const { transactionalId, producerId } = transaction;
    const before = this.#transactions.get(transactionalId);
    if (before !== undefined && before.producerId !== producerId) {
      this.#byProducer.delete(before.producerId);
    }
    this.#transactions.set(transactionalId, transaction);
    this.#byProducer.set(producerId, transactionalId);
    this.#timer.atLatest(deadlineMs(transaction) ?? Infinity);
  }

  #forget(transactionalId: string): void {
    const transaction = this.#transactions.get(transactionalId);
    if (transaction !== undefined) this.#byProducer.delete(transaction.producerId);
    this.#transactions.delete(transactionalId);
  }

  #onTimer(): void {
    const nowMs = this.#deps.clock.nowMs();
    const expires = this.#expirationDueMs <= nowMs;
    if (expires) this.#expirationDueMs = nowMs + this.#config.expirationCheckMs;
    for (const transaction of [...this.#transactions.values()]) {
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
      const transaction = this.#transactions.get(transactionalId);
      if (transaction === undefined) return;
      if (isEnding(transaction)) return this.#finish(transaction);
      const error = await this.#advance(transactionalId, { kind: "tick" });
      if (error !== "NONE") this.#timer.atLatest(this.#deps.clock.nowMs() + RETRY_MS);
    });
    if (isQueued) return;
    this.#ticking.delete(transactionalId);
    this.#timer.atLatest(this.#deps.clock.nowMs() + RETRY_MS);
  }

  #expire(transactionalId: string): void {
    this.#lanes.run(transactionalId, async () => {
      const transaction = this.#transactions.get(transactionalId);
      if (transaction === undefined) return;
      if (!this.#isExpired(transaction, this.#deps.clock.nowMs())) return;
      const isWritten = await this.#write(transactionTombstone(transactionalId));
      if (isWritten) this.#forget(transactionalId);
    });
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
