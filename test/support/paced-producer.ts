/**
 * Produces messages at an even rate from a process of its own: `paced-producer BOOTSTRAP TOPIC PARTITIONS
 * RATE SECONDS`. Prints how many there were.
 */
import { batchOf, ManyMessages } from "./many-messages.ts";

/** Between two batches. What one turn of the clock missed, the next makes up for. */
const TURN_MS = 20;
const VALUE_BYTES = 200;

const [bootstrap = "", topic = "", ...numbers] = process.argv.slice(2);
const [partitions = 1, rate = 1, seconds = 1] = numbers.map(Number);
const producer = await ManyMessages.connect(bootstrap);
const total = rate * seconds;
const started = performance.now();
let sent = 0;
let turn = 0;

await new Promise<void>((resolve, reject) => {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * rate)) - sent;
    if (due <= 0) return;
    const now = Date.now();
    const messages = Array.from({ length: due }, (_, index) => {
      const number = sent + index;
      const value = `{"number":${number},"pad":"`;
      return {
        ...{ timestampMs: now, key: `k-${number % 1_000}` },
        value: `${value.padEnd(VALUE_BYTES - 2, ".")}"}`,
      };
    });
    isBusy = true;
    producer.send(topic, turn++ % partitions, batchOf(messages)).then(() => {
      isBusy = false;
      sent += due;
      if (sent < total) return;
      clearInterval(timer);
      resolve();
    }, reject);
  }, TURN_MS);
});
producer.close();
console.info(String(sent));
