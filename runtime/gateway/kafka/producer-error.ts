import { KAFKA_ERRORS } from "../../wire/kafka/errors.ts";

/**
 * The number of an error about a transactional producer. Clients that do not know PRODUCER_FENCED yet,
 * as the version of their request shows, are told INVALID_PRODUCER_EPOCH (KIP-588).
 */
export function producerError(error: keyof typeof KAFKA_ERRORS, knowsFenced: boolean): number {
  const isNew = error === "PRODUCER_FENCED" && !knowsFenced;
  return KAFKA_ERRORS[isNew ? "INVALID_PRODUCER_EPOCH" : error];
}
