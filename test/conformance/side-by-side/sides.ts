/** The two brokers that are compared, each behind a tap, and ready. */
import { startLab } from "../../support/lab-process.ts";
import { RawClient } from "../../support/kafka-gateway.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { waitFor } from "../../support/wait-for.ts";
import { apis } from "./apis.ts";
import { startKafka } from "./kafka-server.ts";
import { Tap } from "./tap.ts";

const READY_LIMIT_MS = 60_000;
/** A topic that the scripts do not use. */
const TOPIC = "ready";

export interface Side {
  readonly tap: Tap;
  stop(): Promise<void>;
}

/** Makes the broker create its internal topics, which Kafka does only when they are asked for. */
async function coordinate(port: number): Promise<void> {
  const client = await RawClient.connect(port);
  const { createTopics, findCoordinator, listGroups, initProducerId, offsetCommit } = apis;
  await waitFor(
    "coordinators",
    async () => {
      const codes: number[] = [];
      for (const keyType of [0, 1]) {
        const asked = { keyType, coordinatorKeys: ["ready"] };
        const found = await client.ask(findCoordinator.request, findCoordinator.response, 4, asked);
        codes.push(...found.coordinators.map(({ errorCode }) => errorCode));
      }
      const groups = await client.ask(listGroups.request, listGroups.response, 4, {});
      const asked = { transactionalId: "ready", transactionTimeoutMs: 60_000 };
      await client.ask(createTopics.request, createTopics.response, 5, {
        topics: [
          { name: TOPIC, numPartitions: 1, replicationFactor: 1, assignments: [], configs: [] },
        ],
        timeoutMs: 10_000,
      });
      const commit = await client.ask(offsetCommit.request, offsetCommit.response, 8, {
        groupId: "ready",
        memberId: "",
        topics: [
          {
            name: TOPIC,
            partitions: [{ partitionIndex: 0, committedOffset: 0, committedMetadata: "" }],
          },
        ],
      });
      for (const { partitions } of commit.topics) {
        codes.push(...partitions.map(({ errorCode }) => errorCode));
      }
      const init = await client.ask(initProducerId.request, initProducerId.response, 4, asked);
      return [...codes, groups.errorCode, init.errorCode].every((code) => code === 0);
    },
    READY_LIMIT_MS,
  );
  client.close();
}

async function side(port: number, stop: () => Promise<unknown>): Promise<Side> {
  await coordinate(port);
  const tap = await Tap.start(port);
  return {
    tap,
    async stop() {
      await tap.stop();
      await stop();
    },
  };
}

export async function kafkaSide(lib: string): Promise<Side> {
  const server = await startKafka(lib);
  return side(server.port, () => server.stop());
}

export async function labSide(): Promise<Side> {
  const folder = tempFolder();
  const lab = await startLab({ data: folder.path });
  const port = Number(new URL(`kafka://${lab.ready.bootstrap}`).port);
  return side(port, async () => {
    await lab.stop();
    folder.dispose();
  });
}
