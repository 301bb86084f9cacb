/** A broker with its Kafka gateway inside the test's own process, and a client that speaks raw frames. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { Broker, type BrokerDeps } from "../../runtime/broker/broker.ts";
import { systemClock } from "../../runtime/core/clock.ts";
import { createLogger } from "../../runtime/core/logger.ts";
import { kafkaApis } from "../../runtime/gateway/kafka/apis.ts";
import { KafkaServer, type ServerOptions } from "../../runtime/gateway/kafka/server.ts";
import { LogManager } from "../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../runtime/log/node-fs.ts";
import { Catalogue } from "../../runtime/meta/catalogue.ts";
import { API_VERSIONS_KEY } from "../../runtime/wire/kafka/header.ts";
import { Reader } from "../../runtime/wire/kafka/reader.ts";
import type { Message } from "../../runtime/wire/kafka/schema.ts";
import { encodeRequest } from "../conformance/wire-client.ts";
import { tempFolder } from "./temp-folder.ts";

export interface TestGateway {
  readonly broker: Broker;
  readonly logs: LogManager;
  /** Of the first node. */
  readonly server: KafkaServer;
  /** One for each node. */
  readonly servers: readonly KafkaServer[];
  /** What the gateway and the broker logged. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

export type BrokerSettings = Partial<Pick<BrokerDeps, "defaultPartitions" | "configs" | "brokers">>;

/** Starts it with one listener, on which clients are to authenticate and to speak TLS if that is asked for. */
export async function startGateway(
  listener: Partial<Pick<ServerOptions, "host" | "tls" | "users">> = {},
  { defaultPartitions = 1, configs = {}, brokers = 1 }: BrokerSettings = {},
): Promise<TestGateway> {
  const folder = tempFolder();
  const log: string[] = [];
  const clock = systemClock;
  const logger = createLogger(
    "test",
    () => clock.nowMs(),
    ({ level, message }) => log.push(`${level}: ${message}`),
  );
  const catalogue = await Catalogue.open(path.join(folder.path, "catalogue.json"));
  const logs = LogManager.open({ dataFolder: folder.path, fs: nodeFileSystem, clock, logger });
  const defer = (action: () => void) => void setImmediate(action);
  const settings = { defaultPartitions, configs, brokers, foldCase: false };
  const broker = Broker.open({ catalogue, logs, ...settings, clock, logger, defer });
  const apis = kafkaApis({ broker, clock, logger });
  const where = { host: "127.0.0.1", port: 0, ports: new Map<number, number>() };
  const options = { ...where, apis, logger, ...listener };
  const server = await KafkaServer.start(options);
  const servers = [server];
  for (let nodeId = 2; nodeId <= brokers; nodeId++) {
    servers.push(await KafkaServer.start({ ...options, nodeId }));
  }
  return {
    broker,
    logs,
    server,
    servers,
    log,
    async stop() {
      await Promise.all(servers.map((one) => one.stop()));
      broker.close();
      await logs.close();
      folder.dispose();
    },
  };
}

/** One connection. Responses come back in the order in which they arrive on it. */
export class RawClient {
  readonly socket: Socket;
  readonly #frames: Buffer[] = [];
  readonly #waiting: { resolve: (frame: Buffer) => void; reject: (error: Error) => void }[] = [];
  #received = Buffer.alloc(0);
  #correlationId = 0;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error("connection closed"));
    });
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ host: "127.0.0.1", port });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** Sends a request and returns its correlation id without waiting. */
  send<In>(request: Message<unknown, In>, version: number, value: In): number {
    const correlationId = ++this.#correlationId;
    this.socket.write(encodeRequest(request, version, value, correlationId));
    return correlationId;
  }

  /** The next response frame, without its size: correlation id and what follows. Rejects when the connection ends. */
  next(): Promise<Buffer> {
    const frame = this.#frames.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    if (this.socket.closed) return Promise.reject(new Error("connection closed"));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async ask<In, Out>(
    request: Message<unknown, In>,
    response: Message<Out, never>,
    version: number,
    value: In,
  ): Promise<Out> {
    this.send(request, version, value);
    return this.answer(response, version);
  }

  /** The next response frame, decoded. */
  async answer<Out>(response: Message<Out, never>, version: number): Promise<Out> {
    return decodeResponse(await this.next(), response, version);
  }

  close(): void {
    this.socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0);
      if (this.#received.length < end) return;
      const frame = this.#received.subarray(4, end);
      this.#received = this.#received.subarray(end);
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#frames.push(frame);
      else waiting.resolve(frame);
    }
  }
}

export function decodeResponse<Out>(
  frame: Buffer,
  response: Message<Out, never>,
  version: number,
): Out {
  const tagged = version >= response.flexibleFrom && response.key !== API_VERSIONS_KEY;
  return response.read(new Reader(frame, tagged ? 5 : 4), version);
}
