import type { WaiterId } from "./classic-group.ts";
import type { GroupError } from "./group-errors.ts";

interface Waiter<Response> {
  readonly resolve: (response: Response) => void;
  readonly failure: (error: GroupError) => Response;
  readonly release: () => void;
}

/** Requests of one kind that wait for their response. Each is answered exactly once. */
export class Waiters<Response> {
  readonly #waiting = new Map<WaiterId, Waiter<Response>>();
  #nextId: WaiterId = 1;

  get size(): number {
    return this.#waiting.size;
  }

  /**
   * Opens a request; `failure` makes its response for an error. When `signal` aborts (it has not yet), its promise
   * resolves with COORDINATOR_NOT_AVAILABLE and nothing of it is kept; a later response is dropped.
   */
  open(
    failure: (error: GroupError) => Response,
    signal: AbortSignal | undefined,
  ): { readonly waiter: WaiterId; readonly response: Promise<Response> } {
    const waiter = this.#nextId++;
    const response = new Promise<Response>((resolve) => {
      const abandon = (): void => this.fail(waiter, "COORDINATOR_NOT_AVAILABLE");
      const release = (): void => signal?.removeEventListener("abort", abandon);
      this.#waiting.set(waiter, { resolve, failure, release });
      signal?.addEventListener("abort", abandon, { once: true });
    });
    return { waiter, response };
  }

  /** Answers a request; nothing happens when it has been answered or abandoned. */
  settle(waiter: WaiterId, response: Response): void {
    const found = this.#waiting.get(waiter);
    if (found === undefined) return;
    this.#waiting.delete(waiter);
    found.release();
    found.resolve(response);
  }

  fail(waiter: WaiterId, error: GroupError): void {
    const found = this.#waiting.get(waiter);
    if (found !== undefined) this.settle(waiter, found.failure(error));
  }

  failAll(error: GroupError): void {
    for (const waiter of [...this.#waiting.keys()]) this.fail(waiter, error);
  }
}
