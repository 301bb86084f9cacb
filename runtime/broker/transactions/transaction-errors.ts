/** Every outcome a request about transactions can have, named as in Kafka's error table. */
export type TransactionError =
  | "NONE"
  | "UNKNOWN_SERVER_ERROR"
  | "COORDINATOR_LOAD_IN_PROGRESS"
  | "COORDINATOR_NOT_AVAILABLE"
  | "INVALID_REQUEST"
  | "INVALID_TXN_STATE"
  | "INVALID_PRODUCER_ID_MAPPING"
  | "INVALID_TRANSACTION_TIMEOUT"
  | "CONCURRENT_TRANSACTIONS"
  | "PRODUCER_FENCED"
  | "TRANSACTIONAL_ID_NOT_FOUND";
