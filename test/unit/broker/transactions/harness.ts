/** A transaction in any state, and a coordinator over a journal and partitions in memory. */
import type { CoordinatorRecord } from "../../../../runtime/broker/coordinator/records.ts";
import { TransactionCoordinator } from "../../../../runtime/broker/transactions/transaction-coordinator.ts";
import type { Transaction } from "../../../../runtime/broker/transactions/transaction.ts";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { silentLogger } from "../../../../runtime/core/logger.ts";

export const ME = { producerId: 7, epoch: 3 };
export const P0 = { topic: "t", partition: 0 };
export const P1 = { topic: "t", partition: 1 };
/** The present time of every step, and the producer id that is at hand. */
export const CONTEXT = { transactionalId: "id", nowMs: 500, freshProducerId: 50 };

export function transaction(changes: Partial<Transaction> = {}): Transaction {
  return {
    transactionalId: "id",
    producerId: 7,
    epoch: 3,
    lastEpoch: -1,
    previousProducerId: 7,
    nextProducerId: -1,
    clientVersion: 0,
    timeoutMs: 1_000,
    state: "Empty",
    partitions: new Map(),
    startMs: -1,
    updateMs: 0,
    ...changes,
  };
}

/** One that has a partition and is open. */
export const open = transaction({
  state: "Ongoing",
  partitions: new Map([["t", new Set([0])]]),
  startMs: 100,
});

export interface Bench {
  readonly coordinator: TransactionCoordinator;
  /** Each marker that was written: how it ended, by whom and where. */
  readonly markers: string[];
  readonly disk: { refuses: boolean; refusesIds: boolean };
  state(): string;
  advance(ms: number): Promise<void>;
}

export function bench(journal: CoordinatorRecord[] = [], clock = new FakeClock()): Bench {
  const markers: string[] = [];
  const disk = { refuses: false, refusesIds: false };
  let nextId = 100;
  const coordinator = new TransactionCoordinator({
    journal: { append: (records) => Promise.resolve(void journal.push(...records)) },
    endIn: ({ producerId, producerEpoch, result }, { topic, partition }) => {
      if (!disk.refuses) {
        markers.push(`${result} ${producerId}/${producerEpoch} ${topic}-${partition}`);
      }
      return Promise.resolve(!disk.refuses);
    },
    newProducerId: () => Promise.resolve(disk.refusesIds ? undefined : nextId++),
    clock,
    logger: silentLogger,
  });
  for (const { key, value } of journal) coordinator.apply(key, value);
  coordinator.loaded();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    coordinator,
    markers,
    disk,
    state() {
      const found = coordinator.describe("id");
      return typeof found === "string" ? found : found.state;
    },
    async advance(ms) {
      clock.advance(ms);
      await settle();
    },
  };
}
