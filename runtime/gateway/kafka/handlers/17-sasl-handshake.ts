import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  SaslHandshakeRequest,
  SaslHandshakeResponse,
} from "../../../wire/kafka/messages/17-sasl-handshake.ts";
import { defineApi, type KafkaApi } from "../api.ts";
import { SASL_MECHANISMS } from "../sasl/exchange.ts";

/*
 * SaslHandshake, versions 0-1: the client names the mechanism it will authenticate with (KIP-43). One
 * that is not offered gets the list of those that are. On a listener without SASL it is error 34.
 */
export function saslHandshake(): KafkaApi {
  return defineApi({
    request: SaslHandshakeRequest,
    response: SaslHandshakeResponse,
    handle({ mechanism }, { version, sasl }) {
      if (sasl === undefined) return { errorCode: KAFKA_ERRORS.ILLEGAL_SASL_STATE, mechanisms: [] };
      const errorCode = sasl.handshake(version, mechanism);
      return { errorCode, mechanisms: [...SASL_MECHANISMS] };
    },
  });
}
