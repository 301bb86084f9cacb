import type { Side } from "./decode-choice.ts";

/** A key or value of a message, whose decoded text a document shows. */
export interface DecodedAddress {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly side: Side;
}

/** Path of a document: `/topic/partition/offset/side/title`, of which the title only names the editor's tab. */
export function decodedPath({ topic, partition, offset, side }: DecodedAddress): string {
  return `/${topic}/${partition}/${offset}/${side}/${topic}[${partition}] ${offset} ${side}`;
}

/** What a document shows, or undefined for another path. */
export function parseDecodedPath(path: string): DecodedAddress | undefined {
  const match = /^\/([a-zA-Z0-9._-]{1,249})\/(\d{1,10})\/(\d{1,16})\/(key|value)(?:\/|$)/.exec(
    path,
  );
  if (match === null) return undefined;
  const [, topic = "", partition, offset, side] = match;
  const address = { topic, partition: Number(partition), offset: Number(offset) };
  if (!Number.isSafeInteger(address.offset)) return undefined;
  return { ...address, side: side === "key" ? "key" : "value" };
}
