/**
 * Produces messages at an even rate from a process of its own: `paced-producer BOOTSTRAP TOPIC PARTITIONS
 * RATE SECONDS`. Prints how many there were.
 */
import { setInterval } from "node:timers/promises";
import { batchOf, ManyMessages } from "./many-messages.ts";

/** Between two batches. What one turn of the clock missed, the next makes up for. */
const TURN_MS = 20;
const VALUE_BYTES = 200;
/** Messages of one batch, which must not become too large when this process was held up. */
const MAX_BATCH = 2_000;

const [bootstrap = "", topic = "", ...numbers] = process.argv.slice(2);
const [partitions = 1, rate = 1, seconds = 1] = numbers.map(Number);
const total = rate * seconds;

/** The messages from this one up to, not including, the other. */
function messages(from: number, to: number) {
  const timestampMs = Date.now();
  return Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    const value = `${`{"number":${number},"pad":"`.padEnd(VALUE_BYTES - 2, ".")}"}`;
    return { timestampMs, key: `k-${number % 1_000}`, value };
  });
}

const producer = await ManyMessages.connect(bootstrap);
const started = performance.now();
let sent = 0;
let turn = 0;
for await (const _ of setInterval(TURN_MS)) {
  const due = Math.floor(((performance.now() - started) / 1_000) * rate);
  const to = Math.min(total, due, sent + MAX_BATCH);
  if (to > sent) await producer.send(topic, turn++ % partitions, batchOf(messages(sent, to)));
  sent = Math.max(sent, to);
  if (sent === total) break;
}
producer.close();
console.info(String(sent));
