import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import { EndTxnRequest, EndTxnResponse } from "../../../wire/kafka/messages/26-end-txn.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";
import { producerError } from "../producer-error.ts";

const FENCED_SINCE_VERSION = 2;

/* EndTxn, versions 0-4. Answered once the decision is on disk; the markers are mostly there by then. */
export function endTxn({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: EndTxnRequest,
    response: EndTxnResponse,
    async handle({ transactionalId, producerId, producerEpoch, committed }, { version, endpoint }) {
      if (isElsewhere(broker, transactionalId, endpoint)) {
        return { throttleTimeMs: 0, errorCode: KAFKA_ERRORS.NOT_COORDINATOR };
      }
      const producer = { producerId, epoch: producerEpoch };
      const result = committed ? "commit" : "abort";
      const error = await broker.transactions.end(transactionalId, producer, result);
      return {
        throttleTimeMs: 0,
        errorCode: producerError(error, version >= FENCED_SINCE_VERSION),
      };
    },
  });
}
