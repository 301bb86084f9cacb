/** The thread of a search: looks through each chunk it is sent and answers with what was found. */
import { parentPort } from "node:worker_threads";
import { ChunkScanner } from "./messages/scan/chunk-scanner.ts";
import type { ScanAnswer } from "./messages/scan/thread-scanner.ts";
import type { ScanRequest } from "./messages/scan/scanner.ts";

const port = parentPort;
if (port === null) throw new Error("this runs as a thread of the lab");
const scanner = new ChunkScanner();
port.on("message", (request: ScanRequest) => {
  // Buffers come as plain arrays of bytes.
  const { buffer, byteOffset, byteLength } = request.chunk.bytes;
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const outcome = scanner.scan({ ...request, chunk: { ...request.chunk, bytes } });
  // What was found are copies, so that the chunk's memory can be used again.
  const returned = buffer instanceof ArrayBuffer ? buffer : undefined;
  const answer: ScanAnswer = { outcome, returned };
  port.postMessage(answer, returned === undefined ? [] : [returned]);
});
