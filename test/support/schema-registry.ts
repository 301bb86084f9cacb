import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";

interface Registered {
  readonly schema: string;
  /** Left out for Avro, as registries do. */
  readonly schemaType?: string;
  readonly references?: readonly { name: string; subject: string; version: number }[];
}

/** A schema registry with the part of Confluent's API that reads schemas. */
export class SchemaRegistry {
  readonly byId = new Map<number, Registered>();
  readonly byGuid = new Map<string, Registered>();
  /** By `subject/version`. */
  readonly byVersion = new Map<string, Registered>();
  /** Who may ask, as `user:password`; everybody when undefined. */
  userInfo: string | undefined;
  /** Answers in place of what would be answered. */
  answer: ((response: ServerResponse) => void) | undefined;
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request: IncomingMessage, response: ServerResponse) =>
      this.#respond(request, response),
    );
  }

  static async start(): Promise<SchemaRegistry> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new SchemaRegistry(server);
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  #respond(request: IncomingMessage, response: ServerResponse): void {
    const path = decodeURIComponent(request.url ?? "");
    this.asked.push(path);
    const expected = this.userInfo && `Basic ${Buffer.from(this.userInfo).toString("base64")}`;
    if (this.answer !== undefined) return this.answer(response);
    if (expected !== undefined && request.headers.authorization !== expected) {
      return send(response, 401, { error_code: 401, message: "Unauthorized" });
    }
    const found = this.#find(path);
    if (found !== undefined) return send(response, 200, found);
    send(response, 404, { error_code: 40403, message: "Schema not found" });
  }

  #find(path: string): Registered | undefined {
    const [, id, guid, subject, version] =
      /^\/schemas\/ids\/(\d+)$|^\/schemas\/guids\/(.+)$|^\/subjects\/(.+)\/versions\/(\d+)$/.exec(
        path,
      ) ?? [];
    if (id !== undefined) return this.byId.get(Number(id));
    if (guid !== undefined) return this.byGuid.get(guid);
    return this.byVersion.get(`${subject}/${version}`);
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/vnd.schemaregistry.v1+json" });
  response.end(JSON.stringify(body));
}
