import { EDIT_SCHEME, PRODUCE_SUFFIX } from "../ids.ts";

/** The topic that a produce file names by its own name: `orders.messages.jsonl` is for `orders`. */
export function topicOfFile(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (!name.endsWith(PRODUCE_SUFFIX) || name.length === PRODUCE_SUFFIX.length) return undefined;
  return name.slice(0, -PRODUCE_SUFFIX.length);
}

/** The topic of a produce document by its address: that of the message it is a copy of, or by its name. */
export function topicOfAddress(uri: {
  readonly scheme: string;
  readonly path: string;
}): string | undefined {
  return uri.scheme === EDIT_SCHEME ? parseEditPath(uri.path)?.topic : topicOfFile(uri.path);
}

/** A message of which a copy is edited. */
export interface EditedMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Path of the copy: `/topic/partition/offset/title`, whose title names the editor's tab. */
export function editPath({ topic, partition, offset }: EditedMessage): string {
  return `/${topic}/${partition}/${offset}/${topic}[${partition}] ${offset}${PRODUCE_SUFFIX}`;
}

export function parseEditPath(path: string): EditedMessage | undefined {
  const match = /^\/([a-zA-Z0-9._-]{1,249})\/(\d{1,10})\/(\d{1,16})\//.exec(path);
  if (match === null) return undefined;
  const [, topic = "", partition, offset] = match;
  const message = { topic, partition: Number(partition), offset: Number(offset) };
  return Number.isSafeInteger(message.offset) ? message : undefined;
}

/** What a new produce file holds: one message of each common form, ready to be produced. */
export const PRODUCE_TEMPLATE = `{"key": "1", "value": {"id": 1, "text": "hello"}}
{"key": "2", "value": "plain text", "headers": {"trace-id": "abc"}}
`;
