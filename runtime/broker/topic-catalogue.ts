import { KeyedLock } from "../core/keyed-lock.ts";
import type { Logger } from "../core/logger.ts";
import { type Catalogue, CatalogueError, type TopicEntry } from "../meta/catalogue.ts";
import type { TopicRefusal } from "./outcomes.ts";

export type DiskRefusal = TopicRefusal<"disk">;

/** Changes of topics in the catalogue: one at a time for each topic, and a disk that refuses is an outcome. */
export class TopicCatalogue {
  readonly #catalogue: Catalogue;
  readonly #logger: Logger;
  readonly #locks = new KeyedLock();

  constructor(catalogue: Catalogue, logger: Logger) {
    this.#catalogue = catalogue;
    this.#logger = logger;
  }

  /** Runs `action` when all earlier ones of `key` have ended. */
  alone<T>(key: string, action: () => Promise<T>): Promise<T> {
    return this.#locks.run(key, action);
  }

  put(name: string, entry: TopicEntry): Promise<DiskRefusal | undefined> {
    return this.#persist(this.#catalogue.putTopic(name, entry));
  }

  /** Changes some of what is known of a topic that is there. */
  change(name: string, change: Partial<TopicEntry>): Promise<DiskRefusal | undefined> {
    const entry = this.#catalogue.topics().get(name);
    if (entry === undefined) throw new Error(`topic ${name} is served but not in the catalogue`);
    return this.put(name, { ...entry, ...change });
  }

  remove(name: string): Promise<DiskRefusal | undefined> {
    return this.#persist(this.#catalogue.removeTopic(name));
  }

  async #persist(write: Promise<void>): Promise<DiskRefusal | undefined> {
    try {
      await write;
      return undefined;
    } catch (error) {
      if (!(error instanceof CatalogueError)) throw error;
      this.#logger.error(error.message);
      return { kind: "disk", message: error.message };
    }
  }
}
