import type { Message } from "../api/model.ts";
import { PageWriter } from "../api/page.ts";

/** Messages that are encoded before other work gets its turn. */
const ENCODE_AT_ONCE = 500;

/** A full page takes longer to encode than a producer should have to wait. */
export async function encodeInTurns(
  messages: readonly Message[],
  giveWay: () => Promise<void>,
): Promise<Uint8Array> {
  const writer = new PageWriter();
  for (const message of messages) {
    writer.add(message);
    if (writer.count % ENCODE_AT_ONCE === 0) await giveWay();
  }
  return writer.finish();
}
