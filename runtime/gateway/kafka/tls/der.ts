/*
 * As much of DER (ITU-T X.690) as an X.509 certificate is written with. Each function returns one
 * complete value: tag, length and contents.
 */

const CONSTRUCTED = 0x20;
const CONTEXT = 0x80;

function value(tag: number, contents: Buffer): Buffer {
  const { length } = contents;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), contents]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length, ...bytes]), contents]);
}

export const sequence = (...items: Buffer[]): Buffer => value(0x30, Buffer.concat(items));
export const set = (...items: Buffer[]): Buffer => value(0x31, Buffer.concat(items));
export const octetString = (contents: Buffer): Buffer => value(0x04, contents);
export const utf8String = (text: string): Buffer => value(0x0c, Buffer.from(text));
export const boolean = (truth: boolean): Buffer => value(0x01, Buffer.from([truth ? 0xff : 0]));

/** A value in place of another: the tag of its position, and contents without a tag of their own. */
export const implicit = (position: number, contents: Buffer): Buffer =>
  value(CONTEXT | position, contents);

/** A value wrapped in the tag of its position. */
export const explicit = (position: number, inner: Buffer): Buffer =>
  value(CONTEXT | CONSTRUCTED | position, inner);

/** A number that is not negative, most significant byte first. */
export function integer(magnitude: Buffer): Buffer {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const bytes = magnitude.subarray(start);
  const padding = (bytes[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0);
  return value(0x02, Buffer.concat([padding, bytes]));
}

/** Bits, of which the last byte leaves `unused` ones at its end. */
export const bitString = (bits: Buffer, unused = 0): Buffer =>
  value(0x03, Buffer.concat([Buffer.from([unused]), bits]));

/** An object identifier such as `2.5.29.17`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift((left % 128) | 0x80);
    }
    bytes.push(...digits);
  }
  return value(0x06, Buffer.from(bytes));
}

/** A time to the second, in the form that X.509 wants for its year (RFC 5280, section 4.1.2.5). */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  const isShort = Number(digits.slice(0, 4)) < 2050;
  return value(isShort ? 0x17 : 0x18, Buffer.from(isShort ? digits.slice(2) : digits, "ascii"));
}
