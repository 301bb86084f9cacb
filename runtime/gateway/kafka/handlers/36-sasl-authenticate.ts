import { KAFKA_ERRORS } from "../../../wire/kafka/errors.ts";
import {
  SaslAuthenticateRequest,
  SaslAuthenticateResponse,
} from "../../../wire/kafka/messages/36-sasl-authenticate.ts";
import { defineApi, type KafkaApi } from "../api.ts";

const NO_BYTES = Buffer.alloc(0);

/*
 * SaslAuthenticate, versions 0-2: one token of the mechanism each way (KIP-152). A session lasts as
 * long as its connection, so its lifetime is 0; a client may still authenticate again (KIP-368).
 */
export function saslAuthenticate(): KafkaApi {
  return defineApi({
    request: SaslAuthenticateRequest,
    response: SaslAuthenticateResponse,
    handle({ authBytes }, { sasl }) {
      if (sasl === undefined) {
        return {
          errorCode: KAFKA_ERRORS.ILLEGAL_SASL_STATE,
          errorMessage: "This listener does not authenticate its clients.",
          authBytes: NO_BYTES,
        };
      }
      const outcome = sasl.authenticate(authBytes);
      return outcome.error === KAFKA_ERRORS.NONE
        ? { errorCode: outcome.error, errorMessage: null, authBytes: outcome.token }
        : { errorCode: outcome.error, errorMessage: outcome.message, authBytes: NO_BYTES };
    },
  });
}
