/**
 * A proxy between clients and one broker that records every exchange, decoded. Bytes of clients go on
 * as they came, well formed or not. Answers that name the broker are written anew with the tap's own
 * address, so that clients stay on it.
 */
import { once } from "node:events";
import { type Server, type Socket, connect, createServer } from "node:net";
import { FrameReader } from "../../../runtime/wire/kafka/frame.ts";
import {
  API_VERSIONS_KEY,
  decodeRequestHeader,
  encodeResponseHeader,
  type RequestHeader,
} from "../../../runtime/wire/kafka/header.ts";
import { Reader } from "../../../runtime/wire/kafka/reader.ts";
import { WireError } from "../../../runtime/wire/kafka/wire-error.ts";
import { type AnyApi, API_BY_KEY } from "./apis.ts";

const MAX_FRAME_BYTES = 128 * 1024 * 1024;
/** Answers in which a broker says where brokers are: Metadata, FindCoordinator, DescribeCluster. */
const NAMES_BROKERS = new Set([3, 10, 60]);

export type Outcome = "answered" | "closed" | "unanswered";

export interface Exchange {
  /** The client's port, which is new for each connection. */
  readonly connection: number;
  readonly correlationId: number;
  readonly api: number;
  readonly version: number;
  readonly clientId: string | null;
  /** Undefined when this code cannot decode it. */
  readonly request: unknown;
  response: unknown;
  /** Bytes of the answer after what is declared. */
  trailingBytes: number;
  outcome: Outcome;
}

interface Pending {
  readonly header: RequestHeader;
  readonly api: AnyApi | undefined;
  readonly exchange: Exchange;
}

const within = ([first, last]: readonly [number, number], version: number): boolean =>
  version >= first && version <= last;

/** Reads what was sent; undefined for what is malformed, which is the broker's to judge. */
function decoded(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function begin(frame: Buffer, connection: number): Pending | undefined {
  const header = decoded(() =>
    decodeRequestHeader(frame, (key) => API_BY_KEY.get(key)?.request.flexibleFrom),
  ) as RequestHeader | undefined;
  if (header === undefined) return undefined;
  const { apiVersion: version, correlationId, clientId } = header;
  const api = API_BY_KEY.get(header.apiKey);
  const known = api !== undefined && within(api.request.versions, version);
  const request = known
    ? decoded(() => api.request.read(new Reader(frame, header.bodyAt), version))
    : undefined;
  const exchange: Exchange = {
    ...{ connection, correlationId, api: header.apiKey, version, clientId, request },
    ...{ response: undefined, trailingBytes: 0, outcome: "unanswered" },
  };
  return { header, api: known || header.apiKey === API_VERSIONS_KEY ? api : undefined, exchange };
}

/** The version in which the answer is: an ApiVersions request that is not served is answered in version 0. */
function answerVersion(api: AnyApi, version: number): number {
  return within(api.response.versions, version) ? version : 0;
}

/** Puts another address wherever the value says that a broker is on `port`. */
function withAddress(value: unknown, port: number, tapPort: number): unknown {
  if (Array.isArray(value)) return value.map((each) => withAddress(each, port, tapPort));
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withAddress(each, port, tapPort)]),
  );
  if (copy["port"] === port && "host" in copy) copy["port"] = tapPort;
  return copy;
}

/** Passes on what comes from either side, and records it. */
class TappedConnection {
  readonly #client: Socket;
  readonly #tap: Tap;
  readonly #port: number;
  readonly #pending: Pending[] = [];

  constructor(client: Socket, tap: Tap) {
    this.#client = client;
    this.#tap = tap;
    this.#port = client.remotePort ?? 0;
  }

  listen(upstream: Socket): void {
    const client = this.#client;
    const requests = new FrameReader(MAX_FRAME_BYTES);
    const responses = new FrameReader(MAX_FRAME_BYTES);
    client.on("data", (chunk: Buffer) => {
      requests.push(chunk, (frame) => this.#request(frame));
      upstream.write(chunk);
    });
    upstream.on("data", (chunk: Buffer) => {
      responses.push(chunk, (frame) => this.#response(frame));
    });
    client.on("end", () => upstream.end());
    upstream.on("end", () => client.end());
    client.on("error", () => upstream.destroy());
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
    upstream.on("close", () => {
      // A client that is gone has not been left without an answer.
      const left = client.destroyed ? [] : this.#pending.splice(0);
      for (const { exchange } of left) exchange.outcome = "closed";
      client.destroySoon();
    });
  }

  #request(frame: Buffer): void {
    const pending = begin(frame, this.#port);
    if (pending === undefined) return;
    this.#tap.exchanges.push(pending.exchange);
    this.#pending.push(pending);
  }

  #response(frame: Buffer): void {
    const correlationId = frame.readInt32BE(0);
    const at = this.#pending.findIndex((one) => one.exchange.correlationId === correlationId);
    const [pending] = at === -1 ? [] : this.#pending.splice(at, 1);
    const chunks = pending === undefined ? undefined : this.#record(frame, pending);
    if (chunks === undefined) {
      const size = Buffer.alloc(4);
      size.writeInt32BE(frame.length, 0);
      this.#client.write(size);
      this.#client.write(frame);
    } else {
      for (const chunk of chunks) this.#client.write(chunk);
    }
  }

  /** Returns what to send instead, for an answer that names the broker. */
  #record(frame: Buffer, { exchange, api, header }: Pending): Buffer[] | undefined {
    exchange.outcome = "answered";
    if (api === undefined) return undefined;
    const version = answerVersion(api, exchange.version);
    const tagged = header.flexible && exchange.api !== API_VERSIONS_KEY;
    const reader = new Reader(frame, tagged ? 5 : 4);
    exchange.response = decoded(() => api.response.read(reader, version));
    exchange.trailingBytes = reader.bytesLeft;
    if (exchange.response === undefined || !NAMES_BROKERS.has(exchange.api)) return undefined;
    const rewritten = withAddress(exchange.response, this.#tap.upstreamPort, this.#tap.port);
    const body = api.response.encode(version, rewritten as never);
    return [encodeResponseHeader(header, body), ...body];
  }
}

export class Tap {
  readonly upstreamPort: number;
  /** In order of their requests. */
  readonly exchanges: Exchange[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  private constructor(upstreamPort: number) {
    this.upstreamPort = upstreamPort;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const upstream = connect({
        ...{ host: "127.0.0.1", port: upstreamPort },
        ...{ allowHalfOpen: true, noDelay: true },
      });
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on("close", () => this.#sockets.delete(socket));
      }
      new TappedConnection(client, this).listen(upstream);
    });
  }

  static async start(upstreamPort: number): Promise<Tap> {
    const tap = new Tap(upstreamPort);
    tap.#server.listen(0, "127.0.0.1");
    await once(tap.#server, "listening");
    const address = tap.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    tap.#port = address.port;
    return tap;
  }

  get port(): number {
    return this.#port;
  }

  get bootstrap(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** Hands over what has been recorded, and begins anew. */
  take(): Exchange[] {
    return this.exchanges.splice(0);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
