import type { TopicDirectory } from "./coordinator/consumer/topics.ts";
import type { Partition } from "./partition.ts";
import type { Topic } from "./topic.ts";
import { collisionForm } from "./topic-name.ts";

/** Which topics are served, by name and by id. Knows nothing of how they come and go. */
export class TopicRegistry {
  readonly #foldCase: boolean;
  readonly #topics = new Map<string, Topic>();
  readonly #byId = new Map<string, Topic>();
  readonly #collisions = new Map<string, string>();
  #partitionCount = 0;
  #version = 0;

  /** `foldCase` for disks that do not tell upper from lower case in names. */
  constructor(foldCase: boolean) {
    this.#foldCase = foldCase;
  }

  /** Counts changes of which topics and partitions there are, and of who leads them. */
  get version(): number {
    return this.#version;
  }

  /** Partitions of all topics together. */
  get partitionCount(): number {
    return this.#partitionCount;
  }

  all(): Iterable<Topic> {
    return this.#topics.values();
  }

  find(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  findById(id: string): Topic | undefined {
    return this.#byId.get(id);
  }

  partition(topic: string, index: number): Partition | undefined {
    return this.#topics.get(topic)?.partitions[index];
  }

  /** What the names of topics that cannot be there together have in common. */
  collisionForm(name: string): string {
    return collisionForm(name, this.#foldCase);
  }

  /** The topic that a new one of this name would collide with. */
  collidingWith(name: string): string | undefined {
    return this.#collisions.get(this.collisionForm(name));
  }

  add(topic: Topic): void {
    this.#topics.set(topic.name, topic);
    this.#byId.set(topic.id, topic);
    this.#collisions.set(this.collisionForm(topic.name), topic.name);
    this.#partitionCount += topic.partitions.length;
    this.#version++;
  }

  remove(topic: Topic): void {
    this.#topics.delete(topic.name);
    this.#byId.delete(topic.id);
    this.#collisions.delete(this.collisionForm(topic.name));
    this.#partitionCount -= topic.partitions.length;
    this.#version++;
  }

  addPartitions(topic: Topic, partitions: readonly Partition[]): void {
    for (const partition of partitions) topic.addPartition(partition);
    this.#partitionCount += partitions.length;
    this.#version++;
  }

  /** Something else that clients are told of topics has changed. */
  touch(): void {
    this.#version++;
  }

  /** The topics as groups see them; expressions match internal ones too, as in Kafka. */
  directory(): TopicDirectory {
    const version = () => this.#version;
    const topics = this.#topics;
    return {
      get version() {
        return version();
      },
      find(name) {
        const topic = topics.get(name);
        return topic && { id: topic.id, name, partitions: topic.partitions.length };
      },
      names: () => topics.keys(),
    };
  }
}
