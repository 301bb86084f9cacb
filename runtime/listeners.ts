import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  type ListenerSpec,
  type RunningListener,
  type SecurityProtocol,
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
  readonly usersFile: string | undefined;
  readonly dataFolder: string;
  readonly nowMs: number;
  readonly apis: ReadonlyMap<number, KafkaApi>;
  readonly logger: Logger;
}

/** The listeners of a lab, in the order in which they were asked for. */
export class Listeners {
  readonly #servers: { readonly protocol: SecurityProtocol; readonly server: KafkaServer }[] = [];

  /** Listens everywhere or nowhere. Rejects with an error whose message says what to do. */
  static async start(options: ListenersOptions): Promise<Listeners> {
    const all = new Listeners();
    const users = readUsers(options);
    const certificate = makeCertificate(options);
    const { apis, logger } = options;
    const resources = new ServerResources();
    try {
      for (const { protocol, host, port } of options.listeners) {
        const server = await KafkaServer.start({
          ...{ host, port, apis, logger, resources },
          tls: usesTls(protocol) ? certificate : undefined,
          users: usesSasl(protocol) ? users : undefined,
        });
        all.#servers.push({ protocol, server });
      }
    } catch (error) {
      await all.stop();
      throw error;
    }
    return all;
  }

  get running(): RunningListener[] {
    return this.#servers.map(({ protocol, server }) => ({
      protocol,
      bootstrap: server.bootstrap,
    }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map(({ server }) => server.stop()));
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
