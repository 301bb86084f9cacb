import { randomBytes } from "node:crypto";
import { type Adapter, Low } from "lowdb";
import {
  type CatalogueData,
  decodeCatalogue,
  encodeCatalogue,
  type TopicEntry,
} from "./catalogue-format.ts";
import { DurableJsonFile } from "./durable-json-file.ts";

export type { TopicEntry } from "./catalogue-format.ts";

/** Producer ids reserved by one write of the file. Kafka's ProducerIdManager uses the same number. */
export const PRODUCER_ID_BLOCK = 1_000;

/** The catalogue's file cannot be used (`data-format`) or not be read or written (`disk`). Says what to do. */
export class CatalogueError extends Error {
  override readonly name = "CatalogueError";
  readonly kind: "data-format" | "disk";

  constructor(kind: "data-format" | "disk", message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A new topic id or cluster id in Kafka's base64url form of 22 characters. */
export function newTopicId(): string {
  // Kafka's Uuid.randomUuid avoids a leading dash, which command lines take for an option. The
  // reserved ids (all zero, and zero but for the last bit) begin with "AAAA".
  for (;;) {
    const id = randomBytes(16).toString("base64url");
    if (!id.startsWith("-") && !id.startsWith("AAAA")) return id;
  }
}

interface Change {
  readonly apply: (topics: Map<string, TopicEntry>, data: CatalogueData) => CatalogueData;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Which topics the lab has, kept in `<data>/catalogue.json`. What is read here is on disk: a change
 * becomes visible once its write has succeeded, and changes that come together share one write.
 */
export class Catalogue {
  readonly #path: string;
  readonly #file: Low;
  #data: CatalogueData;
  #queue: Change[] = [];
  #writing = false;
  #nextProducerId = 0;
  #producerIdsEnd = 0;
  #block: Promise<void> | undefined;

  private constructor(path: string, file: Low, data: CatalogueData) {
    this.#path = path;
    this.#file = file;
    this.#data = data;
  }

  /**
   * Opens the catalogue at `path`, or makes one where there is no file. The folder must exist. A file
   * that is damaged or newer than this build is left as it is and refused with a CatalogueError. The
   * file is `storage`, which tests replace by one on a disk that lies.
   */
  static async open(
    path: string,
    storage: Adapter<unknown> = new DurableJsonFile(path),
  ): Promise<Catalogue> {
    const file = new Low(storage, null);
    try {
      await file.read();
    } catch (error) {
      if (error instanceof SyntaxError) throw damaged(path, error.message);
      throw diskError("read", path, error);
    }
    if (file.data !== null) return new Catalogue(path, file, usable(path, file.data));
    const data = { clusterId: newTopicId(), nextProducerIdBlock: 0, topics: new Map() };
    const catalogue = new Catalogue(path, file, data);
    await catalogue.#change((_topics, current) => current);
    return catalogue;
  }

  get clusterId(): string {
    return this.#data.clusterId;
  }

  topics(): ReadonlyMap<string, TopicEntry> {
    return this.#data.topics;
  }

  /** Adds or replaces a topic. Rejects with a CatalogueError, and changes nothing, when the disk fails. */
  putTopic(name: string, entry: TopicEntry): Promise<void> {
    return this.#change((topics, data) => ({ ...data, topics: topics.set(name, entry) }));
  }

  /** Forgets a topic; one that is not there is no error. */
  removeTopic(name: string): Promise<void> {
    return this.#change((topics, data) => {
      topics.delete(name);
      return { ...data, topics };
    });
  }

  /** A producer id never given out before, not even by an earlier process: ids are reserved on disk first. */
  async nextProducerId(): Promise<number> {
    while (this.#nextProducerId >= this.#producerIdsEnd) {
      this.#block ??= this.#reserveProducerIds().finally(() => {
        this.#block = undefined;
      });
      await this.#block;
    }
    return this.#nextProducerId++;
  }

  async #reserveProducerIds(): Promise<void> {
    const first = this.#data.nextProducerIdBlock;
    const end = first + PRODUCER_ID_BLOCK;
    await this.#change((_topics, data) => ({ ...data, nextProducerIdBlock: end }));
    this.#nextProducerId = first;
    this.#producerIdsEnd = end;
  }

  #change(apply: Change["apply"]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ apply, resolve, reject });
      if (!this.#writing) void this.#writeQueue();
    });
  }

  /** Writes until the queue is empty; every change that waits when a write begins is part of it. */
  async #writeQueue(): Promise<void> {
    this.#writing = true;
    while (this.#queue.length > 0) {
      const changes = this.#queue.splice(0);
      const topics = new Map(this.#data.topics);
      let next: CatalogueData = { ...this.#data, topics };
      for (const change of changes) next = change.apply(topics, next);
      try {
        this.#file.data = encodeCatalogue({ ...next, topics });
        await this.#file.write();
        this.#data = { ...next, topics };
        for (const change of changes) change.resolve();
      } catch (error) {
        for (const change of changes) change.reject(diskError("write", this.#path, error));
      }
    }
    this.#writing = false;
  }
}

function usable(path: string, json: unknown): CatalogueData {
  const decoded = decodeCatalogue(json);
  if (decoded.kind === "catalogue") return decoded.data;
  if (decoded.kind === "invalid") throw damaged(path, decoded.fault);
  throw new CatalogueError(
    "data-format",
    `${path} has format version ${decoded.version}, which a newer Streamside wrote. ` +
      "Update Streamside, or use another data folder. Nothing was changed.",
  );
}

function damaged(path: string, fault: string): CatalogueError {
  return new CatalogueError(
    "data-format",
    `${path} is not a catalogue of topics: ${fault}. ` +
      "Restore the file, or use another data folder. Nothing was changed.",
  );
}

function diskError(verb: "read" | "write", path: string, error: unknown): CatalogueError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CatalogueError(
    "disk",
    `Cannot ${verb} ${path}: ${reason}. Check the permissions of the data folder and the space on its disk.`,
  );
}
