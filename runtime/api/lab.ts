import type { GroupAdminRequests } from "./group-admin.ts";
import type {
  BrokerSummary,
  GroupDetails,
  LabInfo,
  MessageFilter,
  PartitionCursor,
  PartitionSummary,
  Placement,
  Position,
  ResetStep,
  ResetTarget,
  TopicSummary,
} from "./model.ts";
import type { MoveRequests } from "./moves.ts";
import type { DecodeRequests } from "./decoding.ts";
import type { LoadRequests } from "./load.ts";
import type { ProduceRequests } from "./produce.ts";
import type { SurveyRequests, TimeSpan } from "./survey.ts";
import type { TopicAdminRequests } from "./topic-admin.ts";

/** Largest number of messages in one page, and its default. */
export const MAX_PAGE_MESSAGES = 5_000;
/** Bytes of one key or value that a page carries unless more are asked for; `messages/get` gives the whole. */
export const PAGE_FIELD_BYTES = 1_024;
/** Most bytes of one key or value that a page can be asked for. */
export const MAX_FIELD_BYTES = 16_384;
/** Most messages in one `messages/produce`. */
export const MAX_PRODUCE_MESSAGES = 1_000;

export interface ReadParams {
  readonly topic: string;
  /** All partitions when undefined. */
  readonly partition: number | undefined;
  /** A position for the first page, the previous page's `next` for those after it. */
  readonly from:
    Position | { readonly kind: "cursors"; readonly cursors: readonly PartitionCursor[] };
  /** Which messages are wanted; all when undefined. A page can then be empty before the end. */
  readonly filter?: MessageFilter | undefined;
  /** Only messages with a timestamp in here are wanted, in whatever order they lie; all when undefined. */
  readonly times?: TimeSpan | undefined;
  /** 1 to MAX_PAGE_MESSAGES. */
  readonly limit: number;
  /** Most bytes of each key and value that come with the page, 1 to MAX_FIELD_BYTES; PAGE_FIELD_BYTES when undefined. */
  readonly fieldBytes?: number | undefined;
  /** How long to wait for a first message when there is none yet: 0 to 30,000 ms. Tailing is reading with a wait. */
  readonly waitMs: number;
}

/** What is wrong with a filter, at these UTF-16 units of its text. */
export interface FilterFault {
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface ReadResult {
  /** Messages in the encoding of page.ts, ordered by timestamp, then partition and offset, each partition in offset order. */
  readonly page: Uint8Array;
  readonly count: number;
  /** Where the next page begins. */
  readonly next: readonly PartitionCursor[];
  /** The extent of the partitions read, taken when the page was made. */
  readonly extents: readonly PartitionSummary[];
  /** Records looked at between where this page began and `next`. */
  readonly scanned: number;
  /** Nothing lies beyond `next` now. */
  readonly atEnd: boolean;
}

export interface LogEvent {
  readonly atMs: number;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly source: string;
  readonly message: string;
}

/** What has changed since the last event of its kind. */
export interface ChangedNames {
  /** Undefined when there are too many to be named. */
  readonly names?: readonly string[] | undefined;
}

/** What a window or the command line may ask of the lab. */
export interface Lab {
  requests: TopicAdminRequests &
    MoveRequests &
    GroupAdminRequests &
    LoadRequests &
    ProduceRequests &
    SurveyRequests &
    DecodeRequests & {
      /** First request of every client. A client with `lease` keeps the lab alive while it is connected. */
      "lab/hello": {
        params: { readonly client: string; readonly lease: boolean };
        result: LabInfo;
      };
      /** Ends the lab in order, after the answer. */
      "lab/stop": { params: Record<string, never>; result: Record<string, never> };
      "brokers/list": {
        params: Record<string, never>;
        result: { readonly brokers: readonly BrokerSummary[] };
      };
      /** Takes a broker down, as if its machine had been shut down. Answers with all brokers. */
      "brokers/stop": {
        params: { readonly id: number };
        result: { readonly brokers: readonly BrokerSummary[] };
      };
      "brokers/start": {
        params: { readonly id: number };
        result: { readonly brokers: readonly BrokerSummary[] };
      };
      "topics/list": {
        params: { readonly includeInternal: boolean };
        result: { readonly topics: readonly TopicSummary[] };
      };
      "topics/create": {
        params: {
          readonly name: string;
          /** 1 to 10,000; the lab's default when undefined. */
          readonly partitions: number | undefined;
          readonly configs: Readonly<Record<string, string>>;
        };
        result: TopicSummary;
      };
      /** Deletes each named topic with its messages; names what could not be deleted in the error. */
      "topics/delete": {
        params: { readonly names: readonly string[] };
        result: Record<string, never>;
      };
      "groups/describe": { params: { readonly groupId: string }; result: GroupDetails };
      /** What a reset would do; refused while the group has members. */
      "groups/planReset": {
        params: {
          readonly groupId: string;
          readonly topic: string;
          /** All when undefined. */
          readonly partition: number | undefined;
          readonly target: ResetTarget;
        };
        result: { readonly steps: readonly ResetStep[] };
      };
      /** Does what was planned and verifies it; refused when something was committed since. */
      "groups/reset": {
        params: { readonly groupId: string; readonly steps: readonly ResetStep[] };
        result: Record<string, never>;
      };
      "messages/read": { params: ReadParams; result: ReadResult };
      /** Says what is wrong with a filter, without reading anything; nothing when it can be used. */
      "filter/check": {
        params: { readonly filter: MessageFilter };
        result: { readonly faults: readonly FilterFault[] };
      };
      /** One whole message, in the encoding of page.ts with nothing cut. */
      "messages/get": {
        params: { readonly topic: string; readonly partition: number; readonly offset: number };
        result: { readonly page: Uint8Array };
      };
      /** Messages in the encoding of new-messages.ts; all are placed or the error says which was not and why. */
      "messages/produce": {
        params: { readonly topic: string; readonly messages: Uint8Array };
        result: { readonly placements: readonly Placement[] };
      };
    };
  events: {
    /** Something in `topics/list` is different now. At most a few per second however busy the lab is. */
    "topics/changed": ChangedNames;
    /** State, members or offsets of groups are different now, or a group has come or gone. As often. */
    "groups/changed": ChangedNames;
    "lab/log": LogEvent;
    "lab/stopping": { readonly reason: string };
  };
}

/** What the lab may ask of its client. Nothing yet: requests to a window arrive with recipes. */
export interface LabClient {
  requests: object;
  events: object;
}
