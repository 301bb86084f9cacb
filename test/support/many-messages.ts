/** Many messages in little time: batches are built once and sent again and again. */
import { buildBatch } from "../../runtime/record/build.ts";
import { ProduceRequest, ProduceResponse } from "../../runtime/wire/kafka/messages/00-produce.ts";
import {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../runtime/wire/kafka/messages/19-create-topics.ts";
import { RawClient } from "./kafka-gateway.ts";

export interface ManyMessage {
  readonly timestampMs: number;
  readonly key: string;
  readonly value: string;
}

/** Port of the first of some bootstrap servers. */
function portOf(bootstrap: string): number {
  return Number(new URL(`kafka://${bootstrap.split(",")[0]}`).port);
}

/** A connection that creates topics and produces batches. */
export class ManyMessages {
  readonly #client: RawClient;

  private constructor(client: RawClient) {
    this.#client = client;
  }

  static async connect(bootstrap: string): Promise<ManyMessages> {
    return new ManyMessages(await RawClient.connect(portOf(bootstrap)));
  }

  async createTopic(name: string, numPartitions: number): Promise<void> {
    // The messages can be of a time that is long over.
    const configs = [{ name: "retention.ms", value: "-1" }];
    const topic = { name, numPartitions, replicationFactor: 1, assignments: [], configs };
    const request = { topics: [topic], timeoutMs: 30_000, validateOnly: false };
    const { topics } = await this.#client.ask(
      CreateTopicsRequest,
      CreateTopicsResponse,
      5,
      request,
    );
    if (topics[0]?.errorCode !== 0) throw new Error(`topic ${name} was not created`);
  }

  /** Appends these messages as one batch. */
  produce(topic: string, partition: number, messages: readonly ManyMessage[]): Promise<void> {
    return this.send(topic, partition, batchOf(messages));
  }

  async send(topic: string, index: number, records: Buffer): Promise<void> {
    const topicData = [{ name: topic, partitionData: [{ index, records }] }];
    const request = { acks: -1, timeoutMs: 30_000, topicData };
    const { responses } = await this.#client.ask(ProduceRequest, ProduceResponse, 9, request);
    const code = responses[0]?.partitionResponses[0]?.errorCode;
    if (code !== 0) throw new Error(`not produced: error ${code}`);
  }

  close(): void {
    this.#client.close();
  }
}

export function batchOf(messages: readonly ManyMessage[]): Buffer {
  return buildBatch(
    messages.map(({ timestampMs, key, value }) => ({
      ...{ timestampMs, key: Buffer.from(key), value: Buffer.from(value), headers: [] },
    })),
  );
}
