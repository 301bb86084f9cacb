import { TRANSACTION_STATES } from "../../../broker/transactions/transaction.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  ListTransactionsRequest,
  ListTransactionsResponse,
} from "../../../wire/kafka/messages/66-list-transactions.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/*
 * ListTransactions, versions 0-2 (KIP-664, KIP-994, KIP-1152). Version 2 filters by a regular expression
 * of the transactional id. It is refused when it is long or cannot be one, and when it nests repetitions,
 * which could keep the lab busy for ever.
 */

const MAX_PATTERN_LENGTH = 249;
/** A repetition of a group that itself repeats or branches. */
const COSTLY = /[*+}|][^()]*\)[*+{]/;
const STATES: ReadonlySet<string> = new Set(TRANSACTION_STATES);

/** Undefined when the pattern is refused. */
function filterOf(pattern: string | null): ((transactionalId: string) => boolean) | undefined {
  if (pattern === null || pattern === "") return () => true;
  if (pattern.length > MAX_PATTERN_LENGTH || COSTLY.test(pattern)) return undefined;
  try {
    const expression = new RegExp(`^(?:${pattern})$`, "u");
    return (transactionalId) => expression.test(transactionalId);
  } catch {
    return undefined;
  }
}

export function listTransactions({ broker, clock }: Gateway): KafkaApi {
  return defineApi({
    request: ListTransactionsRequest,
    response: ListTransactionsResponse,
    handle(request, { endpoint }) {
      const { stateFilters, producerIdFilters, durationFilter, transactionalIdPattern } = request;
      const unknownStateFilters = stateFilters.filter((state) => !STATES.has(state));
      const answer = { throttleTimeMs: 0, unknownStateFilters, transactionStates: [] };
      const isNamed = filterOf(transactionalIdPattern);
      if (isNamed === undefined) {
        return { ...answer, errorCode: KAFKA_ERRORS.INVALID_REGULAR_EXPRESSION };
      }
      const nowMs = clock.nowMs();
      const { error, transactions } = broker.transactions.list();
      const found = transactions.filter(
        ({ transactionalId, producerId, state, startMs }) =>
          (stateFilters.length === 0 || stateFilters.includes(state)) &&
          (producerIdFilters.length === 0 || producerIdFilters.includes(producerId)) &&
          // One that has not begun counts as one from the beginning of time, as in Kafka.
          (durationFilter < 0 || nowMs - startMs > durationFilter) &&
          isNamed(transactionalId) &&
          !isElsewhere(broker, transactionalId, endpoint),
      );
      return {
        ...answer,
        errorCode: KAFKA_ERRORS[error],
        transactionStates: found.map(({ transactionalId, producerId, state }) => ({
          transactionalId,
          producerId,
          transactionState: state,
        })),
      };
    },
  });
}
