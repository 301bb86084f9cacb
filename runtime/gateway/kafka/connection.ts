import type { Socket } from "node:net";
import type { BufferPool } from "../../core/buffer-pool.ts";
import type { Logger } from "../../core/logger.ts";
import { FrameReader } from "../../wire/kafka/frame.ts";
import {
  API_VERSIONS_KEY,
  decodeRequestHeader,
  encodeResponseHeader,
  type RequestHeader,
} from "../../wire/kafka/header.ts";
import { WireError } from "../../wire/kafka/wire-error.ts";
import { type Answer, CloseConnection, type Endpoint, type KafkaApi, SILENCE } from "./api.ts";
import { unsupportedApiVersions } from "./handlers/18-api-versions.ts";
import { LIMITS } from "./limits.ts";
import type { ResponseMemory } from "./response-memory.ts";
import { ResponseQueue, type Slot } from "./response-queue.ts";
import type { SaslSession } from "./sasl/session.ts";

export interface ConnectionDeps {
  readonly apis: ReadonlyMap<number, KafkaApi>;
  readonly endpoint: Endpoint;
  /** Undefined where clients need not say who they are. */
  readonly sasl: SaslSession | undefined;
  /** Where frames are assembled. */
  readonly pool: BufferPool;
  readonly memory: ResponseMemory;
  readonly logger: Logger;
}

interface QueuedRequest {
  readonly frame: Buffer;
  readonly api: KafkaApi;
  readonly header: RequestHeader;
}

/**
 * One client connection: bytes to frames, frames to handlers, responses back in order. Requests run
 * one at a time as in Kafka, except that produce requests overlap so that they share a write.
 */
export class Connection {
  readonly #socket: Socket;
  readonly #deps: ConnectionDeps;
  readonly #frames: FrameReader;
  readonly #ended = new AbortController();
  readonly #responses: ResponseQueue;
  readonly #queue: QueuedRequest[] = [];
  #queuedBytes = 0;
  #running = 0;
  #runningApi: KafkaApi | undefined;
  #corked = false;
  #paused = false;

