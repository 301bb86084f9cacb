/** A lab that keeps its port and its data folder while it is killed and started again. */
import { once } from "node:events";
import { createServer } from "node:net";
import { type LabProcess, startLab } from "../support/lab-process.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** What it is started with again too. */
export interface LabStart {
  /** Further arguments of `serve`. */
  readonly args?: readonly string[];
  /** Command line in front of the lab's. */
  readonly within?: readonly string[];
}

export class LabUnderTest {
  readonly #folder: TempFolder;
  readonly #port: number;
  readonly #how: LabStart;
  #lab: LabProcess;

  private constructor(folder: TempFolder, port: number, how: LabStart, lab: LabProcess) {
    this.#folder = folder;
    this.#port = port;
    this.#how = how;
    this.#lab = lab;
  }

  static async start(how: LabStart = {}): Promise<LabUnderTest> {
    const folder = tempFolder();
    const port = await freePort();
    const lab = await startLab({ data: folder.path, port, ...how });
    return new LabUnderTest(folder, port, how, lab);
  }

  get bootstrap(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get process(): LabProcess {
    return this.#lab;
  }

  /** As `kill -9` does. */
  kill(): Promise<void> {
    return this.#lab.kill();
  }

  async startAgain(): Promise<void> {
    this.#lab = await startLab({ data: this.#folder.path, port: this.#port, ...this.#how });
  }

  async dispose(): Promise<void> {
    await this.#lab.kill();
    this.#folder.dispose();
  }
}
