import { once } from "node:events";
import { createServer, isIP, isIPv6, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { BufferPool } from "../../core/buffer-pool.ts";
import type { SecurityProtocol } from "../../core/listener.ts";
import type { Logger } from "../../core/logger.ts";
import type { KafkaApi } from "./api.ts";
import { Connection } from "./connection.ts";
import { LIMITS } from "./limits.ts";
import { ResponseMemory } from "./response-memory.ts";
import { SaslSession } from "./sasl/session.ts";
import type { Users } from "./sasl/users.ts";
import type { CertificateAndKey } from "./tls/lab-certificate.ts";

/** The node of a lab that is one broker, as Kafka numbers the nodes of a cluster. */
const ONLY_NODE_ID = 1;

const LOOPBACK_V4 = "127.0.0.1";
const LOCALHOST = "localhost";
const LOOPBACK_V6 = "::1";

/** What all listeners of a lab share, so that its limits are those of the lab. */
export class ServerResources {
  readonly pool = new BufferPool(LIMITS.maxIdlePoolBytes);
  readonly memory = new ResponseMemory(this.pool, LIMITS.maxLentBytes);
  connections = 0;
}

export interface ServerOptions {
  /** Address to listen on; for 127.0.0.1 and localhost the server listens on ::1 too. */
  readonly host: string;
  /** 0 picks a free port; so does a port that another process has. */
  readonly port: number;
  readonly apis: ReadonlyMap<number, KafkaApi>;
  readonly logger: Logger;
  /** Its own when undefined. */
  readonly resources?: ServerResources;
  /** The node that clients reach here; 1 when undefined. */
  readonly nodeId?: number;
  /** Where the ports of a listener's nodes are noted, this one's too; its own when undefined. */
  readonly ports?: Map<number, number>;
  /** Makes clients speak TLS to this certificate. */
  readonly tls?: CertificateAndKey | undefined;
  /** Makes clients authenticate as one of these. */
  readonly users?: Users | undefined;
}

/** Accepts Kafka clients and owns their connections. */
export class KafkaServer {
  readonly #options: ServerOptions;
  readonly #resources: ServerResources;
  readonly #nodeId: number;
  readonly #ports: Map<number, number>;
  readonly #connections = new Set<Connection>();
  /** Sockets of TLS listeners, which are connections only after their handshake. */
  readonly #tlsSockets = new Set<Socket>();
  readonly #listeners: Server[] = [];
  #port = 0;

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.#resources = options.resources ?? new ServerResources();
    this.#nodeId = options.nodeId ?? ONLY_NODE_ID;
    this.#ports = options.ports ?? new Map<number, number>();
  }

  /** Listens; resolves when clients can connect. */
  static async start(options: ServerOptions): Promise<KafkaServer> {
    const server = new KafkaServer(options);
    const isLocal = options.host === LOOPBACK_V4 || options.host === LOCALHOST;
    server.#port = await server.#listenOrMove(isLocal ? LOOPBACK_V4 : options.host);
    server.#ports.set(server.#nodeId, server.#port);
    if (isLocal) await server.#listenOnV6();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** What clients take as `bootstrap.servers`. */
  get bootstrap(): string {
    const host = this.#options.host;
    const reachable = host === "0.0.0.0" || host === "::" ? LOOPBACK_V4 : host;
    return `${isIPv6(reachable) ? `[${reachable}]` : reachable}:${this.#port}`;
  }

  /** Stops accepting and ends every connection. */
  async stop(): Promise<void> {
    const closed = this.#listeners.map(async (listener) => {
      listener.close();
      await once(listener, "close");
    });
    for (const connection of this.#connections) connection.destroy();
    for (const socket of this.#tlsSockets) socket.destroy();
    await Promise.all(closed);
  }

  async #listenOrMove(host: string): Promise<number> {
    const { port, logger } = this.#options;
    try {
      return await this.#listen(host, port);
    } catch (error) {
      if (!hasCode(error, "EADDRINUSE") || port === 0) throw error;
      const free = await this.#listen(host, 0);
      logger.warn(`port ${port} is taken by another process; listening on port ${free} instead`);
      return free;
    }
  }

  /** Clients resolve "localhost" to ::1 first on many machines. A machine without IPv6 does without. */
  async #listenOnV6(): Promise<void> {
    try {
      await this.#listen(LOOPBACK_V6, this.#port);
    } catch (error) {
      this.#options.logger.debug(
        `not listening on [${LOOPBACK_V6}]:${this.#port}: ${String(error)}`,
      );
    }
  }

  async #listen(host: string, port: number): Promise<number> {
    const listener = this.#createListener();
    listener.listen({ host, port, backlog: 511 });
    await once(listener, "listening");
    this.#listeners.push(listener);
    const address = listener.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  #createListener(): Server {
    const { tls, logger } = this.#options;
    const accept = (socket: Socket): void => this.#accept(socket);
    if (tls === undefined) return createServer(accept);
    const handshakeTimeout = LIMITS.maxTlsHandshakeMs;
    const listener = createTlsServer({ ...tls, minVersion: "TLSv1.2", handshakeTimeout }, accept);
    listener.maxConnections = LIMITS.maxConnections;
    listener.on("connection", (socket) => {
      this.#tlsSockets.add(socket);
      socket.once("close", () => this.#tlsSockets.delete(socket));
    });
    listener.on("tlsClientError", (error, socket) => {
      const reason = "reason" in error ? String(error.reason) : error.message;
      logger.warn(`TLS handshake failed: ${reason}`);
      socket.destroy();
    });
    return listener;
  }

  #accept(socket: Socket): void {
    const { apis, logger, users, host } = this.#options;
    const { pool, memory } = this.#resources;
    if (this.#resources.connections >= LIMITS.maxConnections) {
      logger.warn(`connection refused: ${LIMITS.maxConnections} are open already`);
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, {
      apis,
      endpoint: {
        protocol: protocolOf(this.#options),
        nodeId: this.#nodeId,
        host: advertisedHost(host, socket),
        port: this.#port,
        ports: this.#ports,
      },
      sasl: users === undefined ? undefined : new SaslSession(users),
      pool,
      memory,
      logger,
    });
    this.#connections.add(connection);
    this.#resources.connections++;
    socket.once("close", () => {
      this.#connections.delete(connection);
      this.#resources.connections--;
    });
  }
}

/** The name that the listener was given, or else the address this client reached us by, which works for it. */
function advertisedHost(host: string, socket: Socket): string {
  if (isIP(host) === 0) return host;
  const local = socket.localAddress ?? LOOPBACK_V4;
  if (local === LOOPBACK_V6) return LOOPBACK_V4;
  return local.startsWith("::ffff:") ? local.slice("::ffff:".length) : local;
}

function protocolOf({ tls, users }: ServerOptions): SecurityProtocol {
  if (users === undefined) return tls === undefined ? "PLAINTEXT" : "SSL";
  return tls === undefined ? "SASL_PLAINTEXT" : "SASL_SSL";
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
