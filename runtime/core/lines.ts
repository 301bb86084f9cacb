const LINE_FEED = 0x0a;

/** A line is longer than its reader allows. */
export class LineTooLong extends Error {
  override readonly name = "LineTooLong";
  /** Counted from 1. */
  readonly line: number;

  constructor(line: number) {
    super(`line ${line} is too long`);
    this.line = line;
  }
}

/**
 * Cuts bytes into lines without their line feeds, holding no more than one line. Throws LineTooLong for one
 * of more than `maxBytes`.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Buffer, void> {
  let number = 1;
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      parts.push(chunk.subarray(start, end));
      yield parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
      number += 1;
      parts = [];
      sizeBytes = 0;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    sizeBytes += chunk.length - start;
    if (sizeBytes > maxBytes) throw new LineTooLong(number);
  }
  if (sizeBytes > 0) yield Buffer.concat(parts);
}
