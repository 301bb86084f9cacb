/** A whole lab without sockets, to be given requests as bytes. */
import { setMaxListeners } from "node:events";
import { Broker } from "../../../runtime/broker/broker.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { createLogger } from "../../../runtime/core/logger.ts";
import {
  type Answer,
  CloseConnection,
  type KafkaApi,
  type RequestContext,
  SILENCE,
} from "../../../runtime/gateway/kafka/api.ts";
import { kafkaApis } from "../../../runtime/gateway/kafka/apis.ts";
import { SaslSession } from "../../../runtime/gateway/kafka/sasl/session.ts";
import { Users } from "../../../runtime/gateway/kafka/sasl/users.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import { Catalogue } from "../../../runtime/meta/catalogue.ts";
import { buildBatch } from "../../../runtime/record/build.ts";
import { SaslAuthenticateRequest } from "../../../runtime/wire/kafka/messages/36-sasl-authenticate.ts";
import { encodeVersioned } from "../../../runtime/wire/kafka/messages/consumer-protocol.ts";
import { ConsumerSubscription } from "../../../runtime/wire/kafka/messages/consumer-protocol.ts";
import { WireError } from "../../../runtime/wire/kafka/wire-error.ts";
import { START_MS } from "../../support/log-files.ts";
import type { Known } from "./values.ts";

const DATA = "/data";
const TRANSACTIONAL_ID = "transaction";
/** Turns of the event loop after which an answer counts as one that waits for something. */
const PATIENCE_TURNS = 6;
/** Longer than anything that a request may wait for. */
const ALL_WAITS_MS = 2 * 60 * 60_000;
const WAIT_STEPS = 20;

export type Outcome = "answered" | "malformed" | "closed" | "silent" | "waiting";

export interface Served {
  readonly outcome: Outcome;
  readonly bytes: Buffer | undefined;
}

const MECHANISMS = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"];

const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));

function record(key: string, transactional = false): Buffer {
  const records = [
    { timestampMs: START_MS, key: Buffer.from(key), value: Buffer.from("value"), headers: [] },
  ];
  const producer = { id: 0, epoch: 0, baseSequence: 0 };
  return buildBatch(records, transactional ? { producer, transactional } : {});
}

export class FuzzTarget {
  readonly #clock = new FakeClock(START_MS);
  readonly #fs = new MemoryFileSystem();
  readonly #users = new Users(new Map([["alice", "secret"]]), (bytes) => Buffer.alloc(bytes, 1));
  readonly #errors: string[] = [];
  readonly #ended = new AbortController();
  readonly #waiting = new Set<object>();
  #tokens = 0;
  #sasl = new SaslSession(this.#users);
  #broker: Broker | undefined;
  #logs: LogManager | undefined;
  #apis: ReadonlyMap<number, KafkaApi> = new Map();
  #bug: unknown;

  static async start(): Promise<FuzzTarget> {
    const target = new FuzzTarget();
    await target.#open();
    return target;
  }

