import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { BufferPool } from "../../core/buffer-pool.ts";
import type { Logger } from "../../core/logger.ts";
import type { KafkaApi } from "./api.ts";
import { Connection } from "./connection.ts";
import { LIMITS } from "./limits.ts";
import { ResponseMemory } from "./response-memory.ts";

/** The one broker of the lab, as Kafka numbers the nodes of a cluster. */
export const NODE_ID = 1;

const LOOPBACK_V4 = "127.0.0.1";
const LOOPBACK_V6 = "::1";

export interface ServerOptions {
  /** Address to listen on; for 127.0.0.1 the server listens on ::1 too. */
  readonly host: string;
  /** 0 picks a free port; so does a port that another process has. */
  readonly port: number;
  readonly apis: ReadonlyMap<number, KafkaApi>;
  readonly logger: Logger;
}

/** Accepts Kafka clients and owns their connections. */
export class KafkaServer {
  readonly #options: ServerOptions;
  readonly #pool = new BufferPool(LIMITS.maxIdlePoolBytes);
  readonly #memory = new ResponseMemory(this.#pool, LIMITS.maxLentBytes);
  readonly #connections = new Set<Connection>();
  readonly #listeners: Server[] = [];
  #port = 0;

  private constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** Listens; resolves when clients can connect. */
  static async start(options: ServerOptions): Promise<KafkaServer> {
    const server = new KafkaServer(options);
    server.#port = await server.#listenOrMove();
    if (options.host === LOOPBACK_V4) await server.#listenOnV6();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** What clients take as `bootstrap.servers`. */
  get bootstrap(): string {
    const host = this.#options.host;
    return `${host === "0.0.0.0" || host === "::" ? LOOPBACK_V4 : host}:${this.#port}`;
  }

  /** Stops accepting and ends every connection. */
  async stop(): Promise<void> {
    const closed = this.#listeners.map(async (listener) => {
      listener.close();
      await once(listener, "close");
    });
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(closed);
  }

  async #listenOrMove(): Promise<number> {
    const { host, port, logger } = this.#options;
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
    const listener = createServer((socket) => this.#accept(socket));
    listener.listen({ host, port, backlog: 511 });
    await once(listener, "listening");
    this.#listeners.push(listener);
    const address = listener.address();
    return typeof address === "object" && address !== null ? address.port : port;
  }

  #accept(socket: Socket): void {
    const { apis, logger } = this.#options;
    if (this.#connections.size >= LIMITS.maxConnections) {
      logger.warn(`connection refused: ${LIMITS.maxConnections} are open already`);
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, {
      apis,
      endpoint: { nodeId: NODE_ID, host: advertisedHost(socket), port: this.#port },
      pool: this.#pool,
      memory: this.#memory,
      logger,
    });
    this.#connections.add(connection);
    socket.once("close", () => this.#connections.delete(connection));
  }
}

/** The address this client reached us by, which is one that certainly works for it. */
function advertisedHost(socket: Socket): string {
  const local = socket.localAddress ?? LOOPBACK_V4;
  if (local === LOOPBACK_V6) return LOOPBACK_V4;
  return local.startsWith("::ffff:") ? local.slice("::ffff:".length) : local;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
