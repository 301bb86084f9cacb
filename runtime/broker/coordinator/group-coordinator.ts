import { randomUUID } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import type { Disposable } from "../../core/lifetime.ts";
import type { Logger } from "../../core/logger.ts";
import type { EndMarker, TransactionResult } from "../../record/control.ts";
import { emptyGroup, type ClassicGroup } from "./classic-group.ts";
import type { ConsumerGroup } from "./consumer/consumer-group.ts";
import { ConsumerHost } from "./consumer/consumer-host.ts";
import {
  checkConsumerCommit,
  checkConsumerFetch,
  consumerTombstones,
} from "./consumer/consumer-offsets.ts";
import {
  failedConsumerHeartbeat,
  type ConsumerHeartbeatRequest,
  type ConsumerHeartbeatResponse,
  type DescribedConsumerGroup,
} from "./consumer/consumer-requests.ts";
import { NO_TOPICS, type TopicDirectory } from "./consumer/topics.ts";
import { DEFAULT_GROUP_CONFIG, type GroupConfig } from "./group-config.ts";
import { failedJoin, failedSync, type GroupReply } from "./group-draft.ts";
import type { GroupError } from "./group-errors.ts";
import { GroupHost, type Journal } from "./group-host.ts";
import type * as Api from "./group-requests.ts";
import { checkGroupId, checkJoinRequest } from "./group-limits.ts";
import { describeGroup, listGroups, type ListFilter } from "./group-views.ts";
import {
  checkCommit,
  failedCommit,
  offsetTombstones,
  planCommit,
  planDeleteOffsets,
  readOffsets,
  type PartitionExists,
} from "./offsets.ts";
import { encodeGroup, type CoordinatorRecord as JournalRecord } from "./records.ts";
import type { GroupEvent } from "./step.ts";
import { Waiters } from "./waiters.ts";

export type { GroupConfig } from "./group-config.ts";
export type { GroupError } from "./group-errors.ts";
export type { Journal } from "./group-host.ts";
export type { CoordinatorRecord as JournalRecord } from "./records.ts";

/** Characters of a client id that go into the member ids made from it. */
const MAX_CLIENT_ID_IN_MEMBER_ID = 249;

export interface GroupCoordinatorDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What differs from {@link DEFAULT_GROUP_CONFIG}. */
  readonly config?: Partial<GroupConfig>;
  /** Refuses commits to partitions that do not exist; without it every partition does. */
  readonly partitionExists?: PartitionExists;
  /** The topics that members of the consumer protocol may be given; none without it. */
  readonly topics?: TopicDirectory;
  /** Whether a producer has a transaction that may commit offsets now; without it every one has. */
  readonly mayCommit?: (producer: Api.CommittingProducer) => GroupError;
  /** Unique part of a member id; a random UUID unless a test says otherwise. */
  readonly newId?: () => string;
}

/**
 * Groups, of the classic and of the consumer protocol (KIP-848), and committed offsets of one broker. One
 * group id is one or the other; an empty group becomes what its next member wants. Requests resolve with an outcome
 * and reject only on bugs. Before {@link loaded} everything answers COORDINATOR_LOAD_IN_PROGRESS
 * (a heartbeat NONE, as in Kafka), after {@link dispose} COORDINATOR_NOT_AVAILABLE.
 *
 * A request that is aborted while it waits frees its memory at once and resolves with
 * COORDINATOR_NOT_AVAILABLE; the member stays until its session or the rebalance times out, because
 * a client that lost its connection comes back with the same member id.
 */
export class GroupCoordinator implements Disposable {
  readonly #config: GroupConfig;
  readonly #clock: Clock;
  readonly #host: GroupHost;
  readonly #consumers: ConsumerHost;
  readonly #partitionExists: PartitionExists;
  readonly #mayCommit: (producer: Api.CommittingProducer) => GroupError;
  readonly #newId: () => string;
  readonly #joins = new Waiters<Api.JoinResponse>();
  readonly #syncs = new Waiters<Api.SyncResponse>();
  readonly #heartbeats = new Waiters<Api.HeartbeatResponse>();
  readonly #leaves = new Waiters<Api.LeaveResponse>();
  readonly #listeners = new Set<(groupId: string) => void>();
  #availability: GroupError = "COORDINATOR_LOAD_IN_PROGRESS";

