import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  DescribeTransactionsRequest,
  DescribeTransactionsResponse,
} from "../../../wire/kafka/messages/65-describe-transactions.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";

/* DescribeTransactions, version 0 (KIP-664). */
export function describeTransactions({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: DescribeTransactionsRequest,
    response: DescribeTransactionsResponse,
    handle: ({ transactionalIds }, { endpoint }) => ({
      throttleTimeMs: 0,
      transactionStates: transactionalIds.map((transactionalId) => {
        const found =
          transactionalId === ""
            ? "INVALID_REQUEST"
            : isElsewhere(broker, transactionalId, endpoint)
              ? "NOT_COORDINATOR"
              : broker.transactions.describe(transactionalId);
        if (typeof found === "string") {
          return {
            errorCode: KAFKA_ERRORS[found],
            transactionalId,
            transactionState: "",
            transactionTimeoutMs: 0,
            transactionStartTimeMs: 0,
            producerId: 0,
            producerEpoch: 0,
            topics: [],
          };
        }
        return {
          errorCode: KAFKA_ERRORS.NONE,
          transactionalId,
          transactionState: found.state,
          transactionTimeoutMs: found.timeoutMs,
          transactionStartTimeMs: found.startMs,
          producerId: found.producerId,
          producerEpoch: found.epoch,
          topics: Array.from(found.partitions, ([topic, partitions]) => ({
            topic,
            partitions: [...partitions],
          })),
        };
      }),
    }),
  });
}
