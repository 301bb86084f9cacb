const BYTES_PER_LINE = 16;
/** Bytes shown at most; the last line says what was left out. */
export const MAX_HEX_BYTES = 1024 * 1024;

/** Bytes as lines of offset, hexadecimal and printable ASCII, as `hexdump -C` writes them. */
export function hexText(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, MAX_HEX_BYTES);
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += BYTES_PER_LINE) {
    lines.push(line(at, shown.subarray(at, at + BYTES_PER_LINE)));
  }
  if (shown.length < bytes.length) lines.push(`... ${bytes.length - shown.length} more bytes`);
  return `${lines.join("\n")}\n`;
}

function line(at: number, bytes: Uint8Array): string {
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  const halves = [pairs.slice(0, 8).join(" "), pairs.slice(8).join(" ")].join("  ");
  const ascii = Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".",
  ).join("");
  return `${at.toString(16).padStart(8, "0")}  ${halves.padEnd(48)}  |${ascii}|`;
}
