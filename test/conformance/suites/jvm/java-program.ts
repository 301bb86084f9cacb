/** A program on the JVM that a suite starts, watches by the lines it writes, and kills. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

export interface JavaOptions {
  readonly classPath: string;
  readonly main: string;
  readonly args?: readonly string[];
  readonly heapMb?: number;
  /** Options of the JVM itself. */
  readonly jvm?: readonly string[];
  /** Takes in all that it writes. */
  readonly logFile: string;
  /** Kills it. */
  readonly signal: AbortSignal;
}

const DEFAULT_HEAP_MB = 384;
/** Quick to start rather than quick to run: these are many short lives on few cores. */
const JVM = [
  ...["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true"],
  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
];

type Watcher = () => void;

export class JavaProgram {
  readonly #main: string;
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];
  readonly #watchers = new Set<Watcher>();
  readonly #killNow: () => void;
  #code: number | null | undefined;
  /** How many lines {@link next} has looked at. */
  #read = 0;

  constructor(options: JavaOptions) {
    const { classPath, main, args = [], heapMb = DEFAULT_HEAP_MB, jvm = [] } = options;
    this.#main = main;
    this.#child = spawn(
      "java",
      [...JVM, `-Xmx${heapMb}m`, ...jvm, "-cp", classPath, main, ...args],
      {
        stdio: ["pipe", "pipe", "pipe"],
      },
    );
    const log = createWriteStream(options.logFile, { flags: "a" });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) throw new Error("no pipe");
      createInterface({ input: stream }).on("line", (line) => {
        log.write(`${line}\n`);
        this.#lines.push(line);
        this.#wake();
      });
    }
    // It may end before it has read what it is told.
    this.#child.stdin?.on("error", () => undefined);
    this.#killNow = () => void this.#child.kill("SIGKILL");
    options.signal.addEventListener("abort", this.#killNow, { once: true });
    process.once("exit", this.#killNow);
    const settle = (code: number | null): void => {
      if (this.#code !== undefined) return;
      options.signal.removeEventListener("abort", this.#killNow);
      process.removeListener("exit", this.#killNow);
      this.#code = code;
      log.end();
      this.#wake();
    };
    this.#child.once("error", (error) => {
      this.#lines.push(error.message);
      settle(null);
    });
    this.#child.once("close", settle);
  }

  /** How many lines it has written; what is waited for from here on is new. */
  get mark(): number {
    return this.#lines.length;
  }

  /** All that it has written. */
  get output(): string {
    return this.#lines.join("\n");
  }

  get hasEnded(): boolean {
    return this.#code !== undefined;
  }

  /** The first line from `from` on that matches. Throws when it ends before that or after `limitMs`. */
  async line(pattern: RegExp, limitMs: number, from = 0): Promise<string> {
    let next = from;
    const found = await this.#until(limitMs, `a line like ${pattern.source}`, () => {
      for (; next < this.#lines.length; next++) {
        const line = this.#lines[next];
        if (line !== undefined && pattern.test(line)) return line;
      }
      return this.#code === undefined ? undefined : { ended: this.#code };
    });
    if (typeof found === "string") return found;
    throw new Error(
      `${this.#main} ended with code ${found.ended} before ${pattern.source}: ${this.#tail()}`,
    );
  }

  /** The first line that matches after the one this gave last; undefined when it has ended without. */
  async next(pattern: RegExp, limitMs: number): Promise<string | undefined> {
    const found = await this.#until(limitMs, `a line like ${pattern.source}`, () => {
      while (this.#read < this.#lines.length) {
        const line = this.#lines[this.#read++];
        if (line !== undefined && pattern.test(line)) return { line };
      }
      return this.#code === undefined ? undefined : { line: undefined };
    });
    return found.line;
  }

  /** Its exit code; null when it was killed. Throws when it has not ended after `limitMs`. */
  async end(limitMs: number): Promise<number | null> {
    const { code } = await this.#until(limitMs, "its end", () =>
      this.#code === undefined ? undefined : { code: this.#code },
    );
    return code;
  }

  /** Writes a line to its stdin. */
  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** It is told no more. */
  endInput(): void {
    this.#child.stdin?.end();
  }

  /** Sends a signal and waits until it has ended. */
  async stop(signal: "SIGTERM" | "SIGKILL", limitMs = 60_000): Promise<number | null> {
    if (!this.hasEnded) this.#child.kill(signal);
    return await this.end(limitMs);
  }

  #wake(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #tail(): string {
    return this.#lines.slice(-5).join(" | ");
  }

  #until<T>(limitMs: number, what: string, probe: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
      };
      const watcher = (): void => {
        const found = probe();
        if (found === undefined) return;
        finish();
        resolve(found);
      };
      const timer = setTimeout(() => {
        finish();
        reject(
          new Error(`${this.#main}: not within ${limitMs / 1000} s: ${what}: ${this.#tail()}`),
        );
      }, limitMs);
      this.#watchers.add(watcher);
      watcher();
    });
  }
}
