import { type ErrorCode, isErrorCode, LabError } from "./errors.ts";
import { decodeRpcFrame, type RpcFrame } from "./rpc-frame.ts";

/** What one end of a boundary answers (`requests`) and tells without being asked (`events`). */
export interface Contract {
  requests: object;
  events: object;
}

/** Method names of a contract. */
export type MethodOf<C extends Contract> = keyof C["requests"] & string;
export type EventOf<C extends Contract> = keyof C["events"] & string;
export type ParamsOf<C extends Contract, M extends MethodOf<C>> = C["requests"][M] extends {
  params: infer Params;
}
  ? Params
  : never;
export type ResultOf<C extends Contract, M extends MethodOf<C>> = C["requests"][M] extends {
  result: infer Result;
}
  ? Result
  : never;

/**
 * Any transport that keeps messages whole and in order. Messages are plain data as JSON knows it,
 * with Uint8Arrays anywhere. `onClose` fires once, whichever end closed, also after `close`.
 */
export interface Pipe {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: (reason: string) => void): void;
  close(reason: string): void;
}

/**
 * What answers each request. Throw a LabError for a failure with a code; anything else that is
 * thrown reaches the other end as `internal`. `signal` aborts when the asker cancels or is gone.
 * The parameters come from outside: their types are a promise that a handler has to check.
 */
export type Handlers<C extends Contract> = {
  readonly [M in MethodOf<C>]: (
    params: ParamsOf<C, M>,
    signal: AbortSignal,
  ) => ResultOf<C, M> | Promise<ResultOf<C, M>>;
};

/** Stops a subscription. */
export interface Subscription {
  dispose(): void;
}

/** How long to wait for an answer and how to give up earlier. */
export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Without one a request waits until it is answered, cancelled or cut off. */
  readonly timeLimitMs?: number | undefined;
}

/** A timer, so that tests can hold time still. Same shape as `Clock.after` of the lab's core. */
export type After = (delayMs: number, action: () => void) => Subscription;

export interface PeerOptions {
  /** The platform's own timer when left out. */
  readonly after?: After | undefined;
  /** Told of handlers and listeners that threw something else than a LabError. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** Requests that one peer answers at the same time; those beyond it fail with `busy`. */
export const MAX_IN_FLIGHT = 256;

/*
 * What arrives is `unknown` here and has the contract's type at the receiver: both ends are built
 * from the same contract. These three method signatures are where it is taken at its word.
 */
interface Pending {
  resolve(result: unknown): void;
  reject(error: LabError): void;
}
interface Listener {
  take(payload: unknown): void;
}
interface Handler {
  handle(params: unknown, signal: AbortSignal): unknown;
}

/**
 * One end of a typed, symmetric conversation: answers `Local`'s requests, asks `Remote`'s. Knows no
 * transport. A frame that breaks the protocol closes the pipe with the reason.
 */
export class RpcPeer<Local extends Contract, Remote extends Contract> {
  readonly #pipe: Pipe;
  readonly #handlers = new Map<string, Handler>();
  readonly #after: After;
  readonly #onFault: (error: unknown) => void;
  readonly #pending = new Map<number, Pending>();
  readonly #running = new Map<number, AbortController>();
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #closeListeners = new Set<(reason: string) => void>();
  #nextId = 1;
  #closed: string | undefined;

  constructor(pipe: Pipe, handlers: Handlers<Local>, options: PeerOptions = {}) {
    this.#pipe = pipe;
    for (const name of Object.keys(handlers)) {
      if (isMethod(handlers, name)) this.#handlers.set(name, { handle: handlers[name] });
    }
    this.#after = options.after ?? platformTimer;
    this.#onFault = options.onFault ?? (() => undefined);
    pipe.onMessage((message) => this.#receive(message));
    pipe.onClose((reason) => this.#end(reason));
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Asks the other end. Rejects with a LabError: the other end's code, or `cancelled`, `timeout`, or
   * `closed` when the pipe ends first. Cancelling rejects at once and also tells the other end.
   */
  request<M extends MethodOf<Remote>>(
    method: M,
    params: ParamsOf<Remote, M>,
    options: RequestOptions = {},
  ): Promise<ResultOf<Remote, M>> {
    const { signal, timeLimitMs } = options;
    if (this.#closed !== undefined) return Promise.reject(closedError(this.#closed));
    if (signal?.aborted === true) return Promise.reject(cancelledError());
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const cancel = () => this.#giveUp(id, cancelledError());
      const timer =
        timeLimitMs === undefined
          ? undefined
          : this.#after(timeLimitMs, () =>
              this.#giveUp(
                id,
                new LabError("timeout", `No answer to ${method} within ${timeLimitMs} ms.`),
              ),
            );
      const settled = () => {
        timer?.dispose();
        signal?.removeEventListener("abort", cancel);
      };
      this.#pending.set(id, {
        resolve: (result: ResultOf<Remote, M>) => {
          settled();
          resolve(result);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      });
      signal?.addEventListener("abort", cancel, { once: true });
      this.#send({ kind: "request", id, method, params }, id);
    });
  }