  /** Lines of level error: a lab that is only attacked has none. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  get apis(): ReadonlyMap<number, KafkaApi> {
    return this.#apis;
  }

  async #open(): Promise<void> {
    this.#fs.makeFolder(DATA);
    // As many requests may wait at once as are not answered.
    setMaxListeners(0, this.#ended.signal);
    const clock = this.#clock;
    const logger = createLogger(
      "",
      () => clock.nowMs(),
      ({ level, message }) => level === "error" && this.#errors.push(message),
    );
    const storage = { read: () => Promise.resolve(null), write: () => Promise.resolve() };
    const catalogue = await Catalogue.open("catalogue.json", storage);
    const logs = LogManager.open({ dataFolder: DATA, fs: this.#fs, clock, logger });
    const defer = (action: () => void) => void setImmediate(action);
    const settings = { defaultPartitions: 1, foldCase: false };
    const broker = Broker.open({ catalogue, logs, ...settings, clock, logger, defer });
    this.#broker = broker;
    this.#logs = logs;
    this.#apis = kafkaApis({ broker, clock, logger });
    await broker.createTopic({ name: "known", partitions: 2 });
    await broker.createTopic({ name: "compacted", configs: { "cleanup.policy": "compact" } });
    for (const key of ["a", "b"]) await broker.partition("known", 0)?.append(record(key));
    const begin = { transactionalId: TRANSACTIONAL_ID, timeoutMs: 60_000, producer: null };
    const me = await broker.transactions.init(begin);
    await broker.transactions.add(TRANSACTIONAL_ID, me, [{ topic: "known", partition: 1 }]);
  }

  known(): Known {
    const topics = [...(this.#broker?.topics() ?? [])];
    return {
      names: [
        ...["known", "compacted", "__consumer_offsets", "group", "other group", TRANSACTIONAL_ID],
        ...["consumer", "range", "uniform", "", "member", "(a|known)+.*", "PLAIN", "SCRAM-SHA-256"],
        ...["retention.ms", "cleanup.policy", "compact", "1000", "User:alice", "user", "new topic"],
      ],
      topicIds: topics.map(({ id }) => id),
      bytes: [
        Buffer.alloc(0),
        Buffer.from("\0alice\0secret"),
        Buffer.from("n,,n=alice,r=nonce"),
        Buffer.from("c=biws,r=nonce,p=AAAA"),
        encodeVersioned(ConsumerSubscription, 1, { topics: ["known"] }),
      ],
      batches: [record("a"), record("b", true)],
    };
  }

  /** Serves one request; everything but an answer of the closed set is thrown. */
  async serve(key: number, version: number, body: Buffer): Promise<Served> {
    const api = this.#apis.get(key);
    if (api === undefined) throw new Error(`API ${key} is not served`);
    if (this.#sasl.failure !== undefined) this.#sasl = new SaslSession(this.#users);
    // A token means something only after the mechanism has been named.
    if (key === SaslAuthenticateRequest.key && !this.#sasl.authenticated) {
      this.#sasl = new SaslSession(this.#users);
      this.#sasl.handshake(1, MECHANISMS[this.#tokens++ % MECHANISMS.length] ?? "");
    }
    let answer: Answer<Buffer[]> | Promise<Answer<Buffer[]>>;
    try {
      answer = api.serve(body, 0, this.#context(version));
    } catch (error) {
      if (error instanceof WireError) return { outcome: "malformed", bytes: undefined };
      throw error;
    }
    if (!(answer instanceof Promise)) return served(answer);
    const settled = await this.#patiently(answer);
    if (this.#bug !== undefined) throw this.#bug;
    return settled === undefined ? { outcome: "waiting", bytes: undefined } : served(settled);
  }

  /** What the promise comes to within a few turns; undefined when it goes on to wait. */
  async #patiently(answer: Promise<Answer<Buffer[]>>): Promise<Answer<Buffer[]> | undefined> {
    const asked = { answer: undefined as Answer<Buffer[]> | undefined, isOver: false };
    const follow = async (): Promise<void> => {
      try {
        asked.answer = await answer;
      } catch (error) {
        this.#bug ??= error;
      }
      asked.isOver = true;
      this.#waiting.delete(asked);
    };
    this.#waiting.add(asked);
    void follow();
    for (let turn = 0; turn < PATIENCE_TURNS && !asked.isOver; turn++) await nextTurn();
    return asked.answer;
  }

  #context(version: number): RequestContext {
    return {
      version,
      clientId: "fuzz",
      clientHost: "127.0.0.1",
      endpoint: {
        protocol: "PLAINTEXT",
        ...{ nodeId: 1, host: "127.0.0.1", port: 9092, ports: new Map([[1, 9092]]) },
      },
      sasl: this.#sasl,
      signal: this.#ended.signal,
      freeBytes: () => 1_000_000,
      borrow: (bytes) => Buffer.allocUnsafe(bytes),
    };
  }

  /** Ends every wait, and returns how many requests have no answer even then. */
  async stop(): Promise<number> {
    for (let step = 0; step < WAIT_STEPS && this.#waiting.size > 0; step++) {
      this.#clock.advance(ALL_WAITS_MS / WAIT_STEPS);
      for (let turn = 0; turn < PATIENCE_TURNS; turn++) await nextTurn();
    }
    const left = this.#waiting.size;
    this.#ended.abort();
    this.#broker?.close();
    await this.#logs?.close();
    if (this.#bug !== undefined) throw this.#bug;
    return left;
  }
}

function served(answer: Answer<Buffer[]>): Served {
  if (answer === SILENCE) return { outcome: "silent", bytes: undefined };
  if (answer instanceof CloseConnection) return { outcome: "closed", bytes: undefined };
  return { outcome: "answered", bytes: Buffer.concat(answer) };
}
