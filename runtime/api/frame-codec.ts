import { ByteReader, MalformedBytes, textOf, utf8 } from "./bytes.ts";

/*
 * A message between two peers is JSON in a text frame. One that holds Uint8Arrays is a binary frame:
 *
 *   i32 length of the JSON, big-endian
 *   JSON in UTF-8, in which {"$bytes": n} stands for the next n bytes of what follows
 *   the bytes, in the order of their places in the JSON
 */

/** Largest frame either side accepts; it has room for the largest message a topic can be set to take. */
export const MAX_FRAME_BYTES = 128 * 1024 * 1024;
/** Deepest nesting of objects and lists in a message with bytes. */
const MAX_DEPTH = 32;
const PLACE = "$bytes";

/**
 * The frame for a message: text, or bytes when it holds a Uint8Array. Throws MalformedBytes when the
 * message is nested too deep, or holds bytes and also a property named `$bytes`.
 */
export function encodeFrame(message: unknown): string | Uint8Array {
  if (!holdsBytes(message, 0)) return JSON.stringify(message);
  const attachments: Uint8Array[] = [];
  const json = utf8(JSON.stringify(detach(message, attachments)));
  let lengthBytes = 4 + json.length;
  for (const attachment of attachments) lengthBytes += attachment.length;
  const frame = new Uint8Array(lengthBytes);
  new DataView(frame.buffer).setInt32(0, json.length);
  frame.set(json, 4);
  let at = 4 + json.length;
  for (const attachment of attachments) {
    frame.set(attachment, at);
    at += attachment.length;
  }
  return frame;
}

/** The message of a frame; its bytes are views of the frame. Throws MalformedBytes when it is not one. */
export function decodeFrame(frame: string | Uint8Array): unknown {
  if (typeof frame === "string") return parse(frame);
  const reader = new ByteReader(frame);
  const json = reader.sized();
  if (json === null) throw new MalformedBytes("a frame has no JSON");
  const places = { rest: frame.subarray(frame.length - reader.remaining) };
  const message = attach(parse(textOf(json)), places, 0);
  if (places.rest.length > 0) throw new MalformedBytes("a frame has bytes without a place");
  return message;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new MalformedBytes("a frame is not JSON");
  }
}

function holdsBytes(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Uint8Array) return true;
  if (depth === MAX_DEPTH) throw new MalformedBytes("a message is nested too deep");
  return Object.values(value).some((item: unknown) => holdsBytes(item, depth + 1));
}

/** A copy of `value` with a place instead of each Uint8Array, which goes to `attachments`. */
function detach(value: unknown, attachments: Uint8Array[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) {
    attachments.push(value);
    return { [PLACE]: value.length };
  }
  if (Array.isArray(value)) return value.map((item: unknown) => detach(item, attachments));
  if (Object.hasOwn(value, PLACE)) throw new MalformedBytes(`a property is named ${PLACE}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]): [string, unknown] => [
      name,
      detach(item, attachments),
    ]),
  );
}

function attach(value: unknown, places: { rest: Uint8Array }, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === MAX_DEPTH) throw new MalformedBytes("a message is nested too deep");
  if (Array.isArray(value)) return value.map((item: unknown) => attach(item, places, depth + 1));
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === PLACE && typeof only[1] === "number") {
    return take(places, only[1]);
  }
  return Object.fromEntries(
    entries.map(([name, item]): [string, unknown] => [name, attach(item, places, depth + 1)]),
  );
}

function take(places: { rest: Uint8Array }, lengthBytes: number): Uint8Array {
  if (!Number.isInteger(lengthBytes) || lengthBytes < 0 || lengthBytes > places.rest.length) {
    throw new MalformedBytes(`a place of ${lengthBytes} bytes has only ${places.rest.length}`);
  }
  const bytes = places.rest.subarray(0, lengthBytes);
  places.rest = places.rest.subarray(lengthBytes);
  return bytes;
}
