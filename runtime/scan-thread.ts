import { Worker } from "node:worker_threads";
import type { ScanThread } from "./messages/scan/thread-scanner.ts";

/** Memory of one thread; a filter that makes more of a few messages is broken. */
const MAX_HEAP_MB = 256;

/** Starts a thread that looks through messages. Its program lies beside this one. */
export function startScanThread(): ScanThread {
  const worker = new Worker(new URL("./scan-worker.mjs", import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  // A search keeps nobody alive: who waits for it does.
  worker.unref();
  return {
    post: (request, transfer) => worker.postMessage(request, transfer),
    onOutcome: (listener) => void worker.on("message", listener),
    onEnd: (listener) => {
      worker.on("error", (error: Error) => listener(error.message));
      worker.on("exit", (code) => listener(`it ended with code ${code}`));
    },
    end: () => void worker.terminate(),
  };
}
