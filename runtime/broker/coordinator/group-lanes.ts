/** Work on one group. A promise means that it waits for the journal; it must not reject. */
export type LaneJob = () => Promise<void> | undefined;

/**
 * Runs the work of each group one at a time and in order, that of different groups side by side.
 * A job runs at once when its lane is free, so that what needs no journal never waits.
 */
export class GroupLanes {
  readonly #maxQueued: number;
  readonly #onFault: (groupId: string, error: unknown) => void;
  readonly #busy = new Map<string, LaneJob[]>();

  /** `onFault` hears of jobs that threw; the lane goes on. */
  constructor(maxQueued: number, onFault: (groupId: string, error: unknown) => void) {
    this.#maxQueued = maxQueued;
    this.#onFault = onFault;
  }

  /** Runs or queues `job`; false, without doing either, when the lane's queue is full. */
  run(groupId: string, job: LaneJob): boolean {
    const queue = this.#busy.get(groupId);
    if (queue === undefined) {
      this.#busy.set(groupId, [job]);
      this.#drain(groupId);
      return true;
    }
    if (queue.length >= this.#maxQueued) return false;
    queue.push(job);
    return true;
  }

  #drain(groupId: string): void {
    for (;;) {
      const job = this.#busy.get(groupId)?.shift();
      if (job === undefined) {
        this.#busy.delete(groupId);
        return;
      }
      try {
        const pending = job();
        if (pending !== undefined) {
          void pending
            .catch((error: unknown) => this.#onFault(groupId, error))
            .then(() => this.#drain(groupId));
          return;
        }
      } catch (error) {
        this.#onFault(groupId, error);
      }
    }
  }
}