  constructor(deps: GroupCoordinatorDeps) {
    this.#config = { ...DEFAULT_GROUP_CONFIG, ...deps.config };
    this.#clock = deps.clock;
    this.#partitionExists = deps.partitionExists ?? (() => true);
    this.#mayCommit = deps.mayCommit ?? (() => "NONE");
    this.#newId = deps.newId ?? randomUUID;
    this.#host = new GroupHost({
      journal: deps.journal,
      clock: deps.clock,
      logger: deps.logger,
      config: this.#config,
      deliver: (reply) => this.#deliver(reply),
      changed: (groupId) => this.#changed(groupId),
    });
    this.#consumers = new ConsumerHost({
      host: this.#host,
      clock: deps.clock,
      config: this.#config,
      topics: deps.topics ?? NO_TOPICS,
      newId: this.#newId,
      changed: (groupId) => this.#changed(groupId),
    });
  }

  /** Takes in one record of the journal, oldest first, before {@link loaded}. */
  apply(key: Buffer, value: Buffer | null, offset?: number, producerId?: number): void {
    this.#host.replay({ key, value }, offset, producerId);
  }

  /** Takes in the end of a transaction, in its place among the records. */
  endTransaction(producerId: number, result: TransactionResult): void {
    this.#host.endTransaction(producerId, result);
  }

  /**
   * Ends a transaction that offsets were committed in. `append` writes the marker behind them and says
   * whether it could; then they count, or never will.
   */
  async completeTransaction(marker: EndMarker, append: () => Promise<boolean>): Promise<boolean> {
    await this.#host.settled();
    const isWritten = await append();
    if (isWritten) this.#host.endTransaction(marker.producerId, marker.result);
    return isWritten;
  }

  /** Ends replay and opens the coordinator: members found in the journal have fresh sessions. */
  loaded(): void {
    if (this.#availability !== "COORDINATOR_LOAD_IN_PROGRESS") return;
    this.#availability = "NONE";
    this.#host.start();
    this.#consumers.start();
  }

  /** Calls `listener` with the group's id when its state, members or offsets have changed. */
  onChange(listener: (groupId: string) => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  dispose(): void {
    this.#availability = "COORDINATOR_NOT_AVAILABLE";
    this.#host.dispose();
    this.#consumers.dispose();
    for (const waiters of [this.#joins, this.#syncs, this.#heartbeats, this.#leaves]) {
      waiters.failAll("COORDINATOR_NOT_AVAILABLE");
    }
  }

  /** JoinGroup. Waits until the generation is complete, at most the longest rebalance timeout. */
  join(request: Api.JoinRequest, signal?: AbortSignal): Promise<Api.JoinResponse> {
    const failure = (error: GroupError) => failedJoin(error, request.memberId);
    const fault = this.#fault(() => checkJoinRequest(request, this.#config), signal);
    if (fault !== "NONE") return Promise.resolve(failure(fault));
    if (!this.#mayWait()) return Promise.resolve(failure("COORDINATOR_NOT_AVAILABLE"));
    const { waiter, response } = this.#joins.open(failure, signal);
    const owner = request.instanceId ?? request.clientId.slice(0, MAX_CLIENT_ID_IN_MEMBER_ID);
    const freshMemberId = `${owner}-${this.#newId()}`;
    this.#ask(request.groupId, { kind: "join", waiter, request, freshMemberId }, (error) =>
      this.#joins.fail(waiter, error),
    );
    return response;
  }

  /** SyncGroup. A follower waits for the leader's assignment, at most the rebalance timeout. */
  sync(request: Api.SyncRequest, signal?: AbortSignal): Promise<Api.SyncResponse> {
    const fault = this.#fault(() => checkGroupId(request.groupId), signal);
    if (fault !== "NONE") return Promise.resolve(failedSync(fault));
    if (!this.#mayWait()) return Promise.resolve(failedSync("COORDINATOR_NOT_AVAILABLE"));
    const { waiter, response } = this.#syncs.open(failedSync, signal);
    this.#ask(request.groupId, { kind: "sync", waiter, request }, (error) =>
      this.#syncs.fail(waiter, error),
    );
    return response;
  }

  heartbeat(request: Api.HeartbeatRequest, signal?: AbortSignal): Promise<Api.HeartbeatResponse> {
    const fault = this.#fault(() => checkGroupId(request.groupId), signal);
    if (fault === "COORDINATOR_LOAD_IN_PROGRESS") return Promise.resolve({ error: "NONE" });
    if (fault !== "NONE") return Promise.resolve({ error: fault });
    const { waiter, response } = this.#heartbeats.open((error) => ({ error }), signal);
    this.#ask(request.groupId, { kind: "heartbeat", waiter, request }, (error) =>
      this.#heartbeats.fail(waiter, error),
    );
    return response;
  }

  leave(request: Api.LeaveRequest, signal?: AbortSignal): Promise<Api.LeaveResponse> {
    const fault = this.#fault(() => checkGroupId(request.groupId), signal);
    if (fault !== "NONE") return Promise.resolve({ error: fault, members: [] });
    const { waiter, response } = this.#leaves.open((error) => failedLeave(request, error), signal);
    this.#ask(request.groupId, { kind: "leave", waiter, request }, (error) =>
      this.#leaves.fail(waiter, error),
    );
    return response;
  }

  /** ConsumerGroupHeartbeat (KIP-848). Resolves once what it tells is in the journal. */
  consumerHeartbeat(request: ConsumerHeartbeatRequest): Promise<ConsumerHeartbeatResponse> {
    if (this.#availability !== "NONE") {
      return Promise.resolve(failedConsumerHeartbeat(this.#availability));
    }
    return this.#consumers.heartbeat(request);
  }

  /** ConsumerGroupDescribe (KIP-848), in the order of the ids. */
  describeConsumers(groupIds: readonly string[]): Promise<DescribedConsumerGroup[]> {
    const error = this.#availability;
    const described = groupIds.map((groupId) => {
      const group = this.#consumers.describe(groupId);
      return error === "NONE" ? group : { ...group, error };
    });
    return Promise.resolve(described);
  }

  /** OffsetCommit, and TxnOffsetCommit with a producer. Resolves once what it acknowledges is in the journal. */
  commit(request: Api.CommitRequest): Promise<Api.CommitResponse> {
    const fault = this.#fault(() => checkGroupId(request.groupId, "may be empty"));
    if (fault !== "NONE") return Promise.resolve(failedCommit(request, fault));
    const { groupId } = request;
    return this.#work(
      groupId,
      (error) => failedCommit(request, error),
      async () => {
        const nowMs = this.#clock.nowMs();
        const group = this.#host.find(groupId);
        const error = this.#checkCommit(group, request, nowMs);
        if (error !== "NONE") return failedCommit(request, error);
        const known = group !== undefined || this.#host.store.has(groupId);
        if (!known && !this.#host.hasRoomForGroup()) {
          return failedCommit(request, "COORDINATOR_NOT_AVAILABLE");
        }
        const { memberId, producer } = request;
        if (group !== undefined && producer === undefined) {
          await this.#host.advance(group, { kind: "committed", memberId }, () => undefined);
        }
        const plan = planCommit(request, nowMs, this.#config, this.#partitionExists);
        if (plan.records.length === 0) return plan.response;
        const written =
          producer === undefined
            ? await this.#host.write(groupId, plan.records)
            : await this.#writePending(groupId, plan.records, producer);
        if (written !== "NONE") return failedCommit(request, written);
        if (producer === undefined) this.#changed(groupId);
        return plan.response;
      },
    );
  }

  /** Checked in the same turn as it is appended, so that the marker of the transaction comes after it. */
  #writePending(
    groupId: string,
    records: readonly JournalRecord[],
    producer: Api.CommittingProducer,
  ): Promise<GroupError> {
    const fault = this.#mayCommit(producer);
    if (fault !== "NONE") return Promise.resolve(fault);
    return this.#host.writePending(groupId, records, producer);
  }

  /** OffsetFetch: what has been acknowledged to committers, except what an open transaction has. */
  fetchOffsets(request: Api.FetchOffsetsRequest): Promise<Api.FetchOffsetsResponse> {
    const error = this.#availability;
    if (error !== "NONE") return Promise.resolve({ error, topics: [] });
    const { groupId, topics, requireStable } = request;
    const consumer = this.#host.store.consumer(groupId);
    if (consumer !== undefined) {
      const { memberId = null, memberEpoch = -1 } = request;
      const refused = checkConsumerFetch(consumer, { memberId, epoch: memberEpoch });
      if (refused !== "NONE") return Promise.resolve({ error: refused, topics: [] });
    }
    const isUnstable = (topic: string, partition: number) =>
      requireStable === true && this.#host.pending.has({ groupId, topic, partition });
    return Promise.resolve(readOffsets(this.#host.store.offsets(groupId), topics, isUnstable));
  }

  /** ListGroups. */
  list(filter: ListFilter = {}): Promise<Api.ListResponse> {
    const error = this.#availability;
    const groups =
      error === "NONE" ? listGroups(this.#host.groups(), this.#host.store.consumers(), filter) : [];
    return Promise.resolve({ error, groups });
  }

  /** DescribeGroups, in the order of the ids. */
  describe(groupIds: readonly string[]): Promise<Api.DescribedGroup[]> {
    const described = groupIds.map((groupId) =>
      describeGroup(groupId, this.#host.find(groupId), this.#availability),
    );
    return Promise.resolve(described);
  }

  /** DeleteGroups: empty groups go with their offsets. In the order of the ids. */
  deleteGroups(
    groupIds: readonly string[],
  ): Promise<{ readonly groupId: string; readonly error: GroupError }[]> {
    return Promise.all(
      groupIds.map(async (groupId) => ({ groupId, error: await this.#deleteGroup(groupId) })),
    );
  }

  /** OffsetDelete (KIP-496). */
  deleteOffsets(request: Api.DeleteOffsetsRequest): Promise<Api.DeleteOffsetsResponse> {
    const failure = (error: GroupError) => ({ error, topics: [] });
    if (this.#availability !== "NONE") return Promise.resolve(failure(this.#availability));
    const { groupId } = request;
    return this.#work(groupId, failure, async () => {
      const offsets = this.#host.store.offsets(groupId);
      const group = this.#host.store.consumer(groupId) ?? this.#host.find(groupId);
      const plan = planDeleteOffsets(group, offsets, request);
      if (plan.records.length === 0) return plan.response;
      const error = await this.#host.write(groupId, plan.records);
      if (error !== "NONE") return failure(error);
      this.#changed(groupId);
      return plan.response;
    });
  }

  /** Topics that some group has committed offsets for, so that offsets of lost topics can be found. */
  topicsWithOffsets(): Set<string> {
    const { store } = this.#host;
    return new Set(store.groupIds().flatMap((groupId) => [...store.offsets(groupId).keys()]));
  }

  /** Removes all groups' offsets of deleted topics. NONE, or the first error; then some may remain. */
  async deleteOffsetsOf(topics: readonly string[]): Promise<GroupError> {
    if (this.#availability !== "NONE") return this.#availability;
    const gone = new Set(topics);
    const { store } = this.#host;
    const errors = await Promise.all(
      store.groupIds().map((groupId) =>
        this.#work<GroupError>(
          groupId,
          (error) => error,
          async () => {
            const offsets = store.offsets(groupId);
            const records = offsetTombstones(groupId, offsets, (topic) => gone.has(topic));
            if (records.length === 0) return "NONE";
            const error = await this.#host.write(groupId, records);
            if (error === "NONE") this.#changed(groupId);
            return error;
          },
        ),
      ),
    );
    return errors.find((error) => error !== "NONE") ?? "NONE";
  }

  #deleteGroup(groupId: string): Promise<GroupError> {
    if (this.#availability !== "NONE") return Promise.resolve(this.#availability);
    return this.#work<GroupError>(
      groupId,
      (error) => error,
      async () => {
        const consumer = this.#host.store.consumer(groupId);
        const group = consumer ?? this.#host.find(groupId);
        if (group === undefined) return "GROUP_ID_NOT_FOUND";
        const empty = "state" in group ? group.state === "Empty" : group.members.size === 0;
        if (!empty) return "NON_EMPTY_GROUP";
        const offsets = offsetTombstones(groupId, this.#host.store.offsets(groupId));
        const rest = consumer ? consumerTombstones(consumer) : [encodeGroup(groupId, null)];
        const error = await this.#host.write(groupId, [...offsets, ...rest]);
        if (error !== "NONE") return error;
        this.#host.forget(groupId);
        this.#changed(groupId);
        return "NONE";
      },
    );
  }

  /** Hands an event to its group; a join without member id makes the group. */
  #ask(groupId: string, event: GroupEvent, fail: (error: GroupError) => void): void {
    const mayCreate = event.kind === "join" && event.request.memberId === "";
    const job = (): Promise<void> | undefined => {
      const consumer = this.#host.store.consumer(groupId);
      if (consumer !== undefined) return this.#askConsumer(consumer, event, fail);
      const group = this.#host.find(groupId);
      if (group !== undefined) return this.#host.advance(group, event, fail);
      if (!mayCreate) fail("UNKNOWN_MEMBER_ID");
      else if (!this.#host.hasRoomForGroup()) fail("COORDINATOR_NOT_AVAILABLE");
      else return this.#host.advance(emptyGroup(groupId), event, fail);
      return undefined;
    };
    this.#host.run(groupId, job, fail);
  }

  /** A classic request to a consumer group: only a join to an empty one does anything, it makes it classic. */
  #askConsumer(
    consumer: ConsumerGroup,
    event: GroupEvent,
    fail: (error: GroupError) => void,
  ): Promise<void> | undefined {
    const { groupId, members } = consumer;
    if (event.kind !== "join" || members.size > 0) {
      fail(event.kind === "join" ? "INCONSISTENT_GROUP_PROTOCOL" : "UNKNOWN_MEMBER_ID");
      return undefined;
    }
    if (event.request.memberId !== "") {
      fail("UNKNOWN_MEMBER_ID");
      return undefined;
    }
    return this.#host.write(groupId, consumerTombstones(consumer)).then((error) => {
      if (error === "NONE") return this.#host.advance(emptyGroup(groupId), event, fail);
      fail(error);
      return undefined;
    });
  }

  #checkCommit(
    group: ClassicGroup | undefined,
    request: Api.CommitRequest,
    nowMs: number,
  ): GroupError {
    const consumer = this.#host.store.consumer(request.groupId);
    if (consumer === undefined) return checkCommit(group, request, nowMs, this.#config);
    return checkConsumerCommit(consumer, request);
  }

  /** Does `work` when the group is free; `failure` makes the response when that cannot be. */
  #work<Response>(
    groupId: string,
    failure: (error: GroupError) => Response,
    work: () => Promise<Response>,
  ): Promise<Response> {
    return new Promise((resolve) => {
      this.#host.run(
        groupId,
        () => work().then(resolve),
        (error) => resolve(failure(error)),
      );
    });
  }

  #fault(check: () => GroupError, signal?: AbortSignal): GroupError {
    if (this.#availability !== "NONE") return this.#availability;
    return signal?.aborted === true ? "COORDINATOR_NOT_AVAILABLE" : check();
  }

  #mayWait(): boolean {
    return this.#joins.size + this.#syncs.size < this.#config.maxWaitingRequests;
  }

  #deliver(reply: GroupReply): void {
    switch (reply.kind) {
      case "join":
        return this.#joins.settle(reply.waiter, reply.response);
      case "sync":
        return this.#syncs.settle(reply.waiter, reply.response);
      case "heartbeat":
        return this.#heartbeats.settle(reply.waiter, reply.response);
      case "leave":
        return this.#leaves.settle(reply.waiter, reply.response);
    }
  }

  #changed(groupId: string): void {
    for (const listener of this.#listeners) listener(groupId);
  }
}

/** A group that is not there knows none of those who want to leave; other errors are of the request. */
function failedLeave(request: Api.LeaveRequest, error: GroupError): Api.LeaveResponse {
  if (error !== "UNKNOWN_MEMBER_ID") return { error, members: [] };
  return {
    error: "NONE",
    members: request.members.map(({ memberId, instanceId }) => ({ memberId, instanceId, error })),
  };
}
