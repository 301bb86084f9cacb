/** How soon a lab with much in it is ready again, after a clean stop and after `kill -9`. */
import { randomBytes } from "node:crypto";
import { buildBatch } from "../../runtime/record/build.ts";
import { ProduceRequest, ProduceResponse } from "../../runtime/wire/kafka/messages/00-produce.ts";
import { FetchRequest, FetchResponse } from "../../runtime/wire/kafka/messages/01-fetch.ts";
import {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../runtime/wire/kafka/messages/19-create-topics.ts";
import {
  DescribeLogDirsRequest,
  DescribeLogDirsResponse,
} from "../../runtime/wire/kafka/messages/35-describe-log-dirs.ts";
import { RawClient } from "../support/kafka-gateway.ts";
import { type LabProcess, startLab } from "../support/lab-process.ts";
import { cpuSeconds, memoryMb } from "./proc.ts";
import { spread, type Spread } from "./statistics.ts";

export interface Load {
  readonly topics: number;
  readonly partitionsPerTopic: number;
  readonly bytes: number;
}

/** The last one is what the issue asks for. */
export const LOADS: readonly Load[] = [
  { topics: 100, partitionsPerTopic: 1, bytes: 100e6 },
  { topics: 1_000, partitionsPerTopic: 1, bytes: 1e9 },
  { topics: 1_000, partitionsPerTopic: 10, bytes: 10e9 },
];

export interface RestartResult {
  readonly load: Load;
  /** Spawn to ready line. */
  readonly cleanMs: Spread;
  readonly killedMs: Spread;
  /** The same, killed right after this much was written everywhere. */
  readonly killedWritingMs: Spread;
  readonly writtenBytes: number;
  /** From the ready line to the first records of some partition. */
  readonly firstFetchMs: Spread;
  /** From the ready line to an answer about the size of every partition. */
  readonly allOpenMs: Spread;
  readonly rssMb: number;
  /** Processor time of the lab up to the ready line, after a clean stop. */
  readonly readyCpuS: number;
}

const ROUNDS = 5;
const RECORD_BYTES = 1_000;
const BATCH_BYTES = 100_000;
const PARTITIONS_PER_REQUEST = 10;
const AT_ONCE = 8;
const TOPICS_PER_REQUEST = 50;

const nameOf = (topic: number): string => `topic-${topic}`;

function batch(): Buffer {
  const records = Array.from({ length: BATCH_BYTES / RECORD_BYTES }, () => ({
    timestampMs: Date.now(),
    key: null,
    value: randomBytes(RECORD_BYTES),
    headers: [],
  }));
  return buildBatch(records);
}

const portOf = ({ ready }: LabProcess): number => Number(ready.bootstrap.split(":")[1]);

async function createTopics(client: RawClient, load: Load): Promise<void> {
  for (let first = 0; first < load.topics; first += TOPICS_PER_REQUEST) {
    const count = Math.min(TOPICS_PER_REQUEST, load.topics - first);
    const topics = Array.from({ length: count }, (_, i) => ({
      name: nameOf(first + i),
      numPartitions: load.partitionsPerTopic,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }));
    const value = { topics, timeoutMs: 60_000, validateOnly: false };
    const answer = await client.ask(CreateTopicsRequest, CreateTopicsResponse, 5, value);
    if (answer.topics.some(({ errorCode }) => errorCode !== 0)) throw new Error("no topics");
  }
}

/** Appends so many batches to every partition. */
async function fill(lab: LabProcess, load: Load, batches: number): Promise<void> {
  const partitions = Array.from({ length: load.topics * load.partitionsPerTopic }, (_, i) => ({
    name: nameOf(Math.floor(i / load.partitionsPerTopic)),
    index: i % load.partitionsPerTopic,
  }));
  const requests = Array.from({ length: batches }, () => partitions)
    .flat()
    .reduce<(typeof partitions)[]>((all, one, i) => {
      if (i % PARTITIONS_PER_REQUEST === 0) all.push([]);
      all.at(-1)?.push(one);
      return all;
    }, []);
  const records = batch();
  const worker = async (): Promise<void> => {
    const client = await RawClient.connect(portOf(lab));
    for (let next = requests.pop(); next !== undefined; next = requests.pop()) {
      const topicData = next.map(({ name, index }) => ({
        name,
        partitionData: [{ index, records }],
      }));
      const value = { acks: -1, timeoutMs: 60_000, topicData };
      const { responses } = await client.ask(ProduceRequest, ProduceResponse, 9, value);
      const [first] = responses[0]?.partitionResponses ?? [];
      if (first?.errorCode !== 0) throw new Error(`produce is error ${first?.errorCode}`);
    }
    client.close();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function firstFetchMs(lab: LabProcess, { topics }: Load): Promise<number> {
  const started = performance.now();
  const client = await RawClient.connect(portOf(lab));
  const topic = nameOf(Math.floor(topics / 2));
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }];
  const value = { maxWaitMs: 0, minBytes: 1, maxBytes: 1_000_000, topics: [{ topic, partitions }] };
  const answer = await client.ask(FetchRequest, FetchResponse, 12, value);
  if (answer.responses[0]?.partitions[0]?.records?.length === 0) throw new Error("nothing there");
  client.close();
  return performance.now() - started;
}

async function allOpenMs(lab: LabProcess): Promise<number> {
  const started = performance.now();
  const client = await RawClient.connect(portOf(lab));
  await client.ask(DescribeLogDirsRequest, DescribeLogDirsResponse, 2, { topics: null });
  client.close();
  return performance.now() - started;
}

/** `folder` does not exist yet; it has the data afterwards. */
export async function measureRestart(
  node: string,
  folder: string,
  load: Load,
): Promise<RestartResult> {
  const start = () => startLab({ data: folder, node });
  let lab = await start();
  const client = await RawClient.connect(portOf(lab));
  await createTopics(client, load);
  client.close();
  const perPartition = load.bytes / (load.topics * load.partitionsPerTopic);
  await fill(lab, load, Math.round(perPartition / BATCH_BYTES));
  const [clean, killed, writing, fetches, opens] = Array.from({ length: 5 }, (): number[] => []);
  const cpu: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await lab.stop();
    lab = await start();
    cpu.push(cpuSeconds(lab.ready.pid));
    clean?.push(lab.startMs);
    fetches?.push(await firstFetchMs(lab, load));
    await lab.kill();
    lab = await start();
    killed?.push(lab.startMs);
    opens?.push(await allOpenMs(lab));
    await fill(lab, load, 1);
    await lab.kill();
    lab = await start();
    writing?.push(lab.startMs);
  }
  await allOpenMs(lab);
  const { rss } = memoryMb(lab.ready.pid);
  await lab.stop();
  return {
    load,
    cleanMs: spread(clean ?? []),
    killedMs: spread(killed ?? []),
    killedWritingMs: spread(writing ?? []),
    writtenBytes: load.topics * load.partitionsPerTopic * BATCH_BYTES,
    firstFetchMs: spread(fetches ?? []),
    allOpenMs: spread(opens ?? []),
    rssMb: rss,
    readyCpuS: spread(cpu).median,
  };
}
