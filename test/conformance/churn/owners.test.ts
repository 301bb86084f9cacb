/** That two owners of a partition would be noticed. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { encodeVersioned } from "../../../runtime/wire/kafka/messages/consumer-protocol.ts";
import { ConsumerAssignment } from "../../../runtime/wire/kafka/messages/consumer-protocol.ts";
import {
  SyncGroupRequest,
  SyncGroupResponse,
} from "../../../runtime/wire/kafka/messages/14-sync-group.ts";
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from "../../../runtime/wire/kafka/messages/68-consumer-group-heartbeat.ts";
import type { Message } from "../../../runtime/wire/kafka/schema.ts";
import { Reader } from "../../../runtime/wire/kafka/reader.ts";
import { Owners } from "./owners.ts";

const GROUP = "g";
const TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAQ";

/** A message as it arrives on the other side. */
function carried<Out, In>(message: Message<Out, In>, version: number, value: In): Out {
  return message.read(new Reader(Buffer.concat(message.encode(version, value))), version);
}

describe("the watch over owners", () => {
  let nowMs = 0;

  function sync(
    owners: Owners,
    generationId: number,
    memberId: string,
    partitions: number[],
  ): void {
    const assignedPartitions = [{ topic: "t", partitions }];
    const assignment = encodeVersioned(ConsumerAssignment, 1, { assignedPartitions });
    owners.synced(
      carried(SyncGroupRequest, 3, { groupId: GROUP, generationId, memberId, assignments: [] }),
      carried(SyncGroupResponse, 3, { throttleTimeMs: 0, errorCode: 0, assignment }),
    );
  }

  const topics = (partitions: number[]) => [{ topicId: TOPIC_ID, partitions }];

  function beat(
    owners: Owners,
    memberId: string,
    owned: number[],
    given?: number[],
    epoch = 1,
  ): void {
    const request = carried(ConsumerGroupHeartbeatRequest, 0, {
      ...{ groupId: GROUP, memberId, memberEpoch: epoch, topicPartitions: topics(owned) },
    });
    owners.heartbeat(request);
    const response = carried(ConsumerGroupHeartbeatResponse, 0, {
      ...{ throttleTimeMs: 0, errorCode: 0, memberId, memberEpoch: 2, heartbeatIntervalMs: 1 },
      assignment: given === undefined ? null : { topicPartitions: topics(given) },
    });
    owners.heartbeatAnswered(request, response);
  }

  it("sees a partition of two members in one classic generation, and not in two", () => {
    const owners = new Owners(GROUP, () => nowMs);
    sync(owners, 1, "a", [0, 1]);
    sync(owners, 2, "b", [0, 1]);
    sync(owners, 2, "b", [0, 1]);
    assert.deepEqual(owners.figures.violations, []);
    sync(owners, 2, "a", [1, 2]);
    assert.deepEqual(owners.figures.violations, ["generation 2: t-1 of b and a"]);
  });

  it("sees a partition given away before its owner has let go of it", () => {
    const owners = new Owners(GROUP, () => nowMs);
    beat(owners, "a", [], [0, 1]);
    beat(owners, "a", [0, 1], [0]);
    beat(owners, "b", [], [1]);
    assert.equal(owners.figures.violations.length, 1);
  });

  it("does not mind one that was let go, left, or was silent for its session", () => {
    const owners = new Owners(GROUP, () => nowMs);
    beat(owners, "a", [], [0, 1]);
    beat(owners, "a", [0, 1], [0]);
    beat(owners, "a", [0]);
    beat(owners, "b", [], [1]);
    beat(owners, "b", [1], undefined, -1);
    beat(owners, "c", [], [1]);
    nowMs += 45_000;
    beat(owners, "d", [], [0, 1]);
    assert.deepEqual(owners.figures.violations, []);
  });
});
