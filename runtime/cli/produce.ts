import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { LabError } from "../api/errors.ts";
import { MessageLineError, messageLines } from "../api/message-lines.ts";
import type { Placement } from "../api/model.ts";
import type { MessageLine } from "../api/produce-document.ts";
import { checkMessages, createWhenMissing, sendMessages } from "../api/send-messages.ts";
import type { ProduceCommand } from "./message-arguments.ts";
import { LabConnection } from "./client.ts";
import type { Output } from "./output.ts";
import { CommandError } from "./usage.ts";

/**
 * Sends the messages of a file or of `stdin`. A file is checked as a whole, here and by the lab,
 * before its first message is sent. A topic that is not there is created, as Kafka's own console
 * producer has it.
 */
export async function runProduce(
  command: ProduceCommand,
  stdin: Readable,
  output: Output,
  remark: (text: string) => void,
): Promise<void> {
  const { topic, file } = command;
  if (file !== undefined) await readToEnd(linesOf(readFile(file), file));
  const lab = await LabConnection.open(command.dataFolder);
  const placed = new Placed();
  const create = async () => {
    const created = await createWhenMissing(lab.ask, topic);
    if (created !== undefined) remark(creation(topic, created.partitions.length));
  };
  const add = (placements: readonly Placement[]) => placed.add(placements);
  try {
    if (file === undefined) {
      await sendMessages(lab.ask, topic, linesOf(stdin, "stdin"), add, create);
    } else {
      await create();
      await checkFile(lab, topic, file);
      await sendMessages(lab.ask, topic, linesOf(readFile(file), file), add);
    }
  } catch (error) {
    if (placed.count === 0 || !(error instanceof Error)) throw error;
    throw new CommandError(`${error.message} Before that, ${placed.describe(topic)}.`);
  } finally {
    lab.close();
  }
  await output.line(placed.describe(topic));
}

function creation(topic: string, partitions: number): string {
  return `topic ${topic} was not there; created it with ${partitions} partition(s).`;
}

/** The lab knows what a file does not say: partitions, and how large a message may be. */
async function checkFile(lab: LabConnection, topic: string, file: string): Promise<void> {
  const found = await checkMessages(lab.ask, topic, linesOf(readFile(file), file));
  if (found === undefined) return;
  const { line, refused } = found;
  throw new LabError(refused.code, `${file}:${line + 1}:1: ${refused.message} Nothing was placed.`);
}

/** The messages of a stream. Throws a CommandError `name:line:column: what` for what is none. */
async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<MessageLine, void> {
  try {
    yield* messageLines(chunks);
  } catch (error) {
    if (!(error instanceof MessageLineError)) throw error;
    throw new CommandError(`${name}:${error.line}:${error.column}: ${error.message}`);
  }
}

/** Meets every fault. */
async function readToEnd(lines: AsyncGenerator<MessageLine, void>): Promise<void> {
  while ((await lines.next()).done !== true);
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
