/** Connections that behave badly, and what the lab does about them. */
import { readFileSync } from "node:fs";
import { type Socket, connect } from "node:net";
import type { Attack } from "./attacks.ts";

/** How long a whole frame may stay without an answer before the attacker gives up on one. */
const GRACE_MS = 5_000;
/** The same for a request that may rightly wait, such as a fetch. */
const PATIENT_GRACE_MS = 300;
/** How long the lab may take to close a connection whose other side is closed. */
const CLOSE_LIMIT_MS = 5_000;

/** Produce without acknowledgement, Fetch and JoinGroup, which a mutation can make wait. */
const PATIENT_KEYS = new Set([0, 1, 11]);
const API_KEY_AT = 4;

/** Whether a lab that does not answer at once may be right. */
export const mayWait = ({ bytes }: Attack): boolean =>
  bytes.length >= API_KEY_AT + 2 && PATIENT_KEYS.has(bytes.readInt16BE(API_KEY_AT));

/** `given up`: no answer within the grace, closed when the attacker closed; `open`: not even then. */
export type Outcome = "answered" | "closed" | "given up" | "open";

export function connectTo(bootstrap: string): Socket {
  const { hostname, port } = new URL(`kafka://${bootstrap}`);
  return connect({ host: hostname, port: Number(port) }).setNoDelay(true);
}

/** Sends one attack on a connection of its own. */
export function attackWith(bootstrap: string, attack: Attack): Promise<Outcome> {
  const { bytes, incomplete } = attack;
  const graceMs = mayWait(attack) ? PATIENT_GRACE_MS : GRACE_MS;
  return new Promise((resolve) => {
    const socket = connectTo(bootstrap);
    let gaveUp = false;
    const settle = (outcome: Outcome): void => {
      resolve(outcome);
      // Without a farewell, so that ten thousand of them leave no ports waiting.
      socket.resetAndDestroy();
    };
    const giveUp = (): void => {
      if (gaveUp) return settle("open");
      gaveUp = true;
      socket.setTimeout(CLOSE_LIMIT_MS);
      socket.end();
    };
    socket.on("timeout", giveUp);
    socket.on("data", () => settle("answered"));
    socket.on("error", () => settle("closed"));
    socket.on("close", () => settle(gaveUp && !incomplete ? "given up" : "closed"));
    socket.on("connect", () => {
      socket.write(bytes);
      if (incomplete) giveUp();
      else socket.setTimeout(graceMs);
    });
  });
}

/** Memory of a process that is in use, in bytes; undefined where the system does not say. */
export function rssBytes(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}
