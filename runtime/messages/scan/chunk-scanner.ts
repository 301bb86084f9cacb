import type { MessageFilter } from "../../api/model.ts";
import { RecordCursor } from "../../record/record-cursor.ts";
import { type CompiledFilter, compileFilter, type Filter } from "../filter/filter.ts";
import { FindTaker } from "./find-taker.ts";
import { Rewriter } from "./rewriter.ts";
import { scanLatest } from "./scan-latest.ts";
import { type Chunk, scanChunk, type ScannedChunk } from "./scan-chunk.ts";
import type { ScanOutcome, ScanRequest } from "./scanner.ts";
import { TallyTaker } from "./tally-taker.ts";
import type { FindTask, ScanTask } from "./task.ts";

/** Scans on the thread it is called on. A filter is made ready once for all chunks that follow each other. */
export class ChunkScanner {
  readonly #cursor = new RecordCursor();
  #ready: { readonly key: string; readonly compiled: CompiledFilter } | undefined;
  #rewriter:
    { readonly key: string; readonly compiled: ReturnType<typeof Rewriter.compile> } | undefined;

  scan({ filter, chunk, task }: ScanRequest): ScanOutcome {
    const rewriter = task.kind === "find" ? this.#compileRewriter(task) : undefined;
    if (rewriter !== undefined && !(rewriter instanceof Rewriter)) {
      return { kind: "invalid-filter", diagnostics: rewriter };
    }
    if (filter === undefined) {
      return { kind: "scanned", result: this.#run(chunk, undefined, task, rewriter) };
    }
    const compiled = this.#compile(filter);
    if (compiled.kind === "invalid") {
      return { kind: "invalid-filter", diagnostics: compiled.diagnostics };
    }
    return { kind: "scanned", result: this.#run(chunk, compiled.filter, task, rewriter) };
  }

  #run(
    chunk: Chunk,
    filter: Filter | undefined,
    task: ScanTask,
    rewriter: Rewriter | undefined,
  ): ScannedChunk {
    const cursor = this.#cursor;
    switch (task.kind) {
      case "find": {
        const taker = new FindTaker(task, chunk.partition, cursor, rewriter);
        return scanChunk(chunk, cursor, filter, taker);
      }
      case "tally":
        return scanChunk(chunk, cursor, filter, new TallyTaker(task, cursor));
      case "latest":
        return scanLatest(chunk, cursor, filter, task);
    }
  }

  #compileRewriter({ rewrite }: FindTask): ReturnType<typeof Rewriter.compile> | undefined {
    if (rewrite === undefined) return undefined;
    const key = JSON.stringify(rewrite);
    if (this.#rewriter?.key !== key) {
      this.#rewriter = { key, compiled: Rewriter.compile(rewrite, this.#cursor) };
    }
    return this.#rewriter.compiled;
  }

  #compile(filter: MessageFilter): CompiledFilter {
    const key = JSON.stringify(filter);
    if (this.#ready?.key !== key) {
      this.#ready = { key, compiled: compileFilter(filter, this.#cursor) };
    }
    return this.#ready.compiled;
  }
}
