import { type Load, type LoadProgress, type LoadReport, MAX_LOADS } from "../../api/load.ts";
import { type Failure, failure } from "../outcome.ts";
import { openTemplate } from "../template/open-template.ts";
import { type LoadDeps, LoadRun } from "./run-load.ts";

interface Running {
  readonly stop: AbortController;
  /** Undefined until its template has been read. */
  run: LoadRun | undefined;
}

/** The loads that run now, by the ids that their askers gave them. */
export class Loads {
  readonly #deps: LoadDeps;
  readonly #running = new Map<string, Running>();

  constructor(deps: LoadDeps) {
    this.#deps = deps;
  }

  /** Runs a load to its end; `signal` stops it, as its asker does who is gone. */
  async run(id: string, load: Load, signal: AbortSignal): Promise<LoadReport | Failure> {
    if (this.#running.has(id)) return failure("bad-request", `A load ${id} runs already.`);
    if (this.#running.size >= MAX_LOADS) {
      return failure("busy", `${MAX_LOADS} loads run already. Wait for one of them, or stop it.`);
    }
    const running: Running = { stop: new AbortController(), run: undefined };
    const stop = () => running.stop.abort();
    signal.addEventListener("abort", stop, { once: true });
    this.#running.set(id, running);
    try {
      const template = await openTemplate(load.template, load.seed);
      if (template.kind === "failed") return template;
      const { durationMs } = load;
      const count = load.count ?? (durationMs === undefined ? template.count : undefined);
      if (count === undefined && durationMs === undefined) {
        return failure("bad-request", "Say how many messages or how long: the template does not.");
      }
      const extent = { count, durationMs };
      running.run = new LoadRun(this.#deps, load, template, extent, running.stop.signal);
      return await running.run.run();
    } finally {
      this.#running.delete(id);
      signal.removeEventListener("abort", stop);
    }
  }

  progress(id: string): LoadProgress | Failure {
    return this.#running.get(id)?.run?.progress ?? unknownLoad(id);
  }

  stop(id: string): LoadProgress | Failure {
    this.#running.get(id)?.stop.abort();
    return this.progress(id);
  }
}

function unknownLoad(id: string): Failure {
  return failure("unknown-load", `No load ${id} runs: it has ended, or never began.`);
}
