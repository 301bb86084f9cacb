import path from "node:path";
import { Broker } from "../../../runtime/broker/broker.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { createLogger } from "../../../runtime/core/logger.ts";
import type { KafkaApi, RequestContext } from "../../../runtime/gateway/kafka/api.ts";
import { kafkaApis } from "../../../runtime/gateway/kafka/apis.ts";
import { claimFormat } from "../../../runtime/log/format-marker.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { MemoryFileSystem, SimulatedCrash } from "../../../runtime/log/memory-fs.ts";
import { offsetInName, SEGMENT_SUFFIX } from "../../../runtime/log/segment.ts";
import { StorageError } from "../../../runtime/log/storage-error.ts";
import { Catalogue } from "../../../runtime/meta/catalogue.ts";
import { Reader } from "../../../runtime/wire/kafka/reader.ts";
import type { Message } from "../../../runtime/wire/kafka/schema.ts";
import { START_MS } from "../../support/log-files.ts";
import type { Random } from "../wire/random.ts";
import { CatalogueFile } from "./catalogue-file.ts";
import { type Ending, LabDied, type ModelledLab } from "./lab.ts";
import { MortalFileSystem } from "./mortal-fs.ts";

const DATA = "/data";
/** An answer that has not come after as many turns of the event loop never comes. */
const MAX_TURNS = 20_000;
/** Enough for anything that the lab does by itself and that no timer holds back. */
const SETTLE_TURNS = 12;
const START_TURNS = 60;

const NEVER = new AbortController().signal;
const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Everything but sockets, on a disk that lies and with a clock that moves when it is told to. */
export class MemoryLab implements ModelledLab {
  readonly transactionTimeoutMs = 60_000;
  readonly mayExpire = true;
  readonly #fs: MemoryFileSystem;
  /** Everything the lab logged, for the report of a failure. */
  readonly #lines: string[] = [];
  #clock = new FakeClock(START_MS);
  #apis: ReadonlyMap<number, KafkaApi> = new Map();
  #broker: Broker | undefined;
  #logs: LogManager | undefined;
  /** What the present lab has of the disk. */
  #process: MortalFileSystem | undefined;
  #startedMs = START_MS;
  #ioErrorAt = -1;
  #bug: unknown;

  private constructor(random: Random) {
    this.#fs = new MemoryFileSystem((limit) => random.below(limit));
    this.#fs.makeFolder(DATA);
  }

