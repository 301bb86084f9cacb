import { KAFKA_ERRORS } from "../../wire/kafka/errors.ts";
import {
  FetchSession,
  type FetchTopic,
  type ForgottenTopic,
  type PartitionAnswer,
  type TopicAnswer,
} from "./fetch-session.ts";

/** Kafka's `max.incremental.fetch.session.cache.slots`. */
export const MAX_SESSIONS = 1_000;
/** Partitions of all sessions together; a client beyond it fetches without a session. */
const MAX_PARTITIONS = 500_000;
/** Kafka's MIN_INCREMENTAL_FETCH_SESSION_EVICTION_MS. */
export const EVICTION_MS = 120_000;

const NO_SESSION = 0;
const FIRST_EPOCH = 0;
const FINAL_EPOCH = -1;
const FIRST_VERSION_WITH_IDS = 13;

interface Request {
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly topics: readonly FetchTopic[];
  readonly forgottenTopicsData: readonly ForgottenTopic[];
}

/** A fetch request with its session applied, or why the session cannot be used. */
export type Fetch =
  | { readonly kind: "refused"; readonly errorCode: number }
  /** Told in full; `wantsSession` when the client can go on incrementally. */
  | {
      readonly kind: "full";
      readonly topics: readonly FetchTopic[];
      readonly wantsSession: boolean;
    }
  | {
      readonly kind: "incremental";
      readonly topics: readonly FetchTopic[];
      readonly session: FetchSession;
      readonly epoch: number;
    };

interface FetchEnd<Answer extends PartitionAnswer> {
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly TopicAnswer<Answer>[];
}

/**
 * The fetch sessions of all clients (KIP-227): so many, and no more. When the slots are full the one
 * unused for longest goes if it is past its time, or else the smallest that has had its time and is
 * no larger than the new one. A client that gets no session fetches in full, which works as well.
 */
export class FetchSessions {
  readonly #newId: () => number;
  /** In order of their last use. */
  readonly #sessions = new Map<number, FetchSession>();
  #partitions = 0;

  /** `newId` gives a random number from 1 to 2^31 - 1. */
  constructor(newId: () => number) {
    this.#newId = newId;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Applies a request to its session, in the order of the checks of Kafka's FetchManager. */
  begin(request: Request, version: number, nowMs: number): Fetch {
    const { sessionId, sessionEpoch, topics } = request;
    if (sessionEpoch === FIRST_EPOCH || sessionEpoch === FINAL_EPOCH) {
      if (sessionId !== NO_SESSION) this.#remove(this.#sessions.get(sessionId));
      return { kind: "full", topics, wantsSession: sessionEpoch === FIRST_EPOCH };
    }
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return refused("FETCH_SESSION_ID_NOT_FOUND");
    if (session.epoch !== sessionEpoch) return refused("INVALID_FETCH_SESSION_EPOCH");
    if (session.usesTopicIds !== version >= FIRST_VERSION_WITH_IDS) {
      return refused("FETCH_SESSION_TOPIC_ID_ERROR");
    }
    const before = session.size;
    session.update(topics, request.forgottenTopicsData);
    this.#partitions += session.size - before;
    if (session.size === 0 || this.#partitions > MAX_PARTITIONS) {
      this.#remove(session);
      return session.size === 0
        ? { kind: "full", topics, wantsSession: false }
        : refused("FETCH_SESSION_ID_NOT_FOUND");
    }
    session.usedAtMs = nowMs;
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, session);
    session.advance();
    return { kind: "incremental", topics: session.topics(), session, epoch: session.epoch };
  }

  /** Makes the response of what was read: all of it, or only what is new to the session. */
  end<Answer extends PartitionAnswer>(
    fetch: Exclude<Fetch, { kind: "refused" }>,
    answers: readonly TopicAnswer<Answer>[],
    version: number,
    nowMs: number,
  ): FetchEnd<Answer> {
    const errorCode = KAFKA_ERRORS.NONE;
    if (fetch.kind === "full") {
      const session = fetch.wantsSession ? this.#create(fetch.topics, version, nowMs) : undefined;
      session?.changes(answers);
      return { errorCode, sessionId: session?.id ?? NO_SESSION, responses: answers };
    }
    const { session, epoch } = fetch;
    if (session.epoch !== epoch) {
      // Another request of this session came while this one waited; its client has given this one up.
      const overtaken = KAFKA_ERRORS.INVALID_FETCH_SESSION_EPOCH;
      return { errorCode: overtaken, sessionId: NO_SESSION, responses: [] };
    }
    return { errorCode, sessionId: session.id, responses: session.changes(answers) };
  }

  #create(topics: readonly FetchTopic[], version: number, nowMs: number): FetchSession | undefined {
    const size = topics.reduce((sum, { partitions }) => sum + partitions.length, 0);
    if (size === 0 || this.#partitions + size > MAX_PARTITIONS) return undefined;
    if (this.#sessions.size >= MAX_SESSIONS && !this.#evict(size, nowMs)) return undefined;
    let id = this.#newId();
    while (this.#sessions.has(id)) id = this.#newId();
    const session = new FetchSession(id, version >= FIRST_VERSION_WITH_IDS, nowMs);
    session.update(topics, []);
    this.#partitions += session.size;
    this.#sessions.set(id, session);
    return session;
  }

  #evict(size: number, nowMs: number): boolean {
    const [oldest] = this.#sessions.values();
    if (oldest !== undefined && nowMs - oldest.usedAtMs > EVICTION_MS) {
      this.#remove(oldest);
      return true;
    }
    let smallest: FetchSession | undefined;
    for (const session of this.#sessions.values()) {
      const hadItsTime = nowMs - session.createdAtMs > EVICTION_MS;
      if (hadItsTime && session.size < (smallest?.size ?? Infinity)) smallest = session;
    }
    if (smallest === undefined || smallest.size > size) return false;
    this.#remove(smallest);
    return true;
  }

  #remove(session: FetchSession | undefined): void {
    if (session === undefined || !this.#sessions.delete(session.id)) return;
    this.#partitions -= session.size;
  }
}

function refused(error: keyof typeof KAFKA_ERRORS): Fetch {
  return { kind: "refused", errorCode: KAFKA_ERRORS[error] };
}
