import { textOf, utf8 } from "./bytes.ts";
import { decodeFrame, encodeFrame } from "./frame-codec.ts";
import { LabError } from "./errors.ts";
import type { Pipe } from "./rpc.ts";

/** As much of a `WebSocket` of the `ws` package as a pipe needs. Its `binaryType` must be "nodebuffer". */
export interface Socket {
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: "message", listener: (data: unknown, isBinary: boolean) => void): unknown;
  on(event: "close", listener: (code: number, reason: Uint8Array) => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}

/** A peer that leaves this much unread is cut off instead of filling this side's memory. */
export const MAX_UNREAD_BYTES = 256 * 1024 * 1024;
/** Longest reason that fits in a close frame, in bytes (RFC 6455, 5.5). */
const MAX_REASON_BYTES = 123;
/** RFC 6455, 7.4.1. */
const NORMAL_CLOSE = 1000;

/** Carries peer messages over an open WebSocket of the `ws` package, in the frames of frame-codec.ts. */
export function socketPipe(socket: Socket): Pipe {
  let failure = "";
  socket.on("error", (error) => {
    failure = error.message;
  });
  return {
    send(message) {
      if (socket.bufferedAmount > MAX_UNREAD_BYTES) {
        failure = "the other end does not read";
        socket.terminate();
        throw new LabError("too-large", "the other end does not read what it was sent");
      }
      socket.send(encodeFrame(message));
    },
    onMessage(listener) {
      socket.on("message", (data, isBinary) => {
        const message = decoded(data, isBinary);
        if (message === undefined)
          socket.close(NORMAL_CLOSE, "protocol error: a frame is malformed");
        else listener(message.value);
      });
    },
    onClose(listener) {
      socket.on("close", (code, reason) => {
        const said = textOf(reason);
        listener(failure || said || `the other end is gone (${code})`);
      });
    },
    close(reason) {
      socket.close(NORMAL_CLOSE, shorten(reason));
    },
  };
}

function decoded(data: unknown, isBinary: boolean): { readonly value: unknown } | undefined {
  if (!(data instanceof Uint8Array)) return undefined;
  try {
    return { value: decodeFrame(isBinary ? data : textOf(data)) };
  } catch {
    return undefined;
  }
}

function shorten(reason: string): string {
  const bytes = utf8(reason);
  if (bytes.length <= MAX_REASON_BYTES) return reason;
  return textOf(bytes.subarray(0, MAX_REASON_BYTES - 3)).replace(/\uFFFD$/, "");
}
