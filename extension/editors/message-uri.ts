import { MESSAGE_SCHEME } from "../ids.ts";

/** How a message document shows its message. */
export type MessageForm = "message" | "value" | "hex";

export interface MessageAddress {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly form: MessageForm;
}

const ENDS: Readonly<Record<MessageForm, string>> = {
  message: ".json",
  value: ".value.txt",
  hex: ".hex.txt",
};

/**
 * Path of a message document: `/topic/partition/offset/title`. The title only names the editor's tab
 * and, by its end, the form and the language; without it the path means the whole message.
 */
export function messagePath({ topic, partition, offset, form }: MessageAddress): string {
  return `/${topic}/${partition}/${offset}/${topic}[${partition}] ${offset}${ENDS[form]}`;
}

/** The message that a document of the `streamside` scheme shows, or undefined when it names none. */
export function parseMessagePath(path: string): MessageAddress | undefined {
  const match = /^\/([a-zA-Z0-9._-]{1,249})\/(\d{1,10})\/(\d{1,16})(?:\/([^/]*))?$/.exec(path);
  if (match === null) return undefined;
  const [, topic = "", partition, offset, title = ""] = match;
  const form = title.endsWith(ENDS.hex) ? "hex" : title.endsWith(ENDS.value) ? "value" : "message";
  const address = { topic, partition: Number(partition), offset: Number(offset), form } as const;
  return Number.isSafeInteger(address.offset) ? address : undefined;
}

/** The authority of message documents: which connection they are of. The lab is the only one yet. */
export const LAB_AUTHORITY = "lab";
export const MESSAGE_URI_BASE = { scheme: MESSAGE_SCHEME, authority: LAB_AUTHORITY } as const;
