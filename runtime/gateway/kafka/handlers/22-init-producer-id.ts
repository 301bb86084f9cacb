import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  InitProducerIdRequest,
  InitProducerIdResponse,
} from "../../../wire/kafka/messages/22-init-producer-id.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";

/*
 * InitProducerId, versions 0-5, for idempotent producers: each gets an id nobody had before, with
 * epoch 0 (KIP-98). Not done yet: transactional ids; they are refused.
 */
export function initProducerId({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: InitProducerIdRequest,
    response: InitProducerIdResponse,
    async handle({ transactionalId }) {
      if (transactionalId !== null) {
        return {
          throttleTimeMs: 0,
          errorCode: KAFKA_ERRORS.INVALID_REQUEST,
          producerId: -1,
          producerEpoch: -1,
        };
      }
      return {
        throttleTimeMs: 0,
        errorCode: KAFKA_ERRORS.NONE,
        producerId: await broker.newProducerId(),
        producerEpoch: 0,
      };
    },
  });
}
