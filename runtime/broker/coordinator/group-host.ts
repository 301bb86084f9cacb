import type { Clock } from "../../core/clock.ts";
import type { Disposable } from "../../core/lifetime.ts";
import type { Logger } from "../../core/logger.ts";
import type { TransactionResult } from "../../record/control.ts";
import { MalformedRecordError } from "./byte-codec.ts";
import { emptyGroup, nextDeadlineMs, restoreGroup, type ClassicGroup } from "./classic-group.ts";
import { expiredConsumerRecords } from "./consumer/consumer-offsets.ts";
import { DeadlineTimer } from "./deadline-timer.ts";
import type { GroupConfig } from "./group-config.ts";
import type { GroupReply, Transition } from "./group-draft.ts";
import type { GroupError } from "./group-errors.ts";
import { GroupLanes, type LaneJob } from "./group-lanes.ts";
import type { CommittingProducer } from "./group-requests.ts";
import { GroupStore } from "./group-store.ts";
import { PendingOffsets } from "./pending-offsets.ts";
import { decodeOffsetKey, encodeGroup, type CoordinatorRecord } from "./records.ts";
import { expiredRecords } from "./retention.ts";
import { step, type GroupEvent } from "./step.ts";

/** Least time until something that time asked for, and that the journal refused, is tried again. */
const RETRY_MS = 1_000;
/** Records of one append; more are written in several, each under Kafka's message limit of 1 MB. */
const MAX_APPEND_BYTES = 512 * 1024;

/** Where the coordinator's records are kept: the internal topic `__consumer_offsets`. */
export interface Journal {
  /**
   * Appends the records together and in order. Resolves once they survive what the broker promises
   * of acknowledged records; rejects when none of them was appended. With a producer they are part of
   * its transaction.
   */
  append(records: readonly CoordinatorRecord[], producer?: CommittingProducer): Promise<void>;
}

export interface GroupHostDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly config: GroupConfig;
  readonly deliver: (reply: GroupReply) => void;
  readonly changed: (groupId: string) => void;
}

interface LiveGroup {
  readonly group: ClassicGroup;
  readonly retryAtMs: number;
}

/**
 * Holds the groups and lets time and the journal at them. A group whose state differs from what
 * the store says (it has members, or ids handed out) is live; all others are read from the store.
 * Invariant: what a transition says to write is in the journal and applied before the transition
 * is seen by anybody.
 */
export class GroupHost implements Disposable {
  readonly store = new GroupStore();
  readonly pending = new PendingOffsets();
  readonly #deps: GroupHostDeps;
  readonly #live = new Map<string, LiveGroup>();
  readonly #lanes: GroupLanes;
  readonly #timer: DeadlineTimer;
  readonly #ticking = new Set<string>();
  /** Appends of records within transactions that have not come back. */
  readonly #transactional = new Set<Promise<GroupError>>();
  #retentionDueMs = Infinity;
  #reportedKeyVersion = false;

