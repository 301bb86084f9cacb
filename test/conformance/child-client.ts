/** A client that is a program of its own and speaks lines of JSON on its pipes: see clients/. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import {
  ClientError,
  type Member,
  type ProduceOptions,
  type Received,
  type Session,
  type TestMessage,
} from "./client.ts";
import { type JsonMessage, type Line, type Op, fromJson, toJson } from "./protocol.ts";

const STDERR_KEPT_CHARS = 4_000;

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

class ChildMember implements Member {
  assigned: readonly number[] = [];
  readonly received: Received[] = [];
  readonly #commit: (positions: ReadonlyMap<number, number>) => Promise<void>;

  constructor(commit: (positions: ReadonlyMap<number, number>) => Promise<void>) {
    this.#commit = commit;
  }

  commit(positions: ReadonlyMap<number, number>): Promise<void> {
    return this.#commit(positions);
  }
}

class ChildSession implements Session {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #members = new Map<string, ChildMember>();
  #lastId = 0;
  #stderr = "";

  constructor(child: ChildProcess) {
    this.#child = child;
    if (child.stdout === null || child.stderr === null) throw new Error("the client has no pipes");
    createInterface({ input: child.stdout }).on("line", (line) => this.#receive(line));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT_CHARS);
    });
    child.once("error", (error) => this.#end(error.message));
    child.once("close", (code, signal) => this.#end(`ended with ${signal ?? code}`));
    child.stdin?.on("error", () => undefined);
  }

  #end(how: string): void {
    for (const pending of this.#pending.values()) {
      pending.reject(new ClientError(`the client ${how}: ${this.#stderr}`, -1));
    }
    this.#pending.clear();
  }

  #receive(text: string): void {
    const line = JSON.parse(text) as Line;
    if ("event" in line) {
      const member = this.#members.get(line.member);
      if (line.event === "assigned" && member !== undefined) member.assigned = line.partitions;
      if (line.event === "message") member?.received.push(fromJson(line.message));
      return;
    }
    const pending = this.#pending.get(line.id);
    this.#pending.delete(line.id);
    if ("error" in line) pending?.reject(new ClientError(line.error.message, line.error.code));
    else pending?.resolve(line.result);
  }

  call(op: Op): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify({ id, ...op })}\n`);
    });
  }

  async createTopic(topic: string, partitions: number): Promise<void> {
    await this.call({ op: "createTopic", topic, partitions });
  }

  async deleteTopic(topic: string): Promise<void> {
    await this.call({ op: "deleteTopic", topic });
  }

  async produce(
    topic: string,
    messages: readonly TestMessage[],
    { codec = "none", idempotent = false }: ProduceOptions = {},
  ): Promise<void> {
    const json: JsonMessage[] = messages.map(toJson);
    await this.call({ op: "produce", topic, messages: json, codec, idempotent });
  }

  async offsetsAt(topic: string, timestampMs: number): Promise<Map<number, number>> {
    const result = await this.call({ op: "offsetsAt", topic, timestampMs });
    return new Map(result as [number, number][]);
  }

  async join(group: string, topic: string): Promise<Member> {
    const name = `member-${this.#members.size + 1}`;
    const member = new ChildMember(async (positions) => {
      await this.call({ op: "commit", member: name, positions: [...positions] });
    });
    this.#members.set(name, member);
    await this.call({ op: "join", member: name, group, topic });
    return member;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await exit;
  }
}

/** Starts a client program; the first thing it is told is where the lab is. */
export async function startChild(
  command: readonly [string, ...string[]],
  bootstrap: string,
): Promise<Session> {
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  const killAtExit = (): void => void child.kill("SIGKILL");
  process.once("exit", killAtExit);
  child.once("exit", () => process.removeListener("exit", killAtExit));
  const session = new ChildSession(child);
  await session.call({ op: "start", bootstrap });
  return session;
}
