import { JsonText, numberOf, type Value } from "./value.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
/** Digits that a double holds exactly, whatever they are. */
const EXACT_DIGITS = 15;

/** The JSON value that lies in `bytes` from `start` up to `end`; null for one that is not JSON. */
export function jsonValue(bytes: Buffer, start: number, end: number): Value {
  const first = bytes[start] ?? 0;
  if (first === QUOTE) return text(bytes, start, end);
  if (first === MINUS || (first >= ZERO && first <= NINE)) return number(bytes, start, end);
  const word = bytes.toString("utf8", start, end);
  switch (word) {
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    default:
      return word.startsWith("{") || word.startsWith("[") ? new JsonText(word) : null;
  }
}

function text(bytes: Buffer, start: number, end: number): string | null {
  for (let at = start + 1; at < end - 1; at++) {
    if (bytes[at] === BACKSLASH) return escaped(bytes.toString("utf8", start, end));
  }
  return bytes.toString("utf8", start + 1, end - 1);
}

function escaped(json: string): string | null {
  try {
    return String(JSON.parse(json));
  } catch {
    return null;
  }
}

/** Short numbers are read from their digits: both they and powers of ten up to 10^15 are exact doubles. */
function number(bytes: Buffer, start: number, end: number): number | bigint | null {
  if (end - start > EXACT_DIGITS) return numberOf(bytes.toString("latin1", start, end));
  const negative = bytes[start] === MINUS;
  let digits = 0;
  let scale = 1;
  let afterDot = false;
  for (let at = negative ? start + 1 : start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= ZERO && byte <= NINE) {
      digits = digits * 10 + (byte - ZERO);
      if (afterDot) scale *= 10;
    } else if (byte === DOT && !afterDot) {
      afterDot = true;
    } else {
      return numberOf(bytes.toString("latin1", start, end));
    }
  }
  const value = digits / scale;
  return negative ? -value : value;
}
