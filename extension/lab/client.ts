import { readFile } from "node:fs/promises";
import path from "node:path";
import { WebSocket } from "ws";
import type { Lab, LabClient } from "../../runtime/api/lab.ts";
import type { LabInfo } from "../../runtime/api/model.ts";
import {
  type EventOf,
  type MethodOf,
  type ParamsOf,
  type ResultOf,
  RpcPeer,
  type Subscription,
} from "../../runtime/api/rpc.ts";
import { socketPipe } from "../../runtime/api/socket-pipe.ts";
import { MAX_FRAME_BYTES } from "../../runtime/api/frame-codec.ts";
import { isAlive } from "./process.ts";

/** How long a living lab may take to accept a connection, and to answer its first request. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Limit of a request that does not wait by itself. */
const REQUEST_TIMEOUT_MS = 30_000;
/** A token is only ever sent to this machine. */
const LOOPBACK = /^ws:\/\/127\.0\.0\.1:\d{1,5}\/?$/;
/** A lock file larger than this is not one. */
const MAX_LOCK_BYTES = 64 * 1024;

/** A lab that runs and to which this window is connected. What needs a lab takes one of these. */
export interface RunningLab {
  readonly info: LabInfo;
  /** Rejects with a LabError. Without a signal a request ends after 30 s; with one, when it aborts. */
  request<M extends MethodOf<Lab>>(
    method: M,
    params: ParamsOf<Lab, M>,
    signal?: AbortSignal,
  ): Promise<ResultOf<Lab, M>>;
  on<E extends EventOf<Lab>>(name: E, listener: (payload: Lab["events"][E]) => void): Subscription;
  onClosed(listener: (reason: string) => void): Subscription;
  /** Ends the connection and gives up this window's lease; the lab lives on for other windows. */
  close(): void;
}

/** Between looks at the lock file of a lab that is starting. */
const LOOK_AGAIN_MS = 50;
/** Longest wait for one; after it the lock is left to a new lab, which can tell a dead owner for sure. */
const STARTING_LIMIT_MS = 15_000;

/** What a lock file says. A lab that is still starting has no address yet. */
export interface Lock {
  readonly pid: number;
  readonly address: { readonly control: string; readonly token: string } | undefined;
}

/**
 * Connects to the lab that holds a data folder, waiting while that lab starts. Undefined when none
 * does: no lock file, or one whose process has gone or cannot be reached.
 *
 * @throws LabError when a lab is there and refuses
 */
export async function attach(
  dataFolder: string,
  signal: AbortSignal,
): Promise<RunningLab | undefined> {
  for (let waitedMs = 0; waitedMs < STARTING_LIMIT_MS; waitedMs += LOOK_AGAIN_MS) {
    if (signal.aborted) break;
    const lock = await readLock(dataFolder);
    if (lock === undefined || !isAlive(lock.pid)) return undefined;
    if (lock.address !== undefined) {
      const socket = await connect(lock.address, signal);
      return socket === undefined ? undefined : greet(socket);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return undefined;
}

/** The lock file of a data folder; a lab writes it when it accepts connections. */
export function lockFile(dataFolder: string): string {
  return path.join(dataFolder, "lab.lock");
}

async function readLock(dataFolder: string): Promise<Lock | undefined> {
  let text: string;
  try {
    text = await readFile(lockFile(dataFolder), "utf8");
  } catch {
    return undefined;
  }
  return text.length > MAX_LOCK_BYTES ? undefined : parseLock(text);
}

/** The fields of a lock file that a client needs, or undefined when it is not one. */
export function parseLock(text: string): Lock | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const pid = "pid" in value ? value.pid : undefined;
  if (typeof pid !== "number" || !Number.isSafeInteger(pid) || pid <= 0) return undefined;
  const control = "control" in value ? value.control : undefined;
  const token = "token" in value ? value.token : undefined;
  if (typeof control !== "string" || typeof token !== "string") return { pid, address: undefined };
  return LOOPBACK.test(control) ? { pid, address: { control, token } } : undefined;
}

function connect(
  { control, token }: NonNullable<Lock["address"]>,
  signal: AbortSignal,
): Promise<WebSocket | undefined> {
  return new Promise((resolve) => {
    const socket = new WebSocket(control, {
      headers: { authorization: `Bearer ${token}` },
      handshakeTimeout: CONNECT_TIMEOUT_MS,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    });
    const aborted = () => socket.terminate();
    signal.addEventListener("abort", aborted, { once: true });
    socket.once("open", () => {
      signal.removeEventListener("abort", aborted);
      resolve(socket);
    });
    socket.on("error", () => resolve(undefined));
    socket.once("close", () => resolve(undefined));
  });
}

async function greet(socket: WebSocket): Promise<RunningLab> {
  const peer = new RpcPeer<LabClient, Lab>(socketPipe(socket), {});
  try {
    const info = await peer.request(
      "lab/hello",
      { client: "vscode", lease: true },
      { timeLimitMs: CONNECT_TIMEOUT_MS },
    );
    return {
      info,
      request: (method, params, signal) =>
        peer.request(
          method,
          params,
          signal === undefined ? { timeLimitMs: REQUEST_TIMEOUT_MS } : { signal },
        ),
      on: (name, listener) => peer.on(name, listener),
      onClosed: (listener) => peer.onClose(listener),
      close: () => peer.close("the window lets go"),
    };
  } catch (error) {
    peer.close("no greeting");
    throw error;
  }
}
