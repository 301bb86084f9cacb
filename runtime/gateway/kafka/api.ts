import type { Broker } from "../../broker/broker.ts";
import type { Clock } from "../../core/clock.ts";
import type { SecurityProtocol } from "../../core/listener.ts";
import type { Logger } from "../../core/logger.ts";
import type { Message } from "../../wire/kafka/schema.ts";
import type { SaslSession } from "./sasl/session.ts";

/** What every handler may use. */
export interface Gateway {
  readonly broker: Broker;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Every API that is served, in order of key: what ApiVersions answers from. */
  readonly apis: ReadonlyMap<number, KafkaApi>;
}

/** A node as one client sees it. */
export interface NodeAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

/** The node that one client is connected to, and where the others are. */
export interface Endpoint extends NodeAddress {
  /** What is spoken on the client's listener. */
  readonly protocol: SecurityProtocol;
  /** The ports of all nodes on the client's listener. */
  readonly ports: ReadonlyMap<number, number>;
}

/** The request being served, apart from its body. */
export interface RequestContext {
  readonly version: number;
  readonly clientId: string | null;
  /** The client's address without its port. */
  readonly clientHost: string;
  /** How this client reaches this broker. */
  readonly endpoint: Endpoint;
  /** Who the client is, on a listener that asks for it. */
  readonly sasl: SaslSession | undefined;
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal;
  /** How much an answer may borrow now without the lab growing too large. */
  freeBytes(): number;
  /** Lends a buffer until the response has been sent. */
  borrow(bytes: number): Buffer;
}

/** In place of a response: the client expects none (acks=0). */
export const SILENCE = Symbol("silence");

/** In place of a response: the connection ends, for `reason`, which goes to the log. */
export class CloseConnection {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** In place of a response: its body, encoded already. The bytes must never change. */
export class EncodedResponse {
  readonly chunks: Buffer[];

  constructor(chunks: Buffer[]) {
    this.chunks = chunks;
  }
}

/** What serving a request comes to. */
export type Answer<Response> = Response | typeof SILENCE | CloseConnection;

/** What a handler may come to besides. */
export type HandlerAnswer<Response> = Answer<Response> | EncodedResponse;

/** One API as the connection sees it: versions, and bytes in, bytes out. */
export interface KafkaApi {
  readonly key: number;
  readonly name: string;
  /** Lowest and highest version that ApiVersions names. */
  readonly advertised: readonly [number, number];
  /** Lowest and highest version that is really decoded. */
  readonly served: readonly [number, number];
  readonly flexibleFrom: number;
  /** A request of this API may start while earlier ones of the same API and connection still run. */
  readonly pipelined: boolean;
  /** Decodes the body that begins at `at`, handles it and encodes the response body. Throws WireError. */
  serve(
    frame: Buffer,
    at: number,
    context: RequestContext,
  ): Answer<Buffer[]> | Promise<Answer<Buffer[]>>;
}

export interface ApiDefinition<Request, Response> {
  readonly request: Pick<Message<Request>, "key" | "name" | "versions" | "flexibleFrom" | "decode">;
  readonly response: { encode(version: number, value: Response): Buffer[] };
  /** Advertise versions from here although only later ones are served. */
  readonly advertiseFrom?: number;
  readonly pipelined?: boolean;
  handle(
    request: Request,
    context: RequestContext,
  ): HandlerAnswer<Response> | Promise<HandlerAnswer<Response>>;
}

/** Binds a pair of declared messages to the code that answers them. */
export function defineApi<Request, Response>(
  definition: ApiDefinition<Request, Response>,
): KafkaApi {
  const { request, response } = definition;
  const encode = (answer: HandlerAnswer<Response>, version: number): Answer<Buffer[]> => {
    if (answer === SILENCE) return SILENCE;
    if (answer instanceof EncodedResponse) return answer.chunks;
    if (answer instanceof CloseConnection) return answer;
    return response.encode(version, answer);
  };
  return {
    key: request.key,
    name: request.name,
    advertised: [definition.advertiseFrom ?? request.versions[0], request.versions[1]],
    served: request.versions,
    flexibleFrom: request.flexibleFrom,
    pipelined: definition.pipelined ?? false,
    serve(frame, at, context) {
      const answer = definition.handle(request.decode(frame, at, context.version), context);
      if (!(answer instanceof Promise)) return encode(answer, context.version);
      return answer.then((settled) => encode(settled, context.version));
    },
  };
}
