import { GROUP_OFFSETS } from "../../../broker/broker.ts";
import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  AddOffsetsToTxnRequest,
  AddOffsetsToTxnResponse,
} from "../../../wire/kafka/messages/25-add-offsets-to-txn.ts";
import { defineApi, type Gateway, type KafkaApi } from "../api.ts";
import { isElsewhere } from "../coordinators.ts";
import { producerError } from "../producer-error.ts";

const FENCED_SINCE_VERSION = 2;

/* AddOffsetsToTxn, versions 0-4: the partition that keeps the group's offsets becomes part of the transaction. */
export function addOffsetsToTxn({ broker }: Gateway): KafkaApi {
  return defineApi({
    request: AddOffsetsToTxnRequest,
    response: AddOffsetsToTxnResponse,
    async handle({ transactionalId, producerId, producerEpoch, groupId }, { version, endpoint }) {
      if (groupId === "") return { throttleTimeMs: 0, errorCode: KAFKA_ERRORS.INVALID_GROUP_ID };
      if (isElsewhere(broker, transactionalId, endpoint)) {
        return { throttleTimeMs: 0, errorCode: KAFKA_ERRORS.NOT_COORDINATOR };
      }
      const producer = { producerId, epoch: producerEpoch };
      const error = await broker.transactions.add(transactionalId, producer, [GROUP_OFFSETS]);
      return {
        throttleTimeMs: 0,
        errorCode: producerError(error, version >= FENCED_SINCE_VERSION),
      };
    },
  });
}
