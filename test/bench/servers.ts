/** The servers under measurement, each in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { startLab } from "../support/lab-process.ts";

export interface Server {
  readonly name: string;
  readonly bootstrap: string;
  readonly pid: number;
  stop(): Promise<unknown>;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export async function startLabServer(data: string, node: string): Promise<Server> {
  const lab = await startLab({ data, node });
  const { bootstrap, pid } = lab.ready;
  return { name: "lab", bootstrap, pid, stop: () => lab.stop() };
}

export async function startLimitBroker(program: string, folder: string): Promise<Server> {
  const data = path.join(folder, "limit");
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const child = spawn(program, [String(port), data, "1", "1"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  return {
    name: "limit",
    bootstrap: `127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
