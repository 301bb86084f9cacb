// Compiles and runs one suite of tests and counts its results.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { runNode } from "./child.mjs";

/** The test files of test/<suite>/, found, never listed. */
function testFiles(suite) {
  const folder = `test/${suite}`;
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, "/")))
    .sort();
}

const COMMON = {
  bundle: true,
  platform: "node",
  target: "node20",
  sourcemap: true,
  logLevel: "warning",
};

/** Compiles the tests of a suite that runs in plain Node.js into out/test/<suite>/; returns the files. */
async function compileSuite(suite) {
  const outdir = `out/test/${suite}`;
  rmSync(outdir, { recursive: true, force: true });
  const entryPoints = testFiles(suite);
  await build({
    ...COMMON,
    entryPoints,
    outbase: `test/${suite}`,
    outdir,
    format: "esm",
    splitting: true,
    packages: "external",
  });
  return entryPoints.map((file) => file.replace(/^test\//, "out/test/").replace(/\.ts$/, ".js"));
}

/** Compiles the suite for the extension host: CommonJS, with `vscode` and `mocha` left outside. */
export async function compileIntegration() {
  rmSync("out/test/integration", { recursive: true, force: true });
  await build({
    ...COMMON,
    entryPoints: ["test/integration/index.ts", ...testFiles("integration")],
    outbase: "test/integration",
    outdir: "out/test/integration",
    outExtension: { ".js": ".cjs" },
    format: "cjs",
    external: ["vscode", "mocha"],
  });
}

/** Compiles one program, such as test/support/<name>.ts, to out/test/<its path>.js and returns that. */
export async function compileProgram(file) {
  const outfile = file.replace(/^test\//, "out/test/").replace(/\.ts$/, ".js");
  await build({ ...COMMON, entryPoints: [file], outfile, format: "esm", packages: "external" });
  return outfile;
}

/**
 * Runs `start` with the name of a file in which it is to leave its counts, and returns the counts. A
 * run that leaves none, or ends badly with no failed test, counts as one failure.
 */
export async function counted(name, start) {
  mkdirSync("out/results", { recursive: true });
  const file = path.resolve(`out/results/${name.replaceAll(" ", "-")}.json`);
  rmSync(file, { force: true });
  const code = await start(file);
  if (!existsSync(file)) {
    console.error(`${name}: ended with code ${code} and left no results`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const { passed, failed, skipped } = JSON.parse(readFileSync(file, "utf8"));
  if (code === 0 || failed > 0) return { passed, failed, skipped };
  console.error(`${name}: ended with code ${code} although no test failed`);
  return { passed, failed: 1, skipped };
}

/**
 * Compiles test/<suite>/ and runs it with mocha. `args` are mocha's; without any, a forgotten `.only`
 * is an error. A suite that leaves something open does not end, and fails at its time limit.
 */
export async function runMocha(
  suite,
  { args = [], env = {}, node, label = suite, testMs, limitMs },
) {
  const files = await compileSuite(suite);
  if (files.length === 0) throw new Error(`test/${suite}/ has no tests`);
  return counted(label, (results) =>
    runNode(
      [
        "--enable-source-maps",
        "node_modules/mocha/bin/mocha.js",
        "--reporter=test/support/count-reporter.mjs",
        `--timeout=${testMs}`,
        ...(args.length === 0 ? ["--forbid-only"] : args),
        ...files,
      ],
      { node, limitMs, env: { ...env, TEST_RESULTS: results } },
    ),
  );
}

/** What a suite that cannot run here would have run, all of it counted as skipped. */
export async function skipSuite(suite, reason) {
  let skipped = 0;
  for (const file of testFiles(suite)) {
    skipped += (readFileSync(file, "utf8").match(/^\s*(it|test)\(/gm) ?? []).length;
  }
  console.log(`${suite}: skipped, ${reason}`);
  return { passed: 0, failed: 0, skipped: Math.max(1, skipped) };
}
