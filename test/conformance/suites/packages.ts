/** Packages of registries, unpacked where a suite wants them. */
import { runCommand, mustRun } from "./command.ts";
import { SuiteMissing } from "./suite.ts";

const FETCH_LIMIT_MS = 300_000;

/** Unpacks a package of the npm registry into `folder`/package. Throws SuiteMissing. */
export async function npmPackage(name: string, folder: string): Promise<void> {
  const options = { cwd: folder, limitMs: FETCH_LIMIT_MS };
  const { code, tail } = await runCommand("npm", ["pack", "--silent", name], options);
  const archive = tail.trim().split("\n").at(-1);
  if (code !== 0 || archive === undefined) throw new SuiteMissing(`npm pack ${name}: ${tail}`);
  await mustRun("tar", ["xzf", archive], options);
}

/** Unpacks the source package (sdist) of a project on PyPI into `folder`. Throws SuiteMissing. */
export async function pythonSource(python: string, name: string, folder: string): Promise<void> {
  const options = { cwd: folder, limitMs: FETCH_LIMIT_MS };
  const [project = "", version = ""] = name.split("==");
  const args = ["download", "--no-deps", "--no-binary", project, name];
  await mustRun(python, ["-m", "pip", ...args], options);
  await mustRun("tar", ["xzf", `${project.replaceAll("-", "_")}-${version}.tar.gz`], options);
}
