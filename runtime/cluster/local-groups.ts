import type { Broker } from "../broker/broker.ts";
import { readAssignment } from "../broker/coordinator/consumer-protocol.ts";
import type { GroupError } from "../broker/coordinator/group-errors.ts";
import type { DescribedGroup } from "../broker/coordinator/group-requests.ts";
import type { Disposable } from "../core/lifetime.ts";
import type { Refusal } from "./cluster.ts";
import type {
  ChangeOffsetsOutcome,
  ClusterGroup,
  ClusterGroups,
  CommittedOffset,
  DeleteGroupOutcome,
  GroupDescription,
  GroupMember,
  TopicPartitions,
} from "./groups.ts";

/** The version of OffsetCommit whose errors are the plainest. */
const COMMIT_VERSION = 9;

/** The groups of the lab's own broker. */
export class LocalGroups implements ClusterGroups {
  readonly #broker: Broker;

  constructor(broker: Broker) {
    this.#broker = broker;
  }

  async list(): Promise<readonly ClusterGroup[]> {
    const { groups } = await this.#broker.groups.list();
    return groups.map(({ groupId, type, state }) => ({ groupId, type, state }));
  }

  async describe(groupId: string): Promise<GroupDescription | undefined> {
    const offsets = await this.#offsets(groupId);
    const [consumer] = await this.#broker.groups.describeConsumers([groupId]);
    if (consumer?.error === "NONE") {
      const { state, epoch, assignor } = consumer;
      const members = consumer.members.map((member): GroupMember => ({
        memberId: member.memberId,
        instanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        assignment: this.#named(member.assigned),
      }));
      return { groupId, type: "consumer", state, epoch, assignor, members, offsets };
    }
    const [classic] = await this.#broker.groups.describe([groupId]);
    if (classic === undefined || classic.error !== "NONE") return undefined;
    return { ...describeClassic(classic), offsets };
  }

  async commit(
    groupId: string,
    offsets: readonly Omit<CommittedOffset, "metadata">[],
  ): Promise<ChangeOffsetsOutcome> {
    const missing = offsets.find(
      ({ topic, partition }) => this.#broker.partition(topic, partition) === undefined,
    );
    if (missing !== undefined) {
      const message = `Topic ${missing.topic} has no partition ${missing.partition}. Nothing was changed.`;
      return { kind: "refused", reason: "unknown-partition", message };
    }
    const busy = await this.#activity(groupId);
    if (busy !== undefined) return busy;
    const { topics } = await this.#broker.groups.commit({
      ...{ groupId, generation: -1, memberId: "", instanceId: null, apiVersion: COMMIT_VERSION },
      topics: offsets.map(({ topic, partition, offset }) => ({
        topic,
        partitions: [{ partition, offset, leaderEpoch: -1, metadata: null }],
      })),
    });
    return changed(groupId, topics);
  }

  async deleteOffsets(
    groupId: string,
    partitions: readonly TopicPartitions[],
  ): Promise<ChangeOffsetsOutcome> {
    const request = { groupId, topics: partitions };
    const { error, topics } = await this.#broker.groups.deleteOffsets(request);
    return error === "NONE" ? changed(groupId, topics) : refused(groupId, error);
  }

  async delete(groupId: string): Promise<DeleteGroupOutcome> {
    const [outcome] = await this.#broker.groups.deleteGroups([groupId]);
    const error = outcome?.error ?? "UNKNOWN_SERVER_ERROR";
    return error === "NONE" ? { kind: "deleted" } : refused(groupId, error);
  }

  onChange(listener: (groupId: string) => void): Disposable {
    return this.#broker.groups.onChange(listener);
  }

  async #offsets(groupId: string): Promise<CommittedOffset[]> {
    const { topics } = await this.#broker.groups.fetchOffsets({ groupId, topics: null });
    return topics.flatMap(({ topic, partitions }) =>
      partitions
        .filter(({ offset }) => offset >= 0)
        .map(({ partition, offset, metadata }) => ({ topic, partition, offset, metadata })),
    );
  }

  /** Why the group's offsets cannot be changed now: somebody is reading. */
  async #activity(groupId: string): Promise<Refusal<"active"> | undefined> {
    const group = await this.describe(groupId);
    const count = group?.members.length ?? 0;
    if (group === undefined || (count === 0 && group.state === "Empty")) return undefined;
    const message = `Group ${groupId} is ${group.state} with ${count} member(s). Stop its consumers first.`;
    return { kind: "refused", reason: "active", message };
  }

  /** Assignments of KIP-848 name topics by id; those of deleted ones are left out. */
  #named(assigned: ReadonlyMap<string, readonly number[]>): TopicPartitions[] {
    return Array.from(assigned).flatMap(([topicId, partitions]) => {
      const topic = this.#broker.topicById(topicId);
      return topic === undefined ? [] : [{ topic: topic.name, partitions }];
    });
  }
}

function describeClassic(group: DescribedGroup): Omit<GroupDescription, "offsets"> {
  const { groupId, state, generation, protocol } = group;
  const members = group.members.map((member): GroupMember => ({
    memberId: member.memberId,
    instanceId: member.instanceId,
    clientId: member.clientId,
    clientHost: member.clientHost,
    assignment: readAssignment(member.assignment) ?? [],
  }));
  return { groupId, type: "classic", state, epoch: generation, assignor: protocol, members };
}

function changed(
  groupId: string,
  topics: readonly { readonly partitions: readonly { readonly error: GroupError }[] }[],
): ChangeOffsetsOutcome {
  const errors = topics.flatMap(({ partitions }) => partitions.map(({ error }) => error));
  const error = errors.find((each) => each !== "NONE");
  return error === undefined ? { kind: "changed" } : refused(groupId, error);
}

/** What the coordinator says when somebody is reading. */
const ACTIVE: readonly GroupError[] = [
  ...(["NON_EMPTY_GROUP", "GROUP_SUBSCRIBED_TO_TOPIC"] as const),
  ...(["UNKNOWN_MEMBER_ID", "REBALANCE_IN_PROGRESS"] as const),
];

function refused(groupId: string, error: GroupError): Refusal<"unknown" | "active" | "failed"> {
  if (error === "GROUP_ID_NOT_FOUND") {
    return { kind: "refused", reason: "unknown", message: `There is no group ${groupId}.` };
  }
  if (!ACTIVE.includes(error)) {
    return { kind: "refused", reason: "failed", message: `Group ${groupId}: ${error}.` };
  }
  const message = `Group ${groupId} has members. Stop its consumers first.`;
  return { kind: "refused", reason: "active", message };
}
