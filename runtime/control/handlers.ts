import { LabError } from "../api/errors.ts";
import { MAX_FRAME_BYTES } from "../api/frame-codec.ts";
import { type Lab, MAX_PAGE_MESSAGES, PAGE_FIELD_BYTES } from "../api/lab.ts";
import type { Message } from "../api/model.ts";
import { encodePage, PageWriter } from "../api/page.ts";
import type { Handlers } from "../api/rpc.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterGroups } from "../cluster/groups.ts";
import type { Clock } from "../core/clock.ts";
import type { BrokerStatus } from "../core/listener.ts";
import { getMessage } from "../messages/get.ts";
import type { Failure } from "../messages/outcome.ts";
import type { Producer } from "../messages/produce.ts";
import { checkFilter } from "../messages/filter/filter.ts";
import { readMessages } from "../messages/read.ts";
import type { Scanner } from "../messages/scan/scanner.ts";
import { searchMessages } from "../messages/search.ts";
import type { From } from "../messages/start.ts";
import { createDecodeHandler } from "./decode-handler.ts";
import { createGroupHandlers } from "./group-handlers.ts";
import { Params } from "./params.ts";
import { createProduceHandlers } from "./produce-handlers.ts";
import { readFilter } from "./read-filter.ts";
import { createTopicHandlers } from "./topic-handlers.ts";

/** Most partitions that one read can carry cursors for, and that a topic can have. */
const MAX_PARTITIONS = 10_000;
/** Longest wait of a read. */
const MAX_READ_WAIT_MS = 30_000;
/** What a frame has around the page in it. */
const FRAME_OVERHEAD_BYTES = 1_024;
/** Messages that are encoded before other work gets its turn. */
const ENCODE_AT_ONCE = 500;
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
  readonly producer: Producer;
  readonly scanner: Scanner;
  readonly clock: Clock;
  readonly giveWay: () => Promise<void>;
}

/** What needs no knowledge of the client that asks. */
export type LabHandlers = Omit<Handlers<Lab>, "lab/hello" | "lab/stop">;

/** Answers the lab's requests out of the cluster. Every parameter is checked here; the work is done elsewhere. */
export function createHandlers(deps: HandlerDeps): LabHandlers {
  const { brokers, cluster, groups, producer } = deps;
  return {
    ...createBrokerHandlers(brokers),
    ...createDecodeHandler(cluster),
    ...createGroupHandlers(cluster, groups),
    ...createProduceHandlers(producer),
    ...createTopicHandlers(cluster),
    "messages/read": async (params, signal) => {
      const given = new Params(params);
      const filter = given.has("filter") ? readFilter(given.object("filter")) : undefined;
      const request = {
        topic: given.text("topic"),
        partition: given.optionalInteger("partition", 0, MAX_INDEX),
        from: readFrom(given.object("from")),
        limit: given.integer("limit", 1, MAX_PAGE_MESSAGES),
        waitMs: given.integer("waitMs", 0, MAX_READ_WAIT_MS),
        field: { keyBytes: PAGE_FIELD_BYTES, valueBytes: PAGE_FIELD_BYTES },
      };
      const page =
        filter === undefined
          ? await readMessages(deps, request, signal)
          : await searchMessages(deps, { ...request, filter }, signal);
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

/** A full page takes longer to encode than a producer should have to wait. */
async function encodeInTurns(
  messages: readonly Message[],
  giveWay: () => Promise<void>,
): Promise<Uint8Array> {
  const writer = new PageWriter();
  for (const message of messages) {
    writer.add(message);
    if (writer.count % ENCODE_AT_ONCE === 0) await giveWay();
  }
  return writer.finish();
}

function readFrom(from: Params): From {
  const kind = from.text("kind");
  switch (kind) {
    case "earliest":
    case "latest":
      return { kind };
    case "offset":
      return { kind, offset: from.integer("offset", 0, Number.MAX_SAFE_INTEGER) };
    case "time":
      return { kind, timestampMs: from.integer("timestampMs", 0, Number.MAX_SAFE_INTEGER) };
    case "last":
      return { kind, count: from.integer("count", 0, Number.MAX_SAFE_INTEGER) };
    case "cursors":
      return {
        kind,
        cursors: from.objects("cursors", MAX_PARTITIONS).map((cursor) => ({
          partition: cursor.integer("partition", 0, MAX_INDEX),
          offset: cursor.integer("offset", 0, Number.MAX_SAFE_INTEGER),
        })),
      };
    default:
      return from.fail("kind", "earliest, latest, offset, time, last or cursors");
  }
}

function labError({ code, message }: Failure): LabError {
  return new LabError(code, message);
}