  constructor(deps: GroupHostDeps) {
    this.#deps = deps;
    this.#timer = new DeadlineTimer(deps.clock, () => this.#onTimer());
    this.#lanes = new GroupLanes(deps.config.maxQueuedPerGroup, (groupId, error) =>
      deps.logger.error(`group ${groupId}: ${describeError(error)}`),
    );
  }

  /** Takes in one record of the journal at start; what cannot be read is left out, with a log line. */
  replay(record: CoordinatorRecord, offset: number | undefined, producerId?: number): void {
    const where = offset === undefined ? "a record" : `the record at offset ${offset}`;
    if (producerId !== undefined) return this.pending.add(producerId, record);
    try {
      const decoded = this.store.apply(record);
      if (decoded.kind !== "unknown" || this.#reportedKeyVersion) return;
      this.#reportedKeyVersion = true;
      this.#deps.logger.warn(
        `${where} has key version ${decoded.keyVersion}, which is unknown; such records are ignored`,
      );
    } catch (error) {
      if (!(error instanceof MalformedRecordError)) throw error;
      this.#deps.logger.warn(`${where} cannot be read and is ignored: ${error.message}`);
    }
  }

  /** Brings the groups to life after replay: members have fresh sessions and time begins to count. */
  start(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const groupId of this.store.groupIds()) {
      const metadata = this.store.metadata(groupId);
      if (metadata === undefined || metadata.members.length === 0) continue;
      this.#keep(restoreGroup(groupId, metadata, nowMs));
    }
    this.#retentionDueMs = nowMs + this.#deps.config.offsetsRetentionCheckMs;
    this.#timer.atLatest(this.#retentionDueMs);
  }

  /** The classic group; what is a consumer group is in the store only. */
  find(groupId: string): ClassicGroup | undefined {
    if (this.store.consumer(groupId) !== undefined) return undefined;
    const live = this.#live.get(groupId);
    if (live !== undefined) return live.group;
    const metadata = this.store.metadata(groupId);
    if (metadata !== undefined) return restoreGroup(groupId, metadata, this.#deps.clock.nowMs());
    return this.store.has(groupId) ? emptyGroup(groupId) : undefined;
  }

  groups(): ClassicGroup[] {
    const ids = new Set([...this.#live.keys(), ...this.store.groupIds()]);
    return [...ids].map((groupId) => this.find(groupId)).filter((group) => group !== undefined);
  }

  hasRoomForGroup(): boolean {
    return this.#live.size + this.store.sizeBound < this.#deps.config.maxGroups;
  }

  /** Does `job` when the group is free; `fail` is called if it cannot be done or throws. */
  run(groupId: string, job: LaneJob, fail: (error: GroupError) => void): void {
    const guarded: LaneJob = () => {
      try {
        return job()?.catch((error: unknown) => {
          fail("UNKNOWN_SERVER_ERROR");
          throw error;
        });
      } catch (error) {
        fail("UNKNOWN_SERVER_ERROR");
        throw error;
      }
    };
    if (!this.#lanes.run(groupId, guarded)) fail("COORDINATOR_NOT_AVAILABLE");
  }

  /** Moves a group on by one event. Only inside {@link run}. */
  advance(
    group: ClassicGroup,
    event: GroupEvent,
    fail: (error: GroupError) => void,
  ): Promise<void> | undefined {
    const transition = step(group, event, this.#deps.clock.nowMs(), this.#deps.config);
    if (transition.metadata === null) {
      this.#install(group, transition);
      return undefined;
    }
    const record = encodeGroup(group.groupId, transition.metadata);
    return this.write(group.groupId, [record]).then((error) => {
      if (error === "NONE") return this.#install(group, transition);
      fail(error);
      return undefined;
    });
  }

  /** Appends records of one group and applies them; on failure nothing has changed. */
  async write(groupId: string, records: readonly CoordinatorRecord[]): Promise<GroupError> {
    for (const chunk of chunksOf(records)) {
      try {
        await this.#deps.journal.append(chunk);
      } catch (error) {
        this.#deps.logger.error(`group ${groupId} could not be written: ${describeError(error)}`);
        return "COORDINATOR_NOT_AVAILABLE";
      }
      for (const record of chunk) this.store.apply(record);
    }
    return "NONE";
  }

  /** Appends offsets within a transaction; they are pending until it ends. */
  writePending(
    groupId: string,
    records: readonly CoordinatorRecord[],
    producer: CommittingProducer,
  ): Promise<GroupError> {
    const writing = this.#appendPending(groupId, records, producer).finally(() =>
      this.#transactional.delete(writing),
    );
    this.#transactional.add(writing);
    return writing;
  }

  async #appendPending(
    groupId: string,
    records: readonly CoordinatorRecord[],
    producer: CommittingProducer,
  ): Promise<GroupError> {
    for (const chunk of chunksOf(records)) {
      try {
        await this.#deps.journal.append(chunk, producer);
      } catch (error) {
        this.#deps.logger.error(`group ${groupId} could not be written: ${describeError(error)}`);
        return "COORDINATOR_NOT_AVAILABLE";
      }
      for (const record of chunk) this.pending.add(producer.producerId, record);
    }
    return "NONE";
  }

  /** Resolves when everything that was being appended within transactions has come back. */
  async settled(): Promise<void> {
    await Promise.all(this.#transactional);
  }

  /** A transaction has ended: its offsets count from now on, or never will. */
  endTransaction(producerId: number, result: TransactionResult): void {
    for (const record of this.pending.end(producerId, result)) {
      this.replay(record, undefined);
      const { groupId } = decodeOffsetKey(record.key);
      this.#deps.changed(groupId);
    }
  }

  /** Forgets what a group has besides the store. Only inside {@link run}. */
  forget(groupId: string): void {
    this.#live.delete(groupId);
  }

  dispose(): void {
    this.#timer.dispose();
  }

  #install(before: ClassicGroup, { group, replies, metadata }: Transition): void {
    this.#keep(group);
    for (const reply of replies) this.#deps.deliver(reply);
    const changed =
      metadata !== null ||
      before.state !== group.state ||
      before.generation !== group.generation ||
      before.members.size !== group.members.size;
    if (changed) this.#deps.changed(group.groupId);
  }

  #keep(group: ClassicGroup): void {
    if (group.state === "Empty" && group.pending.size === 0) {
      this.#live.delete(group.groupId);
      return;
    }
    this.#live.set(group.groupId, { group, retryAtMs: 0 });
    this.#timer.atLatest(nextDeadlineMs(group) ?? Infinity);
  }

  #onTimer(): void {
    const nowMs = this.#deps.clock.nowMs();
    for (const [groupId, { group, retryAtMs }] of [...this.#live]) {
      if (this.#ticking.has(groupId)) continue;
      const dueMs = Math.max(nextDeadlineMs(group) ?? Infinity, retryAtMs);
      if (dueMs <= nowMs) this.#tick(groupId);
      else this.#timer.atLatest(dueMs);
    }
    if (this.#retentionDueMs <= nowMs) {
      this.#retentionDueMs = nowMs + this.#deps.config.offsetsRetentionCheckMs;
      const ids = new Set([...this.#live.keys(), ...this.store.groupIds()]);
      for (const groupId of ids) this.#expireOffsets(groupId);
    }
    this.#timer.atLatest(this.#retentionDueMs);
  }

  #tick(groupId: string): void {
    const retryLater = (): void => {
      const live = this.#live.get(groupId);
      const retryAtMs = this.#deps.clock.nowMs() + RETRY_MS;
      if (live !== undefined) this.#live.set(groupId, { ...live, retryAtMs });
      this.#timer.atLatest(retryAtMs);
    };
    this.#ticking.add(groupId);
    this.run(
      groupId,
      () => {
        this.#ticking.delete(groupId);
        const live = this.#live.get(groupId);
        return live && this.advance(live.group, { kind: "tick" }, retryLater);
      },
      () => {
        this.#ticking.delete(groupId);
        retryLater();
      },
    );
  }

  #expireOffsets(groupId: string): void {
    const retention = async (records: readonly CoordinatorRecord[]): Promise<void> => {
      const error = await this.write(groupId, records);
      if (error !== "NONE") return; // Logged; the next check tries again.
      this.#deps.logger.debug(`group ${groupId}: ${records.length} records expired`);
      this.#deps.changed(groupId);
    };
    const job: LaneJob = () => {
      const records = this.#expired(groupId);
      return records.length === 0 ? undefined : retention(records);
    };
    this.run(groupId, job, () => undefined);
  }

  #expired(groupId: string): readonly CoordinatorRecord[] {
    const nowMs = this.#deps.clock.nowMs();
    const { offsetsRetentionMs } = this.#deps.config;
    const offsets = this.store.offsets(groupId);
    const consumer = this.store.consumer(groupId);
    if (consumer !== undefined) {
      return expiredConsumerRecords(consumer, offsets, nowMs, offsetsRetentionMs);
    }
    const group = this.find(groupId);
    return group === undefined ? [] : expiredRecords(group, offsets, nowMs, offsetsRetentionMs);
  }
}

function* chunksOf(records: readonly CoordinatorRecord[]): Generator<CoordinatorRecord[]> {
  let chunk: CoordinatorRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.key.length + (record.value?.length ?? 0);
    if (chunk.length > 0 && bytes + size > MAX_APPEND_BYTES) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(record);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
