/** A TCP proxy before the lab that reads along what group members and the coordinator say to each other. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import {
  decodeRequestHeader,
  encodeResponseHeader,
  type RequestHeader,
} from "../../../runtime/wire/kafka/header.ts";
import {
  MetadataRequest,
  MetadataResponse,
} from "../../../runtime/wire/kafka/messages/03-metadata.ts";
import {
  FindCoordinatorRequest,
  FindCoordinatorResponse,
} from "../../../runtime/wire/kafka/messages/10-find-coordinator.ts";
import {
  SyncGroupRequest,
  SyncGroupResponse,
} from "../../../runtime/wire/kafka/messages/14-sync-group.ts";
import {
  ConsumerGroupHeartbeatRequest,
  ConsumerGroupHeartbeatResponse,
} from "../../../runtime/wire/kafka/messages/68-consumer-group-heartbeat.ts";
import { Reader } from "../../../runtime/wire/kafka/reader.ts";

const SIZE_BYTES = 4;
const CORRELATION_BYTES = 4;

type SyncRequest = ReturnType<typeof SyncGroupRequest.decode>;
type SyncResponse = ReturnType<typeof SyncGroupResponse.decode>;
type HeartbeatRequest = ReturnType<typeof ConsumerGroupHeartbeatRequest.decode>;
type HeartbeatResponse = ReturnType<typeof ConsumerGroupHeartbeatResponse.decode>;

/** What is heard, in the order in which it passed. */
export interface Listener {
  synced(request: SyncRequest, response: SyncResponse): void;
  /** Before the lab has it. */
  heartbeat(request: HeartbeatRequest): void;
  /** Before the member has it. */
  heartbeatAnswered(request: HeartbeatRequest, response: HeartbeatResponse): void;
}

const FLEXIBLE_FROM: ReadonlyMap<number, number> = new Map(
  [MetadataRequest, FindCoordinatorRequest, SyncGroupRequest, ConsumerGroupHeartbeatRequest].map(
    ({ key, flexibleFrom }) => [key, flexibleFrom],
  ),
);

interface Asked {
  readonly header: RequestHeader;
  readonly frame: Buffer;
}

/** Cuts a stream into frames without their sizes. */
class Frames {
  #received = Buffer.alloc(0);

  push(chunk: Buffer, take: (frame: Buffer) => void): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= SIZE_BYTES) {
      const end = SIZE_BYTES + this.#received.readInt32BE(0);
      if (this.#received.length < end) return;
      take(this.#received.subarray(SIZE_BYTES, end));
      this.#received = this.#received.subarray(end);
    }
  }
}

function withSize(frame: Buffer): Buffer {
  const size = Buffer.alloc(SIZE_BYTES);
  size.writeInt32BE(frame.length, 0);
  return Buffer.concat([size, frame]);
}

export class Tap {
  readonly #server: Server;
  readonly #labPort: number;
  readonly #listener: Listener;
  readonly #sockets = new Set<Socket>();

  private constructor(labPort: number, listener: Listener) {
    this.#labPort = labPort;
    this.#listener = listener;
    this.#server = createServer((client) => this.#serve(client));
  }

  static async start(labPort: number, listener: Listener): Promise<Tap> {
    const tap = new Tap(labPort, listener);
    tap.#server.listen(0, "127.0.0.1");
    await once(tap.#server, "listening");
    return tap;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the tap has no port");
    return address.port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(client: Socket): void {
    const lab = connect({ host: "127.0.0.1", port: this.#labPort }).setNoDelay(true);
    client.setNoDelay(true);
    const pairs: [Socket, Socket][] = [
      [client, lab],
      [lab, client],
    ];
    for (const [socket, other] of pairs) {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    const asked = new Map<number, Asked>();
    const requests = new Frames();
    const responses = new Frames();
    client.on("data", (chunk: Buffer) =>
      requests.push(chunk, (frame) => {
        const header = decodeRequestHeader(frame, (key) => FLEXIBLE_FROM.get(key));
        if (FLEXIBLE_FROM.has(header.apiKey)) asked.set(header.correlationId, { header, frame });
        this.#hearRequest({ header, frame });
        lab.write(withSize(frame));
      }),
    );
    lab.on("data", (chunk: Buffer) =>
      responses.push(chunk, (frame) => {
        const correlationId = frame.readInt32BE(0);
        const request = asked.get(correlationId);
        asked.delete(correlationId);
        client.write(request === undefined ? withSize(frame) : this.#answer(request, frame));
      }),
    );
  }

  #hearRequest({ header, frame }: Asked): void {
    if (header.apiKey !== ConsumerGroupHeartbeatRequest.key) return;
    const { bodyAt, apiVersion } = header;
    this.#listener.heartbeat(ConsumerGroupHeartbeatRequest.decode(frame, bodyAt, apiVersion));
  }

  /** The answer as the client gets it: with the tap's port in place of the lab's. */
  #answer({ header, frame: request }: Asked, frame: Buffer): Buffer {
    const { apiKey, apiVersion: version, bodyAt } = header;
    const reader = new Reader(frame, CORRELATION_BYTES + (header.flexible ? 1 : 0));
    const encoded = (body: Buffer[]) =>
      Buffer.concat([encodeResponseHeader(header, body), ...body]);
    if (apiKey === MetadataRequest.key) {
      const metadata = MetadataResponse.read(reader, version);
      const brokers = metadata.brokers.map((broker) => ({ ...broker, port: this.port }));
      return encoded(MetadataResponse.encode(version, { ...metadata, brokers }));
    }
    if (apiKey === FindCoordinatorRequest.key) {
      const found = FindCoordinatorResponse.read(reader, version);
      const coordinators = found.coordinators.map((one) => ({ ...one, port: this.port }));
      const value = { ...found, port: this.port, coordinators };
      return encoded(FindCoordinatorResponse.encode(version, value));
    }
    if (apiKey === SyncGroupRequest.key) {
      const asked = SyncGroupRequest.decode(request, bodyAt, version);
      this.#listener.synced(asked, SyncGroupResponse.read(reader, version));
    }
    if (apiKey === ConsumerGroupHeartbeatRequest.key) {
      const asked = ConsumerGroupHeartbeatRequest.decode(request, bodyAt, version);
      const answer = ConsumerGroupHeartbeatResponse.read(reader, version);
      this.#listener.heartbeatAnswered(asked, answer);
    }
    return withSize(frame);
  }
}
