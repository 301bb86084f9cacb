import { SaxesParser } from "saxes";
import { type Decoder, json, undecodable } from "./decoder.ts";
import { jsonFault } from "./json-fault.ts";

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
/** Control characters that no text has; tab, line feed and carriage return are not among them. */
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** The text that bytes are in UTF-8, or undefined. */
export function utf8Text(bytes: Buffer): string | undefined {
  try {
    return UTF_8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Where the first byte lies that is not UTF-8. */
function notUtf8(bytes: Buffer): string {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let at = 0;
  try {
    for (; at < bytes.length; at++) decoder.decode(bytes.subarray(at, at + 1), { stream: true });
  } catch {
    return `byte ${at} (0x${(bytes[at] ?? 0).toString(16).padStart(2, "0")}) is not UTF-8`;
  }
  return "it ends in the middle of a character of UTF-8";
}

/** The text as it is: JSON.parse would round 2^53+1 and drop members of the same name. */
export const JSON_DECODER: Decoder = {
  id: "json",
  label: "JSON",
  decode(bytes) {
    const text = utf8Text(bytes);
    if (text === undefined) return undecodable(notUtf8(bytes));
    const fault = jsonFault(text);
    return fault === undefined ? json(text) : undecodable(fault);
  },
};

export const TEXT_DECODER: Decoder = {
  id: "text",
  label: "Text",
  decode(bytes) {
    const text = utf8Text(bytes);
    if (text === undefined) return undecodable(notUtf8(bytes));
    const control = CONTROL.exec(text);
    if (control === null) return { kind: "decoded", text, language: "plaintext" };
    const code = control[0].charCodeAt(0).toString(16).padStart(2, "0");
    return undecodable(`character ${control.index} is the control character 0x${code}`);
  },
};

export const XML_DECODER: Decoder = {
  id: "xml",
  label: "XML",
  decode(bytes) {
    const text = utf8Text(bytes);
    if (text === undefined) return undecodable(notUtf8(bytes));
    if (!/^\s*</.test(text.replace(/^\ufeff/, ""))) return undecodable("it does not begin with <");
    const parser = new SaxesParser();
    let fault: string | undefined;
    parser.on("error", (error) => (fault ??= error.message));
    parser.write(text).close();
    return fault === undefined ? { kind: "decoded", text, language: "xml" } : undecodable(fault);
  },
};

const BYTES_PER_LINE = 16;
/** Nobody reads more of them. */
const MAX_HEX_BYTES = 1024 * 1024;

/** Reads everything: offset, bytes and the characters among them; of many bytes the first. */
export const HEX_DECODER: Decoder = {
  id: "hex",
  label: "Hex",
  decode(bytes) {
    const lines: string[] = [];
    const end = Math.min(bytes.length, MAX_HEX_BYTES);
    for (let at = 0; at < end; at += BYTES_PER_LINE) {
      const line = bytes.subarray(at, at + BYTES_PER_LINE);
      const hex = Array.from(line, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
      const characters = Array.from(line, (byte) =>
        byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".",
      ).join("");
      const place = at.toString(16).padStart(8, "0");
      lines.push(`${place}  ${hex.padEnd(3 * BYTES_PER_LINE - 1)}  ${characters}`);
    }
    if (end < bytes.length) lines.push(`and ${bytes.length - end} more bytes`);
    return { kind: "decoded", text: lines.join("\n"), language: "plaintext" };
  },
};
