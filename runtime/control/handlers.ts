import { LabError } from "../api/errors.ts";
import { MAX_FRAME_BYTES } from "../api/frame-codec.ts";
import { type Lab, MAX_FIELD_BYTES, MAX_PAGE_MESSAGES, PAGE_FIELD_BYTES } from "../api/lab.ts";
import { encodePage } from "../api/page.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterGroups } from "../cluster/groups.ts";
import type { TopicAdmin } from "../cluster/topic-admin.ts";
import type { Clock } from "../core/clock.ts";
import type { BrokerStatus } from "../core/listener.ts";
import type { Logger } from "../core/logger.ts";
import { getMessage } from "../messages/get.ts";
import type { Failure } from "../messages/outcome.ts";
import type { Producer } from "../messages/produce.ts";
import type { Loads } from "../messages/load/loads.ts";
import type { Moves } from "../messages/moves/moves.ts";
import { checkFilter } from "../messages/filter/filter.ts";
import { readMessages } from "../messages/read.ts";
import type { Scanner } from "../messages/scan/scanner.ts";
import { searchMessages } from "../messages/search.ts";
import { createDecodeHandler } from "./decode-handler.ts";
import { encodeInTurns } from "./encode-page.ts";
import { createGroupAdminHandlers } from "./group-admin-handlers.ts";
import { createGroupHandlers } from "./group-handlers.ts";
import { createLoadHandlers } from "./load-handlers.ts";
import { createMoveHandlers } from "./move-handlers.ts";
import { Params } from "./params.ts";
import { createProduceHandlers } from "./produce-handlers.ts";
import { readFilter } from "./read-filter.ts";
import { readTimes } from "./read-times.ts";
import { readFrom } from "./read-from.ts";
import { createSurveyHandlers } from "./survey-handlers.ts";
import { createTopicAdminHandlers } from "./topic-admin-handlers.ts";
import { createTopicHandlers } from "./topic-handlers.ts";

/** Longest wait of a read. */
const MAX_READ_WAIT_MS = 30_000;
/** What a frame has around the page in it. */
const FRAME_OVERHEAD_BYTES = 1_024;
const MAX_INDEX = 2 ** 31 - 1;

/** The brokers that the lab shows itself as. */
export interface BrokerControl {
  /** In order of their ids. */
  list(): readonly BrokerStatus[];
  /** Its partitions and groups go to the others, and its clients are disconnected. */
  stop(id: number): Promise<void>;
  start(id: number): Promise<void>;
}

export interface HandlerDeps {
  readonly brokers: BrokerControl;
  readonly cluster: Cluster;
  readonly groups: ClusterGroups;
  readonly topicAdmin: TopicAdmin;
  readonly producer: Producer;
  readonly loads: Loads;
  readonly moves: Moves;
  readonly logger: Logger;
  readonly scanner: Scanner;
  readonly clock: Clock;
  readonly giveWay: () => Promise<void>;
}

/** What needs no knowledge of the client that asks. */
export type LabHandlers = Omit<Handlers<Lab>, "lab/hello" | "lab/stop">;

/** Answers the lab's requests out of the cluster. Every parameter is checked here; the work is done elsewhere. */
export function createHandlers(deps: HandlerDeps): LabHandlers {
  const { brokers, cluster, groups, producer, topicAdmin } = deps;
  return {
    ...createBrokerHandlers(brokers),
    ...createDecodeHandler(cluster),
    ...createGroupHandlers(cluster, groups),
    ...createGroupAdminHandlers(cluster, groups),
    ...createMoveHandlers(deps.moves, deps.logger),
    ...createLoadHandlers(deps.loads),
    ...createProduceHandlers(producer),
    ...createSurveyHandlers(deps),
    ...createTopicHandlers(cluster),
    ...createTopicAdminHandlers(cluster, topicAdmin),
    "messages/read": async (params, signal) => {
      const given = new Params(params);
      const filter = given.has("filter") ? readFilter(given.object("filter")) : undefined;
      const fieldBytes =
        given.optionalInteger("fieldBytes", 1, MAX_FIELD_BYTES) ?? PAGE_FIELD_BYTES;
      const request = {
        topic: given.text("topic"),
        partition: given.optionalInteger("partition", 0, MAX_INDEX),
        from: readFrom(given.object("from")),
        limit: given.integer("limit", 1, MAX_PAGE_MESSAGES),
        waitMs: given.integer("waitMs", 0, MAX_READ_WAIT_MS),
        field: { keyBytes: fieldBytes, valueBytes: fieldBytes },
      };
      const times = readTimes(given);
      const page =
        filter === undefined && times === undefined
          ? await readMessages(deps, request, signal)
          : await searchMessages(deps, { ...request, filter, times }, signal);
      if (page.kind === "failed") throw labError(page);
      const { messages, next, extents, scanned, atEnd } = page;
      const bytes = await encodeInTurns(messages, deps.giveWay);
      return { page: bytes, count: messages.length, next, extents, scanned, atEnd };
    },
    "filter/check": (params) => {
      const filter = readFilter(new Params(params).object("filter"));
      const faults = checkFilter(filter);
      return { faults: faults.map(({ message, range }) => ({ message, ...range })) };
    },
    "messages/get": async (params) => {
      const given = new Params(params);
      const topic = given.text("topic");
      const partition = given.integer("partition", 0, MAX_INDEX);
      const offset = given.integer("offset", 0, Number.MAX_SAFE_INTEGER);
      const found = await getMessage(cluster, topic, partition, offset);
      if (found.kind === "failed") throw labError(found);
      const page = encodePage([found.message]);
      if (page.length <= MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES) return { page };
      throw new LabError(
        "too-large",
        `The message has ${page.length} bytes, more than the ${MAX_FRAME_BYTES} that can be shown.`,
      );
    },
  };
}

function createBrokerHandlers(
  brokers: BrokerControl,
): Pick<LabHandlers, "brokers/list" | "brokers/stop" | "brokers/start"> {
  return {
    "brokers/list": () => ({ brokers: brokers.list() }),
    "brokers/stop": async (params) => {
      await brokers.stop(brokerId(brokers, new Params(params)));
      return { brokers: brokers.list() };
    },
    "brokers/start": async (params) => {
      await brokers.start(brokerId(brokers, new Params(params)));
      return { brokers: brokers.list() };
    },
  };
}

function brokerId(brokers: BrokerControl, given: Params): number {
  const id = given.integer("id", 0, MAX_INDEX);
  const known = brokers.list().map((broker) => broker.id);
  if (known.includes(id)) return id;
  throw new LabError(
    "unknown-broker",
    `There is no broker ${id}; the lab has ${known.join(", ")}. "streamside serve --brokers N" makes more.`,
  );
}

function labError({ code, message }: Failure): LabError {
  return new LabError(code, message);
}
