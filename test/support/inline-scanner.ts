import { ChunkScanner } from "../../runtime/messages/scan/chunk-scanner.ts";
import type { Scanner } from "../../runtime/messages/scan/scanner.ts";

/** A scanner without threads; `onScan` is called before each chunk. */
export function inlineScanner(onScan: () => void = () => undefined): Scanner {
  const inThread = new ChunkScanner();
  return {
    allocate: (bytes) => Buffer.alloc(bytes),
    scan(request) {
      onScan();
      return Promise.resolve(inThread.scan(request));
    },
    dispose: () => undefined,
  };
}
