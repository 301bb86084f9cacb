import { crc32c as wasmCrc32c } from "@platformatic/wasm-utils/bundled";

/** CRC-32C (Castagnoli) of `bytes`, as an unsigned 32-bit number. Kafka seals every record batch with it. */
export function crc32c(bytes: Uint8Array): number {
  return wasmCrc32c(bytes);
}
