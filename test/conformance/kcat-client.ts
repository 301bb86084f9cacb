/** kcat (librdkafka): every produce is a process that ends, every member one that stays. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { waitFor } from "../support/wait-for.ts";
import {
  ClientError,
  type Member,
  type ProduceOptions,
  type Received,
  type Session,
  type TestMessage,
} from "./client.ts";
import { committedOffsets, createTopic, partitionCount } from "./wire-client.ts";

/** Byte strings that no test message holds. */
const END_OF_MESSAGE = "<<end>>\n";
const END_OF_KEY = "<<key>>";
/** Partition, offset, timestamp, length of key and value (-1 for null), headers, then both. */
const FORMAT = "%p %o %T %K %S\\n%h\\n%k%s\\n";
const SETTINGS = {
  "reconnect.backoff.ms": "50",
  "reconnect.backoff.max.ms": "500",
  "message.max.bytes": "10000000",
};
const MEMBER_SETTINGS = {
  "auto.offset.reset": "earliest",
  "auto.commit.interval.ms": "100",
  "session.timeout.ms": "6000",
  "heartbeat.interval.ms": "200",
  "topic.metadata.refresh.interval.ms": "1000",
};
const CODES: readonly (readonly [RegExp, number])[] = [
  [/Message size too large/, 10],
  [/Unknown topic or partition/, 3],
];

export interface Output {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Runs kcat to its end. */
export async function runKcat(
  kcat: string,
  args: readonly string[],
  input: Buffer = Buffer.alloc(0),
): Promise<Output> {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ["-X", `${name}=${value}`]);
  const child = spawn(kcat, [...settings, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  const stdout: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout: Buffer.concat(stdout), stderr };
}

/** Takes whole messages of FORMAT off the front of `bytes`; returns them and the rest. */
export function parseMessages(bytes: Buffer): { messages: Received[]; rest: Buffer } {
  const messages: Received[] = [];
  let at = 0;
  for (;;) {
    const line = bytes.indexOf("\n", at);
    const headerLine = line === -1 ? -1 : bytes.indexOf("\n", line + 1);
    if (headerLine === -1) break;
    const numbers = bytes.toString("latin1", at, line).split(" ").map(Number);
    const [partition = -1, offset = -1, timestampMs = -1, keyLength = -1, valueLength = -1] =
      numbers;
    const keyAt = headerLine + 1;
    const valueAt = keyAt + Math.max(0, keyLength);
    const end = valueAt + Math.max(0, valueLength);
    if (end + 1 > bytes.length) break;
    const fields = bytes
      .toString("utf8", line + 1, headerLine)
      .split(",")
      .filter(Boolean);
    messages.push({
      partition,
      offset,
      timestampMs,
      headers: fields.map((field) => {
        const [name = "", ...value] = field.split("=");
        return [name, Buffer.from(value.join("="))];
      }),
      key: keyLength < 0 ? null : Buffer.from(bytes.subarray(keyAt, valueAt)),
      value: valueLength < 0 ? null : Buffer.from(bytes.subarray(valueAt, end)),
    });
    at = end + 1;
  }
  return { messages, rest: bytes.subarray(at) };
}

export const PARSEABLE = ["-u", "-f", FORMAT];

class KcatMember implements Member {
  assigned: readonly number[] = [];
  readonly received: Received[] = [];
  readonly child: ChildProcess;
  readonly #bootstrap: string;
  readonly #group: string;

  constructor(kcat: string, bootstrap: string, group: string, topic: string) {
    this.#bootstrap = bootstrap;
    this.#group = group;
    // Without -E kcat ends when the lab is gone for a moment.
    const settings = Object.entries({ ...SETTINGS, ...MEMBER_SETTINGS });
    const args = settings.flatMap(([name, value]) => ["-X", `${name}=${value}`]);
    this.child = spawn(kcat, ["-b", bootstrap, ...args, ...PARSEABLE, "-E", "-G", group, topic], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let unread: Buffer = Buffer.alloc(0);
    this.child.stdout?.on("data", (chunk: Buffer) => {
      const { messages, rest } = parseMessages(Buffer.concat([unread, chunk]));
      this.received.push(...messages);
      unread = rest;
    });
    if (this.child.stderr === null) throw new Error("kcat has no stderr");
    createInterface({ input: this.child.stderr }).on("line", (line) => this.#read(line));
  }

  /** "% Group g rebalanced (memberid m): assigned: topic [0], topic [1]" */
  #read(line: string): void {
    const [, what, partitions = ""] = /rebalanced .*?: (assigned|revoked):?(.*)$/.exec(line) ?? [];
    if (what === "revoked") this.assigned = [];
    if (what !== "assigned") return;
    this.assigned = [...partitions.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index));
  }

