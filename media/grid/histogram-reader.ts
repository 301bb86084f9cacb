import type { HistogramParams, HistogramResult } from "../../runtime/api/survey.ts";
import { added, type Histogram } from "./histogram-state.ts";

export type HistogramRequest = Omit<HistogramParams, "topic" | "partition">;

export interface HistogramPorts {
  histogram(request: HistogramRequest, signal: AbortSignal): Promise<HistogramResult>;
  changed(): void;
}

/** As many as a wide window has room for. */
const BUCKETS = 200;

/** Counts volume over time step by step, for as long as nobody wants something else. */
export class HistogramReader {
  readonly #ports: HistogramPorts;
  #run = new AbortController();
  #histogram: Histogram | undefined;
  #problem: string | undefined;
  #isCounting = false;

  constructor(ports: HistogramPorts) {
    this.#ports = ports;
  }

  get histogram(): Histogram | undefined {
    return this.#histogram;
  }
  get isCounting(): boolean {
    return this.#isCounting;
  }
  /** Why counting failed, until it begins anew. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Counts anew. What was counted before stays to be seen until there is something to put in its place. */
  start(filter: HistogramRequest["filter"]): void {
    this.stop();
    this.#problem = undefined;
    this.#isCounting = true;
    void this.#count({ from: { kind: "earliest" }, filter, buckets: BUCKETS, by: "topic" });
  }

  stop(): void {
    this.#run.abort();
    this.#run = new AbortController();
    this.#isCounting = false;
  }

  async #count(first: HistogramRequest): Promise<void> {
    const { signal } = this.#run;
    let request = first;
    let counted: Histogram | undefined;
    try {
      do {
        const step = await this.#ports.histogram(request, signal);
        if (signal.aborted) return;
        counted = added(counted, step);
        this.#histogram = counted;
        request = {
          ...first,
          from: { kind: "cursors", cursors: step.next },
          to: { kind: "cursors", cursors: step.end },
          times: step.times,
        };
        this.#ports.changed();
      } while (!counted.isWhole);
    } catch (error) {
      if (signal.aborted) return;
      this.#problem = error instanceof Error ? error.message : String(error);
    }
    this.#isCounting = false;
    this.#ports.changed();
  }
}
