import { WebSocket } from "ws";
import { LabError } from "../api/errors.ts";
import { MAX_FRAME_BYTES } from "../api/frame-codec.ts";
import type { Lab, LabClient } from "../api/lab.ts";
import type { LabInfo, TopicSummary } from "../api/model.ts";
import { type MethodOf, type ParamsOf, type ResultOf, RpcPeer } from "../api/rpc.ts";
import { socketPipe } from "../api/socket-pipe.ts";
import { livingLock } from "../control/lock.ts";
import { CommandError } from "./usage.ts";

const CONNECT_TIME_LIMIT_MS = 5_000;
const REQUEST_TIME_LIMIT_MS = 60_000;

/** The lab that holds a data folder, as a command sees it. */
export class LabConnection {
  readonly info: LabInfo;
  readonly #peer: RpcPeer<LabClient, Lab>;

  private constructor(info: LabInfo, peer: RpcPeer<LabClient, Lab>) {
    this.info = info;
    this.#peer = peer;
  }

  /** Connects to the lab of `dataFolder` without keeping it alive. Rejects with a CommandError when there is none. */
  static async open(dataFolder: string): Promise<LabConnection> {
    const lock = livingLock(dataFolder);
    if (lock === undefined) {
      throw new CommandError(
        `no lab is running on ${dataFolder}. Start one with "streamside serve", or name its data folder with --data.`,
      );
    }
    if (lock.address === undefined) {
      throw new CommandError(`the lab on ${dataFolder} is still starting. Try again in a moment.`);
    }
    const { control, token } = lock.address;
    const socket = await connect(control, token, lock.pid);
    const peer = new RpcPeer<LabClient, Lab>(socketPipe(socket), {});
    const hello = { client: "command line", lease: false };
    const limit = { timeLimitMs: REQUEST_TIME_LIMIT_MS };
    return new LabConnection(await peer.request("lab/hello", hello, limit), peer);
  }

  /** Bound to this connection. Rejects with a LabError. */
  readonly ask = <M extends MethodOf<Lab>>(
    method: M,
    params: ParamsOf<Lab, M>,
  ): Promise<ResultOf<Lab, M>> =>
    this.#peer.request(method, params, { timeLimitMs: REQUEST_TIME_LIMIT_MS });

  /** Asks for what may take as long as it takes. */
  wait<M extends MethodOf<Lab>>(method: M, params: ParamsOf<Lab, M>): Promise<ResultOf<Lab, M>> {
    return this.#peer.request(method, params);
  }

  /** The named topics, in their order. Rejects with a CommandError when one is not there. */
  async topics(names: readonly string[]): Promise<readonly TopicSummary[]> {
    const { topics } = await this.ask("topics/describe", { names });
    const missing = names.find((name) => topics.every((topic) => topic.name !== name));
    if (missing === undefined) return topics;
    throw new CommandError(`there is no topic ${missing}.`);
  }

  close(): void {
    this.#peer.close("the command is done");
  }
}

function connect(url: string, token: string, pid: number): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: CONNECT_TIME_LIMIT_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    });
    const fail = (error: Error) =>
      reject(
        new LabError(
          "closed",
          `The lab (process ${pid}) cannot be reached at ${url}: ${error.message}.`,
        ),
      );
    socket.once("error", fail);
    socket.once("open", () => {
      socket.off("error", fail);
      resolve(socket);
    });
  });
}
