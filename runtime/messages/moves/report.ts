import type { Message, NewMessage } from "../../api/model.ts";
import { MAX_SHOWN_BYTES, type MoveReport } from "../../api/moves.ts";
import { fieldOf } from "../message.ts";

/** What a move that has done nothing reports; moves say what differs. */
export const NOTHING_MOVED: Omit<MoveReport, "elapsedMs"> = {
  outcome: "done",
  moved: 0,
  skipped: 0,
  first: undefined,
  targets: [],
  sizeBytes: 0,
};

/** The message with its key and value cut, which holds nothing of the page it was read in. */
export function shown(message: Message): Message {
  const { key, value, headers } = message;
  const cut = (field: Message["key"]): Message["key"] => {
    const head = field && fieldOf(field.bytes, MAX_SHOWN_BYTES);
    return head && { bytes: Uint8Array.from(head.bytes), sizeBytes: head.sizeBytes };
  };
  return {
    ...message,
    key: cut(key),
    value: cut(value),
    headers: headers.map((header) => {
      const head = header.value?.subarray(0, MAX_SHOWN_BYTES) ?? null;
      return { key: header.key.slice(0, MAX_SHOWN_BYTES), value: head && Uint8Array.from(head) };
    }),
  };
}

const NO_PLACE = { partition: -1, offset: -1, timestampMs: -1, timestampType: "create" } as const;

/** A message that is to be sent: its parts, and the place of the one that it is made of, -1 for none. */
export function shownNew(
  { key, value, headers }: NewMessage,
  place: Pick<Message, "partition" | "offset" | "timestampMs" | "timestampType"> = NO_PLACE,
): Message {
  const field = (bytes: Uint8Array | null) => bytes && fieldOf(bytes, bytes.length);
  const { partition, offset, timestampMs, timestampType } = place;
  return shown({
    ...{ partition, offset, timestampMs, timestampType },
    ...{ key: field(key), value: field(value), headers },
  });
}
