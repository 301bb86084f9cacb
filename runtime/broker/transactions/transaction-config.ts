/** Limits and times of the transaction coordinator. Names follow Kafka's broker configs. */
export interface TransactionConfig {
  /** `transaction.max.timeout.ms`: a producer that asks for more is refused. Kafka: 15 min. */
  readonly maxTimeoutMs: number;
  /** `transactional.id.expiration.ms`: an id without a transaction for this long is forgotten. Kafka: 7 days. */
  readonly idExpirationMs: number;
  /** `transaction.remove.expired.transaction.cleanup.interval.ms`. Kafka: 1 h. */
  readonly expirationCheckMs: number;
  /** Transactional ids known at once; a request that would add one is refused. */
  readonly maxTransactionalIds: number;
  /** UTF-8 bytes of a transactional id, as many as fit a record of the log. */
  readonly maxTransactionalIdBytes: number;
  /** Requests of one transactional id queued behind one that waits for the disk; one more is refused. */
  readonly maxQueuedPerId: number;
}

/** What a lab uses unless told otherwise. */
export const DEFAULT_TRANSACTION_CONFIG: TransactionConfig = {
  maxTimeoutMs: 900_000,
  idExpirationMs: 7 * 24 * 60 * 60_000,
  expirationCheckMs: 60 * 60_000,
  maxTransactionalIds: 100_000,
  maxTransactionalIdBytes: 32_767,
  maxQueuedPerId: 1_000,
};
