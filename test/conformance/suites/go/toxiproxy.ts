/** Shopify's toxiproxy, a TCP proxy that tests tell to cut, delay and lose what goes through it. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { type CommandResult, runCommand } from "../command.ts";
import { goInstall } from "./module.ts";

const PROGRAM = "github.com/Shopify/toxiproxy/v2/cmd/server";
const VERSION = "v2.5.0";
const LIMIT_MS = 2 * 60 * 60_000;

/** One of its proxies, as its configuration has it. */
export interface Proxy {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

export interface ToxiproxyOptions {
  /** Where {@link Toxiproxy.install} has put it. */
  readonly folder: string;
  readonly proxies: readonly Proxy[];
  /** Of its control, on loopback. */
  readonly port: number;
  /** Command line in front of its own. */
  readonly within: readonly string[];
}

export class Toxiproxy {
  readonly #stop: AbortController;
  readonly #ended: Promise<CommandResult>;

  private constructor(stop: AbortController, ended: Promise<CommandResult>) {
    this.#stop = stop;
    this.#ended = ended;
  }

  static async install(folder: string): Promise<void> {
    await goInstall(folder, PROGRAM, VERSION);
  }

  /** Resolves when it listens; rejects when it cannot. */
  static async start({ folder, proxies, port, within }: ToxiproxyOptions): Promise<Toxiproxy> {
    const config = path.join(folder, "toxiproxy.json");
    writeFileSync(config, JSON.stringify(proxies));
    const program = await goInstall(folder, PROGRAM, VERSION);
    const options = ["-config", config, "-host", "127.0.0.1", "-port", String(port)];
    const [command = program, ...args] = [...within, program, ...options];
    const stop = new AbortController();
    return new Promise((resolve, reject) => {
      const ended = runCommand(command, args, {
        limitMs: LIMIT_MS,
        signal: stop.signal,
        onLine: (line) => {
          // It opens its proxies before it starts to be controlled.
          if (line.includes("Starting HTTP server")) resolve(new Toxiproxy(stop, ended));
        },
      });
      ended.then(({ tail }) => reject(new Error(`toxiproxy has ended: ${tail}`)), reject);
    });
  }

  async dispose(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }
}
