import type { Disposable } from "../../core/lifetime.ts";
import type { TransactionResult } from "../../record/control.ts";
import { MalformedRecordError } from "../coordinator/byte-codec.ts";
import { DEFAULT_TRANSACTION_CONFIG, type TransactionConfig } from "./transaction-config.ts";
import type { TransactionError } from "./transaction-errors.ts";
import { decodeTransaction } from "./transaction-records.ts";
import {
  nobody,
  type ProducerResponse,
  TransactionRunner,
  type TransactionRunnerDeps,
} from "./transaction-runner.ts";
import type {
  ClientVersion,
  ProducerIdentity,
  TopicPartition,
  Transaction,
} from "./transaction.ts";
import { type TransactionWriter, writerError } from "./transaction-writer.ts";

export interface TransactionCoordinatorDeps extends TransactionRunnerDeps {
  /** What differs from {@link DEFAULT_TRANSACTION_CONFIG}. */
  readonly config?: Partial<TransactionConfig>;
}

export interface InitRequest {
  readonly transactionalId: string;
  readonly timeoutMs: number;
  /** Null when the producer begins. */
  readonly producer: ProducerIdentity | null;
}

/**
 * The transactions of one broker: KIP-98, and KIP-890 with clients whose requests are of its versions.
 * Requests resolve with an outcome and reject only on bugs. The decision how a transaction ends is in
 * the journal before its first marker is written; whatever interrupts the rest, it is done again at
 * start or by the timer.
 */
export class TransactionCoordinator implements Disposable {
  readonly #deps: TransactionCoordinatorDeps;
  readonly #config: TransactionConfig;
  readonly #runner: TransactionRunner;
  #availability: TransactionError = "COORDINATOR_LOAD_IN_PROGRESS";

  constructor(deps: TransactionCoordinatorDeps) {
    this.#deps = deps;
    this.#config = { ...DEFAULT_TRANSACTION_CONFIG, ...deps.config };
    this.#runner = new TransactionRunner(deps, this.#config);
  }

  /** Takes in one record of the journal, oldest first, before {@link loaded}. */
  apply(key: Buffer, value: Buffer | null, offset?: number): void {
    try {
      const decoded = decodeTransaction(key, value);
      if (decoded === undefined) return;
      const { transactionalId, transaction } = decoded;
      if (transaction === null) this.#runner.transactions.forget(transactionalId);
      else this.#runner.install(transaction);
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
    this.#runner.start();
  }

  dispose(): void {
    this.#availability = "COORDINATOR_NOT_AVAILABLE";
    this.#runner.dispose();
  }

  /** InitProducerId of a transactional producer. */
  async init({ transactionalId, timeoutMs, producer }: InitRequest): Promise<ProducerResponse> {
    const fault = this.#idFault(transactionalId);
    if (fault !== "NONE") return nobody(fault);
    if (timeoutMs <= 0 || timeoutMs > this.#config.maxTimeoutMs) {
      return nobody("INVALID_TRANSACTION_TIMEOUT");
    }
    const { transactions } = this.#runner;
    return this.#runner.run(transactionalId, { kind: "init", timeoutMs, producer }, () => {
      const hasRoom = transactions.size < this.#config.maxTransactionalIds;
      const isKnown = transactions.get(transactionalId) !== undefined;
      return isKnown || hasRoom ? "NONE" : "COORDINATOR_NOT_AVAILABLE";
    });
  }

  /**
   * AddPartitionsToTxn, and AddOffsetsToTxn with the partition that keeps the group's offsets. What is
   * written with transaction version 2 adds its partitions itself: see {@link enlist}.
   */
  async add(
    transactionalId: string,
    producer: ProducerIdentity,
    partitions: readonly TopicPartition[],
    version: ClientVersion = 0,
  ): Promise<TransactionError> {
    const fault = this.#idFault(transactionalId);
    if (fault !== "NONE") return fault;
    const event = { kind: "add", producer, partitions, version } as const;
    return (await this.#runner.run(transactionalId, event)).error;
  }

  /**
   * Makes sure that a producer's transaction has the partitions it is about to write to, and says for
   * each why not. They are added for clients of version 2, and have to be there for others. Requests of
   * one transactional id that add resolve in the order in which they came.
   */
  async enlist(
    { transactionalId, producer, kind }: TransactionWriter,
    partitions: readonly TopicPartition[],
  ): Promise<readonly TransactionError[]> {
    if (kind === "adds") {
      const error = await this.add(transactionalId, producer, partitions, 2);
      return partitions.map(() => writerError(error, kind));
    }
    const fault = this.#idFault(transactionalId);
    const { transactions } = this.#runner;
    return partitions.map((where) => {
      const isAsked = fault === "NONE";
      const error = isAsked ? transactions.verify(transactionalId, producer, where) : fault;
      return writerError(error, kind);
    });
  }

  /**
   * EndTxn. Once it has been decided the answer is NONE; mostly the markers are there by then. With
   * version 2 the producer goes on as the one that is answered.
   */
  async end(
    transactionalId: string,
    producer: ProducerIdentity,
    result: TransactionResult,
    version: ClientVersion,
  ): Promise<ProducerResponse> {
    const fault = this.#idFault(transactionalId);
    if (fault !== "NONE") return nobody(fault);
    return this.#runner.run(transactionalId, { kind: "end", producer, result, version });
  }

  /** Whether the producer may write to a partition within its transaction now, or else why not. */
  mayWrite(producer: ProducerIdentity, where: TopicPartition): TransactionError {
    return this.#runner.transactions.mayWrite(producer, where);
  }

  /**
   * How a transaction that a partition has open is to be ended when the coordinator knows of no such
   * one, which a power cut can leave behind; undefined while it does, and ends it in time itself.
   */
  resultOfLost(producerId: number, where: TopicPartition): TransactionResult | undefined {
    return this.#runner.transactions.resultOfLost(producerId, where);
  }

  /** DescribeTransactions of one id. */
  describe(transactionalId: string): TransactionError | Transaction {
    if (this.#availability !== "NONE") return this.#availability;
    return this.#runner.transactions.get(transactionalId) ?? "TRANSACTIONAL_ID_NOT_FOUND";
  }

  /** ListTransactions. */
  list(): { readonly error: TransactionError; readonly transactions: readonly Transaction[] } {
    const error = this.#availability;
    return { error, transactions: error === "NONE" ? this.#runner.transactions.all() : [] };
  }

  #idFault(transactionalId: string): TransactionError {
    if (this.#availability !== "NONE") return this.#availability;
    const bytes = Buffer.byteLength(transactionalId);
    return bytes > 0 && bytes <= this.#config.maxTransactionalIdBytes ? "NONE" : "INVALID_REQUEST";
  }
}
