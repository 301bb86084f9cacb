import type { MessageFilter } from "../../api/model.ts";
import { RecordCursor } from "../../record/record-cursor.ts";
import { type CompiledFilter, compileFilter } from "../filter/filter.ts";
import { scanChunk } from "./scan-chunk.ts";
import type { ScanOutcome, ScanRequest } from "./scanner.ts";

/** Scans on the thread it is called on. A filter is made ready once for all chunks that follow each other. */
export class ChunkScanner {
  readonly #cursor = new RecordCursor();
  #ready: { readonly key: string; readonly compiled: CompiledFilter } | undefined;

  scan({ filter, chunk }: ScanRequest): ScanOutcome {
    const compiled = this.#compile(filter);
    if (compiled.kind === "invalid") {
      return { kind: "invalid-filter", diagnostics: compiled.diagnostics };
    }
    return { kind: "scanned", result: scanChunk(chunk, this.#cursor, compiled.filter) };
  }

  #compile(filter: MessageFilter): CompiledFilter {
    const key = JSON.stringify(filter);
    if (this.#ready?.key !== key) {
      this.#ready = { key, compiled: compileFilter(filter, this.#cursor) };
    }
    return this.#ready.compiled;
  }
}
