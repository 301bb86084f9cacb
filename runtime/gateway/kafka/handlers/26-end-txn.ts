import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import { EndTxnRequest, EndTxnResponse } from "../../../wire/kafka/messages/26-end-txn.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";
import { producerError } from "../producer-error.ts";

const FENCED_SINCE_VERSION = 2;
const BUMPS_SINCE_VERSION = 5;

/*
 * EndTxn, versions 0-5. Answered once the decision is on disk; the markers are mostly there by then. From
 * version 5 on it bumps the epoch, and the producer goes on with the one it is told (KIP-890).
 */
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
      const client = version >= BUMPS_SINCE_VERSION ? 2 : 0;
      const ended = await broker.transactions.end(transactionalId, producer, result, client);
      return {
        throttleTimeMs: 0,
        errorCode: producerError(ended.error, version >= FENCED_SINCE_VERSION),
        producerId: ended.producerId,
        producerEpoch: ended.epoch,
      };
    },
  });
}