  /** Tells the other end; does nothing once the pipe is closed. */
  emit<E extends EventOf<Local>>(name: E, payload: Local["events"][E]): void {
    if (this.#closed === undefined) this.#send({ kind: "event", name, payload });
  }

  /** Calls `listener` for each event of that name. */
  on<E extends EventOf<Remote>>(
    name: E,
    listener: (payload: Remote["events"][E]) => void,
  ): Subscription {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    const entry: Listener = { take: listener };
    listeners.add(entry);
    return { dispose: () => void listeners.delete(entry) };
  }

  /** Calls `listener` once when the conversation ends, or now if it has. */
  onClose(listener: (reason: string) => void): Subscription {
    if (this.#closed === undefined) this.#closeListeners.add(listener);
    else listener(this.#closed);
    return { dispose: () => void this.#closeListeners.delete(listener) };
  }

  /** Ends the conversation: what is pending rejects with `closed`, what is running is aborted. */
  close(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#end(reason);
    this.#pipe.close(reason);
  }

  #receive(message: unknown): void {
    if (this.#closed !== undefined) return;
    const frame = decodeRpcFrame(message);
    if (typeof frame === "string") {
      this.close(`protocol error: ${frame}`);
      return;
    }
    switch (frame.kind) {
      case "request":
        void this.#serve(frame.id, frame.method, frame.params);
        return;
      case "cancel":
        this.#running.get(frame.id)?.abort();
        return;
      case "result":
        this.#answered(frame.id)?.resolve(frame.result);
        return;
      case "error":
        this.#answered(frame.id)?.reject(remoteError(frame.code, frame.message));
        return;
      case "event":
        this.#dispatch(frame.name, frame.payload);
    }
  }

  async #serve(id: number, method: string, params: unknown): Promise<void> {
    if (this.#running.has(id)) {
      this.close(`protocol error: request id ${id} is in use`);
      return;
    }
    if (this.#running.size >= MAX_IN_FLIGHT) {
      const message = `More than ${MAX_IN_FLIGHT} requests at once. Wait for answers first.`;
      this.#send({ kind: "error", id, code: "busy", message });
      return;
    }
    const running = new AbortController();
    this.#running.set(id, running);
    let answer: RpcFrame;
    try {
      const result = await this.#handle(method, params, running.signal);
      answer = { kind: "result", id, result };
    } catch (error) {
      answer = { kind: "error", id, ...this.#failure(error, running.signal) };
    }
    this.#running.delete(id);
    if (this.#closed === undefined) this.#send(answer);
  }

  #handle(method: string, params: unknown, signal: AbortSignal): unknown {
    const handler = this.#handlers.get(method);
    if (handler === undefined) {
      throw new LabError("unknown-method", `There is no method "${method}" here.`);
    }
    return handler.handle(params, signal);
  }

  #failure(error: unknown, signal: AbortSignal): { code: ErrorCode; message: string } {
    if (error instanceof LabError) return { code: error.code, message: error.message };
    if (signal.aborted) return { code: "cancelled", message: "The request was cancelled." };
    this.#onFault(error);
    return { code: "internal", message: error instanceof Error ? error.message : String(error) };
  }

  #answered(id: number): Pending | undefined {
    if (id >= this.#nextId)
      this.close(`protocol error: answer to request ${id}, which was not made`);
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #giveUp(id: number, error: LabError): void {
    const pending = this.#answered(id);
    if (pending === undefined) return;
    this.#send({ kind: "cancel", id });
    pending.reject(error);
  }

  #dispatch(name: string, payload: unknown): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        listener.take(payload);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }

  /** Sends a frame; one that cannot be sent fails the request it belongs to, or becomes an error answer. */
  #send(frame: RpcFrame, requestId?: number): void {
    try {
      this.#pipe.send(frame);
    } catch (error) {
      const message = `It cannot be sent: ${error instanceof Error ? error.message : String(error)}.`;
      const code = error instanceof LabError ? error.code : "bad-request";
      if (requestId !== undefined) this.#answered(requestId)?.reject(new LabError(code, message));
      else if (frame.kind === "result") this.#send({ kind: "error", id: frame.id, code, message });
      else this.#onFault(error);
    }
  }

  #end(reason: string): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    for (const pending of [...this.#pending.values()]) pending.reject(closedError(reason));
    this.#pending.clear();
    for (const running of this.#running.values()) running.abort();
    for (const listener of [...this.#closeListeners]) listener(reason);
    this.#closeListeners.clear();
  }
}

const platformTimer: After = (delayMs, action) => {
  const timer = setTimeout(action, delayMs);
  return { dispose: () => clearTimeout(timer) };
};

function isMethod<C extends Contract>(handlers: Handlers<C>, name: string): name is MethodOf<C> {
  return Object.hasOwn(handlers, name);
}

/** A code from a newer peer that this one does not know is still a failure, with its message. */
function remoteError(code: string, message: string): LabError {
  return new LabError(isErrorCode(code) ? code : "internal", message);
}

function closedError(reason: string): LabError {
  return new LabError("closed", `The connection is closed: ${reason}.`);
}

function cancelledError(): LabError {
  return new LabError("cancelled", "The request was cancelled.");
}
