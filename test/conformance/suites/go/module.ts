/** Go modules for outside suites, by name and version from the module proxy, and programs made of them. */
import { existsSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { mustRun, runCommand } from "../command.ts";
import { SuiteMissing } from "../suite.ts";

const DOWNLOAD_LIMIT_MS = 5 * 60_000;
const BUILD_LIMIT_MS = 10 * 60_000;

/** Puts the source of a module into `folder`, where Go may write, and returns where it is. */
async function goModule(folder: string, module: string, version: string): Promise<string> {
  const source = path.resolve(folder, version);
  if (existsSync(source)) return source;
  const unfinished = `${source}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const limitMs = DOWNLOAD_LIMIT_MS;
  await mustRun("cp", ["-r", await download(folder, `${module}@${version}`), unfinished], {
    limitMs,
  });
  await mustRun("chmod", ["-R", "u+w", unfinished], { limitMs });
  renameSync(unfinished, source);
  return source;
}

/** The folder of Go's module cache, which is read-only. */
async function download(folder: string, module: string): Promise<string> {
  const options = { cwd: folder, limitMs: DOWNLOAD_LIMIT_MS };
  await mustRun("go", ["mod", "download", module], options);
  const lines: string[] = [];
  const onLine = (line: string) => void lines.push(line);
  await runCommand("go", ["mod", "download", "-json", module], { ...options, onLine });
  const said: unknown = JSON.parse(lines.join("\n"));
  if (typeof said === "object" && said !== null && "Dir" in said && typeof said.Dir === "string") {
    return said.Dir;
  }
  throw new SuiteMissing(`go mod download does not say where ${module} is`);
}

export interface GoPackage {
  readonly module: string;
  readonly version: string;
  /** Inside the module: `.` or `pkg/kgo`. */
  readonly name: string;
  readonly tags?: string;
}

/** The tests of a package, compiled into a program. */
export class GoTestProgram {
  readonly #folder: string;
  readonly #package: GoPackage;

  /** Both are, or are to be, below `folder`. */
  constructor(folder: string, goPackage: GoPackage) {
    this.#folder = folder;
    this.#package = goPackage;
  }

  get file(): string {
    const { module, name } = this.#package;
    return path.resolve(this.#folder, `${path.basename(path.join(module, name))}.test`);
  }

  /** The folder of the package, in which Go runs its tests. */
  get cwd(): string {
    return path.resolve(this.#folder, this.#package.version, this.#package.name);
  }

  async build(): Promise<void> {
    const { module, version, name, tags = "" } = this.#package;
    const cwd = await goModule(this.#folder, module, version);
    // The module may have been published with a go.mod that a newer Go completes first.
    const args = ["test", "-c", "-mod=mod", "-tags", tags, "-o", this.file, `./${name}`];
    await mustRun("go", args, { cwd, limitMs: BUILD_LIMIT_MS });
  }
}

/** Installs a program by module and version into `folder` and returns the program. */
export async function goInstall(folder: string, program: string, version: string): Promise<string> {
  const file = path.resolve(folder, path.basename(program));
  const env = { GOBIN: path.resolve(folder) };
  const args = ["install", `${program}@${version}`];
  if (!existsSync(file)) await mustRun("go", args, { cwd: folder, env, limitMs: BUILD_LIMIT_MS });
  return file;
}
