/** Where one case of a suite on the JVM plays: a lab of its own, a folder, and the programs it starts. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LabUnderTest } from "../../lab-under-test.ts";
import type { CaseResult, SuiteContext } from "../suite.ts";
import { JavaProgram, type JavaOptions } from "./java-program.ts";

/** The test program could not tell; its own doing, not the lab's. The message says why. */
export class Undecided extends Error {
  override readonly name = "Undecided";
}

export interface JvmCase {
  readonly name: string;
  /** Throws with what went wrong. */
  run(scene: Scene): Promise<void>;
}

export type StartOptions = Partial<Pick<JavaOptions, "classPath" | "heapMb" | "jvm">>;

export class Scene {
  readonly lab: LabUnderTest;
  /** Empty at first, and kept after the run for people who look into a failure. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly #classPath: string;
  readonly #programs: JavaProgram[] = [];

  constructor(lab: LabUnderTest, folder: string, classPath: string, signal: AbortSignal) {
    this.lab = lab;
    this.folder = folder;
    this.signal = signal;
    this.#classPath = classPath;
  }

  get bootstrap(): string {
    return this.lab.bootstrap;
  }

  /** Starts a program, which ends with the case at the latest. `name` names its log. */
  start(
    name: string,
    main: string,
    args: readonly string[] = [],
    options: StartOptions = {},
  ): JavaProgram {
    const program = new JavaProgram({
      classPath: this.#classPath,
      ...options,
      main,
      args,
      logFile: path.join(this.folder, `${name}.log`),
      signal: this.signal,
    });
    this.#programs.push(program);
    return program;
  }

  /** Writes a file for a program and returns its path. */
  write(name: string, text: string): string {
    const file = path.join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** The same for a properties file. */
  properties(name: string, values: Readonly<Record<string, string | number>>): string {
    const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
    return this.write(name, lines.join(""));
  }

  async restartLab(): Promise<void> {
    await this.lab.kill();
    await this.lab.startAgain();
  }

  async dispose(): Promise<void> {
    for (const program of this.#programs) await program.stop("SIGKILL");
    await this.lab.dispose();
  }
}

/** Gives `scenario` a scene with a lab of its own, and clears it afterwards. */
export async function withScene(
  context: SuiteContext,
  name: string,
  classPath: string,
  scenario: (scene: Scene) => Promise<void>,
): Promise<void> {
  const folder = path.join(context.folder, "runs", name.replaceAll(/[^\w.-]+/g, "-"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const scene = new Scene(await context.startLab(), folder, classPath, context.signal);
  try {
    await scenario(scene);
  } finally {
    await scene.dispose();
  }
}

/** How often a case is played that ends undecided. */
const MAX_PLAYS = 3;

/** Plays one case, again where it is undecided, each time with a lab of its own. */
async function play(context: SuiteContext, classPath: string, each: JvmCase): Promise<CaseResult> {
  const { name } = each;
  for (let plays = 1; ; plays++) {
    try {
      await withScene(context, name, classPath, (scene) => each.run(scene));
      return { name, outcome: "passed" };
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      const isLast = plays === MAX_PLAYS || !(error instanceof Undecided);
      if (isLast) return { name, outcome: "failed", detail };
      console.log(`  undecided ${name}: ${detail}`);
    }
  }
}

/** Runs those cases that are wanted, one after the other. */
export async function runCases(
  context: SuiteContext,
  classPath: string,
  cases: readonly JvmCase[],
): Promise<void> {
  for (const each of cases) {
    if (context.only?.test(each.name) === false) continue;
    context.report(await play(context, classPath, each));
  }
}
