/** A lab of three brokers, whose leaders move and of which one is down now and then. */
import assert from "node:assert/strict";
import {
  CreateTopicsRequest,
  CreateTopicsResponse,
} from "../../runtime/wire/kafka/messages/19-create-topics.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../runtime/wire/kafka/messages/10-find-coordinator.ts";
import {
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse,
} from "../../runtime/wire/kafka/messages/45-alter-partition-reassignments.ts";
import {
  ElectLeadersRequest,
  ElectLeadersResponse,
} from "../../runtime/wire/kafka/messages/43-elect-leaders.ts";
import { type LabProcess, startLab, streamside } from "../support/lab-process.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { ask } from "./wire-client.ts";

export const BROKERS = 3;
const PREFERRED = 0;

/** What a coordinator is asked for, as FindCoordinator numbers it. */
export const COORDINATES = { group: 0, transaction: 1 } as const;

export class ThreeBrokers {
  readonly #folder: TempFolder;
  readonly #lab: LabProcess;
  /** Which broker is down. */
  #down: number | undefined;

  private constructor(folder: TempFolder, lab: LabProcess) {
    this.#folder = folder;
    this.#lab = lab;
  }

  static async start(): Promise<ThreeBrokers> {
    const folder = tempFolder();
    const args = ["--brokers", String(BROKERS)];
    return new ThreeBrokers(folder, await startLab({ data: folder.path, args }));
  }

  /** Of all brokers. */
  get bootstrap(): string {
    return this.#lab.ready.bootstrap;
  }

  /** Of one that is up. */
  get #bootstrap(): string {
    const up = this.#lab.ready.brokers.find(({ id }) => id !== this.#down);
    return up?.listeners[0]?.bootstrap ?? "";
  }

  /** With a replica on each broker. */
  async createTopic(name: string, partitions: number): Promise<void> {
    const shape = { numPartitions: partitions, replicationFactor: BROKERS };
    const request = { topics: [{ name, ...shape, assignments: [], configs: [] }] };
    const answer = await ask(
      this.#bootstrap,
      CreateTopicsRequest,
      CreateTopicsResponse,
      5,
      request,
    );
    assert.equal(answer.topics[0]?.errorCode, 0);
  }

  async coordinatorOf(key: string, keyType: number): Promise<number> {
    const request = { key, keyType };
    const answer = await ask(
      this.#bootstrap,
      FindCoordinatorRequest,
      FindCoordinatorResponse,
      2,
      request,
    );
    assert.equal(answer.errorCode, 0);
    return answer.nodeId;
  }

  /** Makes another broker lead each partition, the next one with each `turn`. */
  async moveLeaders(topic: string, partitions: number, turn: number): Promise<void> {
    const all = Array.from({ length: partitions }, (_, index) => index);
    const replicasOf = (index: number) =>
      Array.from({ length: BROKERS }, (_, i) => 1 + ((index + turn + i) % BROKERS));
    const reassigned = await ask(
      this.#bootstrap,
      AlterPartitionReassignmentsRequest,
      AlterPartitionReassignmentsResponse,
      0,
      {
        topics: [
          {
            name: topic,
            partitions: all.map((index) => ({
              partitionIndex: index,
              replicas: replicasOf(index),
            })),
          },
        ],
      },
    );
    assert.equal(reassigned.errorCode, 0);
    const elected = await ask(this.#bootstrap, ElectLeadersRequest, ElectLeadersResponse, 2, {
      electionType: PREFERRED,
      topicPartitions: [{ topic, partitions: all }],
    });
    assert.equal(elected.errorCode, 0);
  }

  async stopBroker(id: number): Promise<void> {
    this.#down = id;
    await this.#run("brokers", "stop", String(id));
  }

  /** The one that is down. */
  async startBroker(): Promise<void> {
    await this.#run("brokers", "start", String(this.#down));
    this.#down = undefined;
  }

  /** The values of all messages of a topic, as they lie in its log. */
  async values(topic: string): Promise<string[]> {
    const stdout = await this.#run("peek", topic, "--json");
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => (JSON.parse(line) as { value: string }).value);
  }

  async #run(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await streamside([...args, "--data", this.#folder.path]);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  async dispose(): Promise<void> {
    await this.#lab.kill();
    this.#folder.dispose();
  }
}
