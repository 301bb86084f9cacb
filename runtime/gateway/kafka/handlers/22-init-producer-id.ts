import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../wire/kafka/messages/22-init-producer-id.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";
import { producerError } from "../producer-error.ts";

/*
 * InitProducerId, versions 0-5 (KIP-98): an idempotent producer gets an id nobody had before, with epoch
 * 0; a transactional one gets its id's next epoch, which fences whoever used it. From version 3 on a
 * producer may name what it has been (KIP-360).
 */

const FENCED_SINCE_VERSION = 4;

export function initProducerId({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: InitProducerIdRequest,
    response: InitProducerIdResponse,
    async handle(request, { version, endpoint }) {
      const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request;
      const refused = (errorCode: number) => ({
        throttleTimeMs: 0,
        errorCode,
        producerId: -1,
        producerEpoch: -1,
      });
      if (transactionalId === null) {
        const fresh = await broker.newProducerId();
        // What Kafka says while no block of ids can be had, so that the producer asks again.
        if (fresh === undefined) return refused(KAFKA_ERRORS.COORDINATOR_LOAD_IN_PROGRESS);
        const errorCode = KAFKA_ERRORS.NONE;
        return { throttleTimeMs: 0, errorCode, producerId: fresh, producerEpoch: 0 };
      }
      if (isElsewhere(broker, transactionalId, endpoint)) {
        const nobody = { producerId: -1, producerEpoch: -1 };
        return { throttleTimeMs: 0, errorCode: KAFKA_ERRORS.NOT_COORDINATOR, ...nobody };
      }
      // One of the two without the other cannot be meant.
      if (producerId < 0 !== producerEpoch < 0) return refused(KAFKA_ERRORS.INVALID_REQUEST);
      const result = await broker.transactions.init({
        transactionalId,
        timeoutMs: transactionTimeoutMs,
        producer: producerId < 0 ? null : { producerId, epoch: producerEpoch },
      });
      return {
        throttleTimeMs: 0,
        errorCode: producerError(result.error, version >= FENCED_SINCE_VERSION),
        producerId: result.producerId,
        producerEpoch: result.epoch,
      };
    },
  });
}
