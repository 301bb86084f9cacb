/**
 * What Node, the extension host and the browser have in common, and all that the contract may use.
 * Seen by this project only; its users bring the full declarations of their own platform.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare class TextEncoder {
  encode(text: string): Uint8Array;
}

declare class TextDecoder {
  constructor(label: "utf-8", options: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}

declare function setTimeout(action: () => void, delayMs: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** Base64 to and from strings whose characters are bytes. */
declare function atob(base64: string): string;
declare function btoa(binary: string): string;
