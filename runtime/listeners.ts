import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  type ListenerSpec,
  portOf,
  type RunningListener,
  usesSasl,
  usesTls,
} from "./core/listener.ts";
import type { Logger } from "./core/logger.ts";
import type { KafkaApi } from "./gateway/kafka/api.ts";
import { KafkaServer, ServerResources } from "./gateway/kafka/server.ts";
import { parseUsers, Users, UsersError } from "./gateway/kafka/sasl/users.ts";
import { type CertificateAndKey, labCertificate } from "./gateway/kafka/tls/lab-certificate.ts";

/** Hosts that stand for all addresses of the machine, and so are none that a client would use. */
const WILDCARDS: readonly string[] = ["0.0.0.0", "::"];

export interface ListenersOptions {
  readonly listeners: readonly ListenerSpec[];
  /** Each listener has a port for each of them. */
  readonly brokers: number;
  readonly usersFile: string | undefined;
  readonly dataFolder: string;
  readonly nowMs: number;
  readonly apis: ReadonlyMap<number, KafkaApi>;
  readonly logger: Logger;
}

/** One listener of one broker. */
interface Place {
  readonly broker: number;
  readonly spec: ListenerSpec;
  /** The ports of all brokers on this listener, which are kept while a broker is down. */
  readonly ports: Map<number, number>;
  server: KafkaServer | undefined;
}

/** The listeners of a lab, in the order in which they were asked for, and of each broker by itself. */
export class Listeners {
  readonly #places: readonly Place[];
  readonly #options: ListenersOptions;
  readonly #resources = new ServerResources();
  readonly #users: Users | undefined;
  readonly #certificate: CertificateAndKey | undefined;

  private constructor(options: ListenersOptions) {
    this.#options = options;
    this.#users = readUsers(options);
    this.#certificate = makeCertificate(options);
    this.#places = options.listeners.flatMap((spec) => {
      const ports = new Map<number, number>();
      return Array.from({ length: options.brokers }, (_, i) => {
        return { broker: i + 1, spec, ports, server: undefined };
      });
    });
  }

  /** Listens everywhere or nowhere. Rejects with an error whose message says what to do. */
  static async start(options: ListenersOptions): Promise<Listeners> {
    const all = new Listeners(options);
    await all.#open(all.#places);
    return all;
  }

  /** All brokers of a listener together, as a client takes them. */
  get running(): RunningListener[] {
    return this.#options.listeners.map((spec) => ({
      protocol: spec.protocol,
      bootstrap: this.#places
        .flatMap((place) => (place.spec === spec ? (place.server?.bootstrap ?? []) : []))
        .join(","),
    }));
  }

  of(broker: number): RunningListener[] {
    return this.#placesOf(broker).flatMap(({ spec, server }) =>
      server === undefined ? [] : [{ protocol: spec.protocol, bootstrap: server.bootstrap }],
    );
  }

  /** Lets clients connect to a broker again, at the ports that it had. */
  async open(broker: number): Promise<void> {
    await this.#open(this.#placesOf(broker));
  }

  /** Ends every connection to a broker. */
  async close(broker: number): Promise<void> {
    await this.#close(this.#placesOf(broker));
  }

  async stop(): Promise<void> {
    await this.#close(this.#places);
  }

  #placesOf(broker: number): readonly Place[] {
    return this.#places.filter((place) => place.broker === broker);
  }

  async #open(places: readonly Place[]): Promise<void> {
    const { apis, logger } = this.#options;
    const closed = places.filter(({ server }) => server === undefined);
    try {
      for (const place of closed) {
        const { broker, spec, ports } = place;
        place.server = await KafkaServer.start({
          ...{ host: spec.host, port: ports.get(broker) ?? portOf(spec, broker) },
          ...{ nodeId: broker, ports, apis, logger, resources: this.#resources },
          tls: usesTls(spec.protocol) ? this.#certificate : undefined,
          users: usesSasl(spec.protocol) ? this.#users : undefined,
        });
      }
    } catch (error) {
      await this.#close(closed);
      throw error;
    }
  }

  async #close(places: readonly Place[]): Promise<void> {
    await Promise.all(
      places.map(async (place) => {
        const { server } = place;
        place.server = undefined;
        await server?.stop();
      }),
    );
  }
}

function readUsers({ listeners, usersFile }: ListenersOptions): Users | undefined {
  if (!listeners.some(({ protocol }) => usesSasl(protocol))) return undefined;
  if (usersFile === undefined) throw new UsersError("SASL listeners need a file of users.");
  try {
    return new Users(parseUsers(readFileSync(usersFile, "utf8")), randomBytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsersError(`the file of users ${usersFile} cannot be used: ${reason}`);
  }
}

function makeCertificate(options: ListenersOptions): CertificateAndKey | undefined {
  const secure = options.listeners.filter(({ protocol }) => usesTls(protocol));
  if (secure.length === 0) return undefined;
  return labCertificate({
    folder: path.join(options.dataFolder, "tls"),
    hosts: secure.map(({ host }) => host).filter((host) => !WILDCARDS.includes(host)),
    nowMs: options.nowMs,
    random: randomBytes,
  });
}
