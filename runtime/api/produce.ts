import type { ErrorCode } from "./errors.ts";

/** A message that the lab would not take, by its place in the request, counted from 0. */
export interface RefusedMessage {
  readonly index: number;
  readonly code: ErrorCode;
  readonly message: string;
}

/** What is asked before messages are produced, so that nothing is half done. */
export interface ProduceRequests {
  /**
   * Whether `messages/produce` would take all of these, placing none. Partitions that are not there
   * and messages larger than the topic takes are found; a full disk is not.
   */
  "messages/check": {
    params: { readonly topic: string; readonly messages: Uint8Array };
    result: { readonly refused: RefusedMessage | null };
  };
}
