import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { MAX_FRAME_BYTES } from "../api/frame-codec.ts";
import type { Clock } from "../core/clock.ts";

// An import of node:http evaluates all its exports, and three of them load Node's own fetch: 15 MB and
// 10 ms that the lab has no use for.
const { createServer, STATUS_CODES } = process.getBuiltinModule("node:http");

/** Clients at the same time. */
export const MAX_CLIENTS = 32;
/** TCP connections at the same time, those that have not shown their token yet included. */
const MAX_CONNECTIONS = 2 * MAX_CLIENTS;
/** How long a connection may take to ask for its upgrade. */
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** How long clients may take to say goodbye before they are cut off. */
const GOODBYE_MS = 500;

/**
 * The lab's WebSocket door: on loopback only, open to who knows the token, closed to every browser
 * page (a page cannot hide its Origin, and nothing else sends one).
 */
export class ControlServer {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #tokenDigest: Buffer;
  readonly #onClient: (socket: WebSocket) => void;
  readonly #clock: Clock;

  private constructor(token: string, clock: Clock, onClient: (socket: WebSocket) => void) {
    this.#tokenDigest = digest(token);
    this.#clock = clock;
    this.#onClient = onClient;
    this.#sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
    });
    this.#http = createServer(
      { headersTimeout: HANDSHAKE_TIMEOUT_MS, requestTimeout: HANDSHAKE_TIMEOUT_MS },
      (_request, response) => {
        response.writeHead(426, { connection: "close", upgrade: "websocket" }).end();
      },
    );
    this.#http.maxConnections = MAX_CONNECTIONS;
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Listens on a free port of 127.0.0.1. */
  static async listen(
    token: string,
    clock: Clock,
    onClient: (socket: WebSocket) => void,
  ): Promise<ControlServer> {
    const server = new ControlServer(token, clock, onClient);
    await new Promise<void>((resolve, reject) => {
      server.#http.once("error", reject);
      server.#http.listen(0, "127.0.0.1", () => {
        server.#http.off("error", reject);
        resolve();
      });
    });
    return server;
  }

  get url(): string {
    const address: AddressInfo | string | null = this.#http.address();
    if (address === null || typeof address === "string") throw new Error("the server is closed");
    return `ws://127.0.0.1:${address.port}`;
  }

  /** Takes no further clients, waits a moment for those that are closing, and cuts off the rest. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#http.close(() => resolve()));
    this.#http.closeAllConnections();
    const cutOff = this.#clock.after(GOODBYE_MS, () => {
      for (const socket of this.#sockets.clients) socket.terminate();
    });
    await Promise.all([...this.#sockets.clients].map(gone));
    cutOff.dispose();
    await closed;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const refusal = this.#refusal(request);
    if (refusal !== undefined) {
      // A client that keeps its half open must not keep the lab from ending.
      socket.once("finish", () => socket.destroy());
      socket.end(
        `HTTP/1.1 ${refusal} ${STATUS_CODES[refusal] ?? ""}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#onClient(client));
  }

  /** The HTTP status to refuse with, or undefined to let the client in. */
  #refusal({ headers }: IncomingMessage): number | undefined {
    if (headers.origin !== undefined) return 403;
    const token = /^Bearer (\S+)$/.exec(headers.authorization ?? "")?.[1] ?? "";
    // Digests have one length and tell nothing of how much of a wrong token was right.
    if (!timingSafeEqual(digest(token), this.#tokenDigest)) return 401;
    return this.#sockets.clients.size >= MAX_CLIENTS ? 503 : undefined;
  }
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function gone(socket: WebSocket): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => socket.once("close", () => resolve()));
}
