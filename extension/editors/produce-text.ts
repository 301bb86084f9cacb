import { PRODUCE_SUFFIX } from "../ids.ts";

/** The topic that a produce file names by its own name: `orders.messages.jsonl` is for `orders`. */
export function topicOfFile(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!name.endsWith(PRODUCE_SUFFIX) || name.length === PRODUCE_SUFFIX.length) return undefined;
  return name.slice(0, -PRODUCE_SUFFIX.length);
}

/** What a new produce file holds: one message of each common form, ready to be produced. */
export const PRODUCE_TEMPLATE = `{"key": "1", "value": {"id": 1, "text": "hello"}}
{"key": "2", "value": "plain text", "headers": {"trace-id": "abc"}}
`;