  static async start(random: Random): Promise<MemoryLab> {
    const lab = new MemoryLab(random);
    await lab.#open();
    return lab;
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  nowMs(): number {
    return this.#clock.nowMs();
  }

  /** For how long this lab has run. */
  get ageMs(): number {
    return this.#clock.nowMs() - this.#startedMs;
  }

  async #open(): Promise<void> {
    this.#process?.die();
    const fs = new MortalFileSystem(this.#fs);
    this.#process = fs;
    // Timers of the lab that died stay behind with its clock.
    const clock = new FakeClock(this.#clock.nowMs());
    this.#clock = clock;
    this.#startedMs = clock.nowMs();
    const logger = createLogger(
      "",
      () => clock.nowMs(),
      ({ level, message }) => this.#lines.push(`${level} ${message}`),
    );
    claimFormat(fs, DATA);
    const catalogue = await Catalogue.open("catalogue.json", new CatalogueFile(fs, DATA));
    const logs = LogManager.open({ dataFolder: DATA, fs, clock, logger });
    const defer = (action: () => void) => void setImmediate(() => this.#attempt(action));
    const settings = { defaultPartitions: 1, foldCase: false };
    const broker = Broker.open({ catalogue, logs, ...settings, clock, logger, defer });
    this.#apis = kafkaApis({ broker, clock, logger });
    this.#broker = broker;
    this.#logs = logs;
  }

  /** What a dead process does not do any more is no bug. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof SimulatedCrash)) this.#bug ??= error;
    }
  }

  async ask<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, never>,
    version: number,
    value: In,
  ): Promise<Out> {
    const api = this.#apis.get(request.key);
    if (api === undefined) throw new Error(`${request.name} is not served`);
    const bytes = Buffer.concat(request.encode(version, value));
    const answer = await this.#alive(async () => api.serve(bytes, 0, context(version)));
    if (!Array.isArray(answer)) throw new Error(`${request.name} was not answered`);
    return response.read(new Reader(Buffer.concat(answer), 0), version);
  }

  /** What `work` comes to, unless the lab dies before. */
  async #alive<T>(work: () => Promise<T>): Promise<T> {
    const answer: { settled?: PromiseSettledResult<T> } = {};
    void Promise.allSettled([work()]).then(([settled]) => (answer.settled = settled));
    for (let turns = 0; answer.settled === undefined && !this.#fs.isDown; turns++) {
      if (turns > MAX_TURNS) throw new Error("the lab does not answer");
      await nextTurn();
    }
    if (this.#bug !== undefined) throw this.#bug;
    const { settled } = answer;
    if (this.#fs.isDown || settled === undefined) throw new LabDied("the lab died");
    if (settled.status === "rejected") throw settled.reason;
    return settled.value;
  }

  /** Moves time on by up to `ms`, a second at a time, so that what timers begin can run in between. */
  async advance(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      this.#attempt(() => this.#clock.advance(Math.min(left, 1000)));
      await this.settle();
    }
  }

  async settle(turns = SETTLE_TURNS): Promise<void> {
    // Timers that are due already fire at once.
    this.#attempt(() => this.#clock.advance(0));
    for (let turn = 0; turn < turns; turn++) await this.#alive(nextTurn);
  }

  /** Brings everything to the device, unless the disk refuses. */
  async sync(): Promise<void> {
    await this.#alive(async () => this.#logs?.sync()).catch(ignoreRefusal);
  }

  fillDisk(spareBytes: number): void {
    this.#fs.capacityBytes = this.#usedBytes() + spareBytes;
  }

  refuseWrites(): void {
    this.#fs.readOnly = true;
  }

  failAfter(changes: number): void {
    this.#ioErrorAt = this.#fs.changes + changes;
    this.#fs.failAfter(changes);
  }

  crashAfter(changes: number): void {
    this.#fs.crashAfter(changes);
  }

  /** The disk is well again. */
  heal(): void {
    this.#fs.capacityBytes = Infinity;
    this.#fs.readOnly = false;
    this.#fs.failAfter(Infinity);
    this.#ioErrorAt = -1;
  }

  get isFaulty(): boolean {
    const { capacityBytes, readOnly, changes } = this.#fs;
    return capacityBytes !== Infinity || readOnly || changes < this.#ioErrorAt;
  }

  segments(topic: string, partition: number): number[] {
    const folder = path.join(DATA, `${topic}-${partition}`);
    const names = this.#fs.files().filter((file) => path.dirname(file) === folder);
    return names.flatMap((file) => offsetInName(path.basename(file), SEGMENT_SUFFIX) ?? []);
  }

  async restart(ending: Ending): Promise<void> {
    if (ending === "stop") await this.#stop();
    if (ending === "power cut") this.#fs.cutPower();
    else this.#fs.restart();
    this.heal();
    await this.#open();
    // Logs are opened one a turn, and what they lack is written then.
    await this.settle(START_TURNS);
  }

  async #stop(): Promise<void> {
    try {
      await this.#alive(async () => {
        this.#broker?.close();
        await this.#logs?.close();
      });
    } catch (error) {
      if (!(error instanceof LabDied)) ignoreRefusal(error);
    }
  }

  async dispose(): Promise<void> {
    this.heal();
    await this.#stop();
  }

  #usedBytes(): number {
    return this.#fs.files().reduce((sum, file) => sum + (this.#fs.peek(file)?.length ?? 0), 0);
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof StorageError)) throw error;
}

function context(version: number): RequestContext {
  return {
    version,
    clientId: "model",
    clientHost: "127.0.0.1",
    endpoint: {
      protocol: "PLAINTEXT",
      ...{ nodeId: 1, host: "127.0.0.1", port: 9092, ports: new Map([[1, 9092]]) },
    },
    sasl: undefined,
    signal: NEVER,
    freeBytes: () => Infinity,
    borrow: (bytes) => Buffer.allocUnsafe(bytes),
  };
}
