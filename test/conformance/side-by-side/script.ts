/** What a script can do with one broker, through its tap: each request is a named step, and is compared by that name. */
import { setTimeout as pause } from "node:timers/promises";
import { RawClient } from "../../support/kafka-gateway.ts";
import { type Api, apis } from "./apis.ts";
import type { Exchange, Tap } from "./tap.ts";

const SETTLE_LIMIT_MS = 5_000;
/** After this the script closes the connection itself, and the step counts as closed. */
const ANSWER_LIMIT_MS = 10_000;
const RETRY_MS = 20;
const NONE = 0;

/** The same requests, in the same order, to every broker. */
export interface Script {
  readonly name: string;
  run(steps: Steps): Promise<void>;
}

export interface Named {
  readonly step: string;
  readonly exchange: Exchange;
}

/** One connection of a script. */
export class Line {
  readonly client: RawClient;
  readonly #port: number;
  readonly #steps: Steps;

  constructor(client: RawClient, steps: Steps) {
    this.client = client;
    this.#port = client.socket.localPort ?? 0;
    this.#steps = steps;
  }

  /** Sends without waiting; the answer is recorded under `step` when it comes. */
  send<In, Out>(step: string, api: Api<In, Out>, version: number, value: In): Promise<Out> {
    const answer = this.#unnamed(api, version, value);
    this.#steps.name(step, this.#port, answer.correlationId);
    return answer.response;
  }

  /** Waits for the answer: undefined when the connection was closed instead. */
  async ask<In, Out>(
    step: string,
    api: Api<In, Out>,
    version: number,
    value: In,
  ): Promise<Out | undefined> {
    const { correlationId, response } = this.#unnamed(api, version, value);
    this.#steps.name(step, this.#port, correlationId);
    const patience = setTimeout(() => this.close(), ANSWER_LIMIT_MS);
    try {
      return await answerOrClosed(response);
    } finally {
      clearTimeout(patience);
    }
  }

  /** Sends what gets no answer when all is well. */
  tell<In, Out>(step: string, api: Api<In, Out>, version: number, value: In): void {
    const correlationId = this.client.send(api.request, version, value);
    this.#steps.name(step, this.#port, correlationId);
  }

  /** Asks until `until` holds, or time is up; only the last answer has the name. */
  async eventually<In, Out>(
    step: string | undefined,
    api: Api<In, Out>,
    version: number,
    value: In,
    until: (response: Out) => boolean,
    limitMs = SETTLE_LIMIT_MS,
  ): Promise<Out> {
    const started = performance.now();
    for (;;) {
      const { correlationId, response } = this.#unnamed(api, version, value);
      const answer = await response;
      if (until(answer) || performance.now() - started > limitMs) {
        if (step !== undefined) this.#steps.name(step, this.#port, correlationId);
        return answer;
      }
      await pause(RETRY_MS);
    }
  }

  close(): void {
    this.client.close();
  }

  #unnamed<In, Out>(api: Api<In, Out>, version: number, value: In) {
    const { request, response } = api;
    const correlationId = this.client.send(request, version, value);
    return { correlationId, response: this.client.answer(response, version) };
  }
}

async function answerOrClosed<Out>(response: Promise<Out>): Promise<Out | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof Error && error.message === "connection closed") return undefined;
    throw error;
  }
}

export class Steps {
  /** When the run began: the same for every broker, so that what is sent is the same. */
  readonly nowMs: number;
  readonly #tap: Tap;
  readonly #names = new Map<string, string>();
  readonly #lines: Line[] = [];
  #line: Line | undefined;

  constructor(tap: Tap, nowMs: number) {
    this.#tap = tap;
    this.nowMs = nowMs;
  }

  async open(): Promise<Line> {
    const line = new Line(await RawClient.connect(this.#tap.port), this);
    this.#lines.push(line);
    return line;
  }

  name(step: string, port: number, correlationId: number): void {
    this.#names.set(`${port}/${correlationId}`, step);
  }

  /** The line of steps that need none of their own; a new one when the broker has closed it. */
  async line(): Promise<Line> {
    if (this.#line === undefined || this.#line.client.socket.closed) this.#line = await this.open();
    return this.#line;
  }

  async ask<In, Out>(step: string, api: Api<In, Out>, version: number, value: In) {
    return (await this.line()).ask(step, api, version, value);
  }

  async eventually<In, Out>(
    step: string | undefined,
    api: Api<In, Out>,
    version: number,
    value: In,
    until: (response: Out) => boolean,
    limitMs?: number,
  ): Promise<Out> {
    return (await this.line()).eventually(step, api, version, value, until, limitMs);
  }

  /** Creates a topic and waits until it can be used. */
  async topic(
    name: string,
    partitions = 1,
    configs: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const entries = Object.entries(configs).map(([key, value]) => ({ name: key, value }));
    const request = {
      topics: [
        {
          ...{ name, numPartitions: partitions, replicationFactor: 1 },
          ...{ assignments: [], configs: entries },
        },
      ],
      timeoutMs: 10_000,
      validateOnly: false,
    };
    await this.eventually(undefined, apis.createTopics, 7, request, () => true);
    await this.led(name, partitions);
  }

  /** Waits until that many partitions answer. */
  async led(name: string, count: number): Promise<void> {
    const asked = { replicaId: -1, isolationLevel: 0, timeoutMs: 1_000 };
    const partitions = Array.from({ length: count }, (_, partitionIndex) => ({
      ...{ partitionIndex, timestamp: -1 },
    }));
    const topics = [{ name, partitions }];
    await this.eventually(undefined, apis.listOffsets, 5, { ...asked, topics }, ({ topics }) =>
      topics.every(({ partitions }) => partitions.every(({ errorCode }) => errorCode === NONE)),
    );
  }

  close(): void {
    for (const line of this.#lines) line.close();
  }

  /** Hands over what was recorded of the named steps. */
  finish(): Named[] {
    return this.#tap.take().flatMap((exchange) => {
      const step = this.#names.get(`${exchange.connection}/${exchange.correlationId}`);
      return step === undefined ? [] : [{ step, exchange }];
    });
  }
}
