import { KAFKA_ERRORS } from "../../wire/kafka/errors.ts";

/** The answer to whoever wants to see or change permissions, quotas or users: there is no authoriser. */
export const NO_SECURITY = {
  errorCode: KAFKA_ERRORS.SECURITY_DISABLED,
  errorMessage: "The lab has no authoriser, users or quotas: everyone on this machine may do all.",
} as const;
