/** The thread of a search: looks through each chunk it is sent and answers with what was found. */
import { parentPort } from "node:worker_threads";
import { ChunkScanner } from "./messages/scan/chunk-scanner.ts";
import type { ScanRequest } from "./messages/scan/scanner.ts";

const port = parentPort;
if (port === null) throw new Error("this runs as a thread of the lab");
const scanner = new ChunkScanner();
port.on("message", (request: ScanRequest) => {
  // Buffers come as plain arrays of bytes.
  const { buffer, byteOffset, byteLength } = request.chunk.bytes;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  port.postMessage(scanner.scan({ ...request, chunk: { ...request.chunk, bytes } }));
});
