import type { ReadResult } from "../../runtime/api/lab.ts";
import type { Message } from "../../runtime/api/model.ts";
import { decodePage } from "../../runtime/api/page.ts";
import type { LatestParams, LatestResult, Place } from "../../runtime/api/survey.ts";
import type { ReadPage, ReadRequest } from "./reader.ts";

/** Where a reader gets its pages from. */
export interface PageSource {
  read(request: ReadRequest, signal: AbortSignal): Promise<ReadPage>;
}

type Read = (request: ReadRequest, signal: AbortSignal) => Promise<ReadResult>;
type LatestRequest = Omit<LatestParams, "topic" | "partition">;
type Latest = (request: LatestRequest, signal: AbortSignal) => Promise<LatestResult>;

/** Keys that are remembered at most: those after them are not told apart from new ones, and reading ends. */
export const MAX_KEYS = 200_000;

/** The messages as they lie in the topic. */
export function messageSource(read: Read): PageSource {
  return {
    async read(request, signal) {
      const { page, ...rest } = await read(request, signal);
      return { ...rest, messages: decodePage(page), bytes: page.byteLength };
    },
  };
}

/**
 * The newest message of each key of each partition, going back from the end. The lab's steps give a key
 * again that an earlier step gave; it is left out here. Messages without a key have no newest one.
 */
export class LatestSource implements PageSource {
  readonly #latest: Latest;
  readonly #keys = new Set<string>();
  /** Offsets that each page had, by where it was read from: read again, it has the same ones. */
  readonly #pages = new Map<string, ReadonlySet<string>>();
  #from: Place = { kind: "earliest" };

  constructor(latest: Latest) {
    this.#latest = latest;
  }

  async read(request: ReadRequest, signal: AbortSignal): Promise<ReadPage> {
    const { from, filter, limit } = request;
    const isFirst = from.kind !== "cursors";
    if (isFirst) {
      this.#from = from;
      this.#keys.clear();
      this.#pages.clear();
    }
    const to = isFirst ? undefined : from;
    const step = await this.#latest({ from: this.#from, to, filter, limit }, signal);
    const place = JSON.stringify(isFirst ? "end" : from.cursors);
    const messages = this.#once(decodePage(step.page), place);
    return {
      messages,
      bytes: step.page.byteLength,
      next: step.next,
      extents: step.extents,
      scanned: step.scanned,
      atEnd: step.atEnd || this.#keys.size >= MAX_KEYS,
    };
  }

  #once(messages: readonly Message[], place: string): readonly Message[] {
    const known = this.#pages.get(place);
    if (known !== undefined) return messages.filter((message) => known.has(refOf(message)));
    const fresh = messages.filter((message) => {
      const key = keyOf(message);
      if (this.#keys.has(key)) return false;
      this.#keys.add(key);
      return true;
    });
    this.#pages.set(place, new Set(fresh.map(refOf)));
    return fresh;
  }
}

function refOf({ partition, offset }: Message): string {
  return `${partition}:${offset}`;
}

/** Keys as bytes, with their length since only their head was sent. */
function keyOf({ partition, key }: Message): string {
  const bytes = key?.bytes ?? new Uint8Array(0);
  let text = `${partition}:${key?.sizeBytes ?? -1}:`;
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
