/** The side of the client program for clients in JavaScript: reads operations, writes results and events. */
import { createInterface } from "node:readline";
import type { Event, Line, Op } from "../protocol.ts";

type Handlers = {
  readonly [K in Op["op"]]: (op: Extract<Op, { op: K }>) => Promise<unknown>;
};

const write = (line: Line): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

export const emit = (event: Event): void => write(event);

/** The code that Kafka gave, wherever the client keeps it: in the error, its cause, or one of several. */
function kafkaCode(error: unknown, depth = 0): number {
  if (typeof error !== "object" || error === null || depth > 5) return -1;
  for (const name of ["apiCode", "code"]) {
    const code: unknown = Reflect.get(error, name);
    if (typeof code === "number") return code;
  }
  const errors: unknown = Reflect.get(error, "errors");
  const inner = [Reflect.get(error, "cause") as unknown, ...(Array.isArray(errors) ? errors : [])];
  for (const each of inner) {
    const code = kafkaCode(each, depth + 1);
    if (code !== -1) return code;
  }
  return -1;
}

/** Runs until stdin ends. */
export function serve(handlers: Handlers): void {
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    const op = JSON.parse(line) as Op & { id: number };
    const handle = handlers[op.op] as (op: Op) => Promise<unknown>;
    handle(op).then(
      (result) => write({ id: op.id, result: result ?? null }),
      (error: unknown) =>
        write({ id: op.id, error: { code: kafkaCode(error), message: String(error) } }),
    );
  });
  lines.once("close", () => process.exit(0));
}