  /** kcat commits by itself what it has printed; this waits until the lab has it. */
  async commit(positions: ReadonlyMap<number, number>): Promise<void> {
    await waitFor("kcat commits", async () => {
      const committed = await committedOffsets(this.#bootstrap, this.#group);
      return [...positions].every(([partition, offset]) => committed.get(partition) === offset);
    });
  }
}

class KcatSession implements Session {
  readonly #kcat: string;
  readonly #bootstrap: string;
  readonly #members: KcatMember[] = [];

  constructor(kcat: string, bootstrap: string) {
    this.#kcat = kcat;
    this.#bootstrap = bootstrap;
  }

  async #run(args: readonly string[], input?: Buffer): Promise<Output> {
    const output = await runKcat(this.#kcat, ["-b", this.#bootstrap, ...args], input);
    const code = CODES.find(([pattern]) => pattern.test(output.stderr))?.[1];
    if (output.code !== 0 || code !== undefined) throw new ClientError(output.stderr, code ?? -1);
    return output;
  }

  /** kcat has no command for it. */
  async createTopic(topic: string, partitions: number): Promise<void> {
    await createTopic(this.#bootstrap, topic, partitions);
    await waitFor("the topic", () => partitionCount(this.#bootstrap, topic));
  }

  deleteTopic(): Promise<void> {
    return Promise.reject(new Error("kcat cannot delete topics"));
  }

  /** Headers, the partition and whether an empty value means null hold for a whole run of kcat. */
  async produce(
    topic: string,
    messages: readonly TestMessage[],
    { codec = "none", idempotent = false }: ProduceOptions = {},
  ): Promise<void> {
    const runs = new Map<string, { args: string[]; lines: Buffer[] }>();
    for (const { partition, key, value, headers } of messages) {
      const args = headers.flatMap(([name, bytes]) => ["-H", `${name}=${bytes.toString()}`]);
      args.push("-p", String(partition), ...(value === null ? ["-Z"] : []));
      const run = runs.get(args.join("\0")) ?? { args, lines: [] };
      runs.set(args.join("\0"), run);
      const keyPart = key === null ? [] : [key, Buffer.from(END_OF_KEY)];
      run.lines.push(
        Buffer.concat([...keyPart, value ?? Buffer.alloc(0), Buffer.from(END_OF_MESSAGE)]),
      );
    }
    const common = ["-P", "-t", topic, "-z", codec, "-D", END_OF_MESSAGE, "-K", END_OF_KEY];
    if (idempotent) common.push("-X", "enable.idempotence=true");
    for (const { args, lines } of runs.values()) {
      await this.#run([...common, ...args], Buffer.concat(lines));
    }
  }

  async offsetsAt(topic: string, timestampMs: number): Promise<Map<number, number>> {
    const count = await partitionCount(this.#bootstrap, topic);
    const queries = Array.from({ length: count ?? 0 }, (_, partition) => [
      "-t",
      `${topic}:${partition}:${timestampMs}`,
    ]);
    const { stdout } = await this.#run(["-Q", ...queries.flat()]);
    const lines = stdout.toString().matchAll(/\[(\d+)\] offset (-?\d+)/g);
    return new Map([...lines].map(([, partition, offset]) => [Number(partition), Number(offset)]));
  }

  async join(group: string, topic: string): Promise<Member> {
    const member = new KcatMember(this.#kcat, this.#bootstrap, group, topic);
    this.#members.push(member);
    return member;
  }

  async kill(): Promise<void> {
    for (const { child } of this.#members) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    }
  }
}

export const startKcat = async (kcat: string, bootstrap: string): Promise<Session> =>
  new KcatSession(kcat, bootstrap);