  constructor(socket: Socket, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#deps = deps;
    const { maxFrameBytes, maxUnauthenticatedFrameBytes } = LIMITS;
    this.#frames = new FrameReader(
      deps.sasl === undefined ? maxFrameBytes : maxUnauthenticatedFrameBytes,
      deps.pool,
    );
    this.#responses = new ResponseQueue((slot) => this.#write(slot));
    socket.setNoDelay(true);
    socket.setTimeout(LIMITS.maxIdleMs, () => socket.destroy());
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => this.#pump());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#end());
  }

  /** Ends the connection without waiting for what is under way. */
  destroy(): void {
    this.#socket.destroy();
  }

  #end(): void {
    this.#ended.abort();
    this.#frames.close();
    this.#queue.length = 0;
    this.#responses.clear();
  }

  #close(reason: string): void {
    if (this.#socket.destroyed) return;
    this.#deps.logger.warn(`connection of ${this.#peer()} closed: ${reason}`);
    this.#socket.destroy();
  }

  #peer(): string {
    return `${this.#socket.remoteAddress ?? "a client"}:${this.#socket.remotePort ?? 0}`;
  }

  #receive(chunk: Buffer): void {
    const fault = this.#frames.push(chunk, (frame) => this.#enqueue(frame));
    if (fault !== undefined) this.#close(fault.message);
    else this.#pump();
  }

  #enqueue(frame: Buffer): void {
    const { sasl } = this.#deps;
    if (this.#socket.destroyed || sasl?.failure !== undefined) return;
    if (sasl?.takesRawTokens === true) {
      this.#takeRawToken(frame, sasl);
      return;
    }
    try {
      const header = decodeRequestHeader(frame, (key) => this.#deps.apis.get(key)?.flexibleFrom);
      const api = this.#deps.apis.get(header.apiKey);
      if (api === undefined) {
        this.#close(`API key ${header.apiKey} is not served`);
        return;
      }
      this.#queue.push({ frame, api, header });
      this.#queuedBytes += frame.length;
    } catch (error) {
      this.#fail(error, "request header");
    }
  }

  /** A token of SASL in a frame of its own, as after a handshake of version 0. */
  #takeRawToken(frame: Buffer, sasl: SaslSession): void {
    const slot = this.#responses.open(() => undefined);
    const answer = sasl.authenticateRaw(frame);
    this.#frames.release(frame);
    this.#responses.complete(slot, answer);
    this.#heedSasl(sasl);
  }

  /** After a failure the client gets its answer and nothing more; after success it may send more at once. */
  #heedSasl(sasl: SaslSession): void {
    if (sasl.failure !== undefined) {
      this.#deps.logger.warn(`${this.#peer()} could not authenticate: ${sasl.failure}`);
      this.#queue.length = 0;
      this.#socket.destroySoon();
    } else if (sasl.authenticated) {
      this.#frames.limit(LIMITS.maxFrameBytes);
    }
  }

  #pump(): void {
    for (;;) {
      const next = this.#queue[0];
      if (next === undefined || !this.#mayStart(next.api)) break;
      this.#queue.shift();
      this.#start(next);
    }
    const full =
      this.#queue.length + this.#running >= LIMITS.maxRequestsPerConnection ||
      this.#queuedBytes >= LIMITS.maxRequestBytesPerConnection;
    if (full !== this.#paused) {
      this.#paused = full;
      if (full) this.#socket.pause();
      else this.#socket.resume();
    }
  }

  #mayStart(api: KafkaApi): boolean {
    if (this.#socket.writableLength > LIMITS.maxUnsentBytes) return false;
    if (this.#running === 0) return true;
    return api.pipelined && this.#runningApi === api;
  }

  #start({ frame, api, header }: QueuedRequest): void {
    const borrowed: Buffer[] = [];
    const slot = this.#responses.open(() => this.#deps.memory.release(borrowed));
    this.#running++;
    this.#runningApi = api;
    const done = (answer: Answer<Buffer[]>) => this.#finish(slot, frame, header, answer);
    try {
      const answer = this.#serve(frame, api, header, borrowed);
      if (!(answer instanceof Promise)) done(answer);
      else answer.then(done).catch((error: unknown) => this.#fail(error, api.name));
    } catch (error) {
      this.#fail(error, api.name);
    }
  }

  #serve(frame: Buffer, api: KafkaApi, header: RequestHeader, borrowed: Buffer[]) {
    const [min, max] = api.served;
    if (header.apiVersion < min || header.apiVersion > max) {
      if (api.key === API_VERSIONS_KEY) return unsupportedApiVersions(api);
      return new CloseConnection(`${api.name} version ${header.apiVersion} is not served`);
    }
    const { sasl } = this.#deps;
    if (sasl?.permits(api.key) === false) {
      return new CloseConnection(`${api.name} before the client has authenticated`);
    }
    return api.serve(frame, header.bodyAt, {
      version: header.apiVersion,
      clientId: header.clientId,
      clientHost: this.#socket.remoteAddress ?? "",
      endpoint: this.#deps.endpoint,
      sasl,
      signal: this.#ended.signal,
      freeBytes: () => this.#deps.memory.freeBytes,
      borrow: (bytes) => {
        const buffer = this.#deps.memory.borrow(bytes);
        borrowed.push(buffer);
        return buffer;
      },
    });
  }

  #finish(slot: Slot, frame: Buffer, header: RequestHeader, answer: Answer<Buffer[]>): void {
    this.#running--;
    this.#queuedBytes -= frame.length;
    this.#frames.release(frame);
    if (this.#socket.destroyed) {
      slot.sent();
      return;
    }
    if (answer instanceof CloseConnection) {
      this.#close(answer.reason);
    } else if (answer === SILENCE) {
      this.#responses.complete(slot, []);
    } else {
      this.#responses.complete(slot, [encodeResponseHeader(header, answer), ...answer]);
    }
    if (this.#deps.sasl !== undefined) this.#heedSasl(this.#deps.sasl);
    this.#pump();
  }

  /** Malformed input and bugs both end the connection; only bugs are errors of the lab. */
  #fail(error: unknown, where: string): void {
    if (error instanceof WireError) {
      this.#close(`malformed ${where}: ${error.message}`);
      return;
    }
    this.#deps.logger.error(
      `${where} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    this.#close(`${where} could not be answered`);
  }

  /** Sends a slot; everything that completes in one turn of the event loop leaves in one write. */
  #write(slot: Slot): void {
    const chunks = slot.chunks ?? [];
    if (chunks.length === 0) {
      slot.sent();
      return;
    }
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    chunks.forEach((chunk, i) => {
      if (i === chunks.length - 1) this.#socket.write(chunk, slot.sent);
      else this.#socket.write(chunk);
    });
  }
}
