/** A distributed worker of Kafka Connect, and what it is told through its REST API on loopback. */
import path from "node:path";
import { waitFor } from "../../../support/wait-for.ts";
import { freePort } from "../../lab-under-test.ts";
import type { JavaProgram } from "./java-program.ts";
import type { Scene } from "./scene.ts";

const MAIN = "org.apache.kafka.connect.cli.ConnectDistributed";
const LIMIT_MS = 180_000;
const REQUEST_LIMIT_MS = 90_000;
const CONFLICT = 409;

export interface WorkerOptions {
  readonly plugins: string;
  /** The class of keys' and values' converter, with its settings. */
  readonly converter: Readonly<Record<string, string>>;
  readonly exactlyOnce: boolean;
}

export const STRINGS = { converter: "org.apache.kafka.connect.storage.StringConverter" };
export const JSON_WITH_SCHEMAS = { converter: "org.apache.kafka.connect.json.JsonConverter" };

interface TaskStatus {
  readonly state: string;
  readonly worker_id: string;
}

interface Status {
  readonly connector: TaskStatus;
  readonly tasks: readonly TaskStatus[];
}

function configOf(scene: Scene, port: number, options: WorkerOptions): Record<string, string> {
  const { converter = "", ...settings } = options.converter;
  return {
    "bootstrap.servers": scene.bootstrap,
    "group.id": "connect",
    "config.storage.topic": "connect-configs",
    "offset.storage.topic": "connect-offsets",
    "status.storage.topic": "connect-status",
    "config.storage.replication.factor": "1",
    "offset.storage.replication.factor": "1",
    "status.storage.replication.factor": "1",
    "key.converter": converter,
    "value.converter": converter,
    ...settings,
    "plugin.path": options.plugins,
    // Kafka's connectors say what they are; searching all classes for them takes long.
    "plugin.discovery": "service_load",
    listeners: `http://127.0.0.1:${port}`,
    "rest.advertised.host.name": "127.0.0.1",
    "offset.flush.interval.ms": "1000",
    "session.timeout.ms": "10000",
    "heartbeat.interval.ms": "1000",
    "scheduled.rebalance.max.delay.ms": "2000",
    "exactly.once.source.support": options.exactlyOnce ? "enabled" : "disabled",
    "consumer.isolation.level": "read_committed",
  };
}

export class Worker {
  readonly #scene: Scene;
  readonly #name: string;
  readonly #port: number;
  readonly #options: WorkerOptions;
  #program: JavaProgram;

  private constructor(scene: Scene, name: string, port: number, options: WorkerOptions) {
    this.#scene = scene;
    this.#name = name;
    this.#port = port;
    this.#options = options;
    this.#program = this.#run();
  }

  /** Starts one and waits until it answers. */
  static async start(scene: Scene, name: string, options: WorkerOptions): Promise<Worker> {
    const worker = new Worker(scene, name, await freePort(), options);
    await worker.#isUp();
    return worker;
  }

  get id(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async kill(): Promise<void> {
    await this.#program.stop("SIGKILL");
  }

  async startAgain(): Promise<void> {
    this.#program = this.#run();
    await this.#isUp();
  }

  async stop(): Promise<void> {
    await this.#program.stop("SIGTERM", LIMIT_MS);
  }

  /** Sends a request, again while the workers rebalance. Throws when it is refused. */
  async ask(method: string, resource: string, body?: unknown): Promise<unknown> {
    return await waitFor(
      `${method} ${resource}`,
      async () => {
        const response = await this.#request(method, resource, body);
        if (response === undefined || response.status === CONFLICT) return undefined;
        const text = await response.text();
        if (!response.ok) throw new Error(`${method} ${resource}: ${response.status} ${text}`);
        return { answer: text === "" ? undefined : (JSON.parse(text) as unknown) };
      },
      LIMIT_MS,
    ).then(({ answer }) => answer);
  }

  /** Makes a connector, or gives it another configuration. */
  async configure(name: string, config: Readonly<Record<string, string>>): Promise<void> {
    await this.ask("PUT", `/connectors/${name}/config`, config);
  }

  async status(name: string): Promise<Status | undefined> {
    const response = await this.#request("GET", `/connectors/${name}/status`);
    return response?.ok === true ? ((await response.json()) as Status) : undefined;
  }

  /** Waits until a connector and its one task run; returns the worker of the task. */
  async runs(name: string): Promise<string> {
    const worker = await waitFor(
      `${name} runs`,
      async () => {
        const status = await this.status(name);
        const task = status?.tasks[0];
        if (task?.state === "FAILED") throw new Error(`${name}: ${JSON.stringify(status)}`);
        if (status?.connector.state !== "RUNNING" || task?.state !== "RUNNING") return undefined;
        return task.worker_id;
      },
      LIMIT_MS,
    );
    return worker;
  }

  #run(): JavaProgram {
    const config = configOf(this.#scene, this.#port, this.#options);
    const file = this.#scene.properties(`${this.#name}.properties`, config);
    return this.#scene.start(this.#name, MAIN, [file], { heapMb: 512 });
  }

  async #isUp(): Promise<void> {
    await waitFor(
      `worker ${this.#name}`,
      async () => {
        if (this.#program.hasEnded) throw new Error(this.#program.output.slice(-2000));
        return (await this.#request("GET", "/connectors"))?.ok === true;
      },
      LIMIT_MS,
    );
  }

  /** Undefined where nobody answers. */
  async #request(method: string, resource: string, body?: unknown): Promise<Response | undefined> {
    try {
      return await fetch(`http://${this.id}${resource}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        headers: { "content-type": "application/json" },
        signal: AbortSignal.timeout(REQUEST_LIMIT_MS),
      });
    } catch {
      return undefined;
    }
  }
}

/** Files that connectors read and write. */
export const sourceFile = (scene: Scene, name: string): string =>
  path.join(scene.folder, `${name}.txt`);
