import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { LabError } from "../api/errors.ts";
import { MAX_PRODUCE_MESSAGES } from "../api/lab.ts";
import type { NewMessage, Placement } from "../api/model.ts";
import { encodeNewMessages } from "../api/new-messages.ts";
import type { ProduceCommand } from "./message-arguments.ts";
import { LabConnection } from "./client.ts";
import { messageLines } from "./message-lines.ts";
import type { Output } from "./output.ts";
import { CommandError } from "./usage.ts";

/** Keys and values of one request, about. */
const REQUEST_BYTES = 1024 * 1024;

/**
 * Sends the messages of a file or of `stdin`. A file is checked as a whole before its first message
 * is sent. A topic that is not there is created, as Kafka's own console producer has it.
 */
export async function runProduce(
  command: ProduceCommand,
  stdin: Readable,
  output: Output,
  remark: (text: string) => void,
): Promise<void> {
  const { topic, file } = command;
  const source = () => messageLines(file === undefined ? stdin : readFile(file), file ?? "stdin");
  if (file !== undefined) await check(source());
  const lab = await LabConnection.open(command.dataFolder);
  const placed = new Placed();
  try {
    for await (const messages of requests(source())) {
      placed.add(await send(lab, topic, messages, remark));
    }
  } catch (error) {
    if (placed.count === 0 || !(error instanceof Error)) throw error;
    throw new CommandError(`${error.message} Before that, ${placed.describe(topic)}.`);
  } finally {
    lab.close();
  }
  await output.line(placed.describe(topic));
}

/** Reads to the end, which meets every fault. */
async function check(messages: AsyncGenerator<NewMessage, void>): Promise<void> {
  while ((await messages.next()).done !== true);
}

async function send(
  lab: LabConnection,
  topic: string,
  messages: readonly NewMessage[],
  remark: (text: string) => void,
): Promise<readonly Placement[]> {
  const params = { topic, messages: encodeNewMessages(messages) };
  try {
    return (await lab.ask("messages/produce", params)).placements;
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== "unknown-topic") throw error;
  }
  const created = await lab.ask("topics/create", {
    name: topic,
    partitions: undefined,
    configs: {},
  });
  remark(
    `topic ${topic} was not there; created it with ${created.partitions.length} partition(s).`,
  );
  return (await lab.ask("messages/produce", params)).placements;
}

/** Groups messages into what fits one request. */
async function* requests(messages: AsyncIterable<NewMessage>): AsyncGenerator<NewMessage[], void> {
  let request: NewMessage[] = [];
  let sizeBytes = 0;
  for await (const message of messages) {
    const messageBytes = (message.key?.length ?? 0) + (message.value?.length ?? 0);
    const full =
      request.length === MAX_PRODUCE_MESSAGES || sizeBytes + messageBytes > REQUEST_BYTES;
    if (full && request.length > 0) {
      yield request;
      request = [];
      sizeBytes = 0;
    }
    request.push(message);
    sizeBytes += messageBytes;
  }
  if (request.length > 0) yield request;
}

async function* readFile(path: string): AsyncGenerator<Buffer, void> {
  try {
    for await (const chunk of createReadStream(path)) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`cannot read ${path}: ${reason}.`);
  }
}

/** Counts what was placed where. */
class Placed {
  readonly #ranges = new Map<number, { first: number; last: number }>();
  count = 0;

  add(placements: readonly Placement[]): void {
    this.count += placements.length;
    for (const { partition, offset } of placements) {
      const range = this.#ranges.get(partition);
      if (range === undefined) this.#ranges.set(partition, { first: offset, last: offset });
      else range.last = offset;
    }
  }

  describe(topic: string): string {
    const ranges = [...this.#ranges]
      .sort(([a], [b]) => a - b)
      .map(([partition, { first, last }]) =>
        first === last
          ? `partition ${partition} at offset ${first}`
          : `partition ${partition} at offsets ${first} to ${last}`,
      );
    const messages = this.count === 1 ? "1 message" : `${this.count} messages`;
    return [`${messages} placed in ${topic}`, ...ranges].join(", ");
  }
}
