/** The messages that conformance tests send, and how what came back is compared with them. */
import assert from "node:assert/strict";
import type { Client, Received, TestMessage } from "./client.ts";

export const PARTITIONS = 4;
/** What makes record formats fail: every byte, text beyond ASCII, and nothing. */
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
const TEXT = Buffer.from("läuft 🚚 ".repeat(30));
/** Timestamps lie in the past hour, ten milliseconds apart. */
export const STEP_MS = 10;

/** A client that sets no timestamps gets the time of sending; how far that may be from now. */
const CLOCK_TOLERANCE_MS = 600_000;

function keyOf(index: number): Buffer | null {
  switch (index % 5) {
    case 0:
      return null;
    case 1:
      return Buffer.alloc(0);
    case 2:
      return ALL_BYTES;
    default:
      return Buffer.from(`key-${index}`);
  }
}

/** The number in front makes every value but the empty and the absent one unlike all others. */
function valueOf(index: number): Buffer | null {
  if (index % 10 === 3) return null;
  if (index % 10 === 5) return Buffer.alloc(0);
  return Buffer.concat([Buffer.from(`${index}:`), index % 2 === 0 ? TEXT : ALL_BYTES]);
}

function headersOf(index: number, client: Client): TestMessage["headers"] {
  if (index % 3 === 0) return [];
  const binary = client.cannotSend?.has("binaryHeaders") ? Buffer.from("text") : ALL_BYTES;
  return [
    ["trace", Buffer.from("first")],
    ["trace", Buffer.from("second")],
    ["content", binary],
  ];
}

/** `count` messages that a client can send, from number `first`, spread over four partitions. */
export function testMessages(client: Client, count: number, first = 0): TestMessage[] {
  const startMs = Date.now() - 3_600_000;
  return Array.from({ length: count }, (_, n) => {
    const index = first + n;
    const key = keyOf(index);
    const value = valueOf(index);
    const lonely = key === null && (value === null || value.length === 0);
    const replaced = lonely && client.cannotSend?.has("emptyWithoutKey");
    return {
      partition: index % PARTITIONS,
      key: replaced ? Buffer.from("key") : key,
      value,
      headers: headersOf(index, client),
      timestampMs: startMs + index * STEP_MS,
    };
  });
}

const show = (bytes: Buffer | null): string | null => bytes?.toString("latin1") ?? null;

/** All that two messages must have in common, as text, for comparison and for a readable difference. */
function content(message: TestMessage, client: Client): object {
  const { partition, key, value, headers, timestampMs } = message;
  return {
    partition,
    key: show(key),
    value: show(value),
    headers: headers.map(([name, bytes]) => [name, show(bytes)]),
    ...(client.cannotSend?.has("timestamps") ? {} : { timestampMs }),
  };
}

/** By partition and offset. */
const inOrder = (received: readonly Received[]): Received[] =>
  [...received].sort((a, b) => a.partition - b.partition || a.offset - b.offset);

/** The next offset to read of each partition, after all of these. */
export function positionsAfter(received: readonly Received[]): Map<number, number> {
  const positions = new Map<number, number>();
  for (const { partition, offset } of inOrder(received)) positions.set(partition, offset + 1);
  return positions;
}

/** Without those that came again, which is allowed as long as they were not committed. */
export function distinct(received: readonly Received[]): Received[] {
  const byPlace = received.map((each) => [`${each.partition}:${each.offset}`, each] as const);
  return [...new Map(byPlace).values()];
}

/** Every message that was sent came, once, as it was sent and, within its partition, in the same order. */
export function assertSame(
  client: Client,
  sent: readonly TestMessage[],
  received: readonly Received[],
): void {
  const ordered = inOrder(received);
  const places = ordered.map(({ partition, offset }) => `${partition}:${offset}`);
  assert.deepEqual(places, [...new Set(places)], "a message came twice");
  const lines = (messages: readonly TestMessage[]): string[] => {
    const byPartition = [...messages].sort((a, b) => a.partition - b.partition);
    const shown = byPartition.map((message) => JSON.stringify(content(message, client)));
    return client.cannotSend?.has("order") ? shown.sort() : shown;
  };
  assert.deepEqual(lines(ordered), lines(sent));
  if (!client.cannotSend?.has("timestamps")) return;
  for (const { timestampMs } of ordered) {
    assert.ok(Math.abs(timestampMs - Date.now()) < CLOCK_TOLERANCE_MS, `timestamp ${timestampMs}`);
  }
}
