import { MalformedBytes } from "../api/bytes.ts";
import { LabError } from "../api/errors.ts";
import { type Lab, MAX_PRODUCE_MESSAGES } from "../api/lab.ts";
import type { NewMessage } from "../api/model.ts";
import { decodeNewMessages } from "../api/new-messages.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Producer } from "../messages/produce.ts";
import { Params } from "./params.ts";

const MAX_INDEX = 2 ** 31 - 1;

type ProduceMethods = "messages/check" | "messages/produce";

/** Takes messages to be produced. */
export function createProduceHandlers(producer: Producer): Pick<Handlers<Lab>, ProduceMethods> {
  return {
    "messages/check": async (params) => {
      const given = new Params(params);
      const refused = await producer.check(
        given.text("topic"),
        newMessages(given.bytes("messages")),
      );
      if (refused === undefined) return { refused: null };
      const { place, code, message } = refused;
      return { refused: { index: place, code, message } };
    },
    "messages/produce": async (params) => {
      const given = new Params(params);
      const topic = given.text("topic");
      const outcome = await producer.produce(topic, newMessages(given.bytes("messages")));
      if (outcome.kind === "failed") throw new LabError(outcome.code, outcome.message);
      return { placements: outcome.placements };
    },
  };
}

function newMessages(bytes: Uint8Array): NewMessage[] {
  let messages: NewMessage[];
  try {
    messages = decodeNewMessages(bytes);
  } catch (error) {
    if (!(error instanceof MalformedBytes)) throw error;
    throw new LabError("bad-request", `messages: ${error.message}.`);
  }
  if (messages.length > MAX_PRODUCE_MESSAGES) {
    throw new LabError("bad-request", `messages: expected at most ${MAX_PRODUCE_MESSAGES}.`);
  }
  for (const { partition, timestampMs } of messages) {
    const badPartition = partition !== undefined && (partition < 0 || partition > MAX_INDEX);
    const badTime = timestampMs !== undefined && timestampMs < -1;
    if (badPartition || badTime) {
      const what = badPartition ? `partition ${partition}` : `timestamp ${timestampMs}`;
      throw new LabError("bad-request", `messages: there is no ${what}.`);
    }
  }
  return messages;
}
