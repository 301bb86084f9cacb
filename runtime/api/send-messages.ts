import { LabError } from "./errors.ts";
import { type Lab, MAX_PRODUCE_MESSAGES } from "./lab.ts";
import type { Placement, TopicSummary } from "./model.ts";
import { encodeNewMessages } from "./new-messages.ts";
import type { RefusedMessage } from "./produce.ts";
import type { MessageLine } from "./produce-document.ts";
import type { MethodOf, ParamsOf, ResultOf } from "./rpc.ts";

/** Keys, values and headers of one request, about. */
const REQUEST_BYTES = 1024 * 1024;

/** Asks the lab; rejects with a LabError. */
export type AskLab = <M extends MethodOf<Lab>>(
  method: M,
  params: ParamsOf<Lab, M>,
) => Promise<ResultOf<Lab, M>>;

/** Lines of messages, from memory or from a file. */
export type MessageSource = AsyncIterable<MessageLine> | Iterable<MessageLine>;

/** A message that the lab will not take, and the line it stands on, counted from 0. */
export interface RefusedLine {
  readonly line: number;
  readonly refused: RefusedMessage;
}

/** Creates a topic unless it is there, as Kafka's own console producer does; the topic when it did. */
export async function createWhenMissing(
  ask: AskLab,
  topic: string,
): Promise<TopicSummary | undefined> {
  const { refused } = await ask("messages/check", { topic, messages: encode([]) });
  if (refused?.code !== "unknown-topic") return undefined;
  return ask("topics/create", { name: topic, partitions: undefined, configs: {} }).catch(
    (error: unknown) => {
      // Somebody else was faster.
      if (error instanceof LabError && error.code === "topic-exists") return undefined;
      throw error;
    },
  );
}

/** Whether the lab would take all of these; the first that it would not, otherwise. Sends nothing. */
export async function checkMessages(
  ask: AskLab,
  topic: string,
  source: MessageSource,
): Promise<RefusedLine | undefined> {
  for await (const lines of requests(source)) {
    const { refused } = await ask("messages/check", { topic, messages: encode(lines) });
    if (refused !== null) return { line: lines[refused.index]?.line ?? 0, refused };
  }
  return undefined;
}

/**
 * Produces messages in their order, a request at a time, and tells where those of each request went.
 * `beforeFirst` is done once the first request is complete.
 */
export async function sendMessages(
  ask: AskLab,
  topic: string,
  source: MessageSource,
  onPlaced: (placements: readonly Placement[], lines: readonly MessageLine[]) => void,
  beforeFirst?: () => Promise<void>,
): Promise<void> {
  let prepare = beforeFirst;
  for await (const lines of requests(source)) {
    await prepare?.();
    prepare = undefined;
    const { placements } = await ask("messages/produce", { topic, messages: encode(lines) });
    onPlaced(placements, lines);
  }
}

function encode(lines: readonly MessageLine[]): Uint8Array {
  return encodeNewMessages(lines.map(({ message }) => message));
}

/** Groups messages into what fits one request. */
async function* requests(source: MessageSource): AsyncGenerator<readonly MessageLine[], void> {
  let request: MessageLine[] = [];
  let sizeBytes = 0;
  for await (const line of source) {
    const lineBytes = sizeOf(line);
    const isFull = request.length === MAX_PRODUCE_MESSAGES || sizeBytes + lineBytes > REQUEST_BYTES;
    if (isFull && request.length > 0) {
      yield request;
      request = [];
      sizeBytes = 0;
    }
    request.push(line);
    sizeBytes += lineBytes;
  }
  if (request.length > 0) yield request;
}

function sizeOf({ message: { key, value, headers } }: MessageLine): number {
  const ofHeaders = headers.reduce(
    (sum, header) => sum + header.key.length + (header.value?.length ?? 0),
    0,
  );
  return (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders;
}
