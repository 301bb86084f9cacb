// Builds dist/. usage: node esbuild.mjs [extension|runtime|media]... [--watch]
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { build, context } from "esbuild";

const names = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const watch = process.argv.includes("--watch");

// Names of functions stay, so that a stack trace in a bug report can be read without a source map.
const common = { bundle: true, minifySyntax: true, minifyWhitespace: true, logLevel: "warning" };

/** Each folder below media/ with a main.ts is one webview: its script, and the style sheet of its name. */
function webviews() {
  const folders = readdirSync("media").filter((name) => existsSync(`media/${name}/main.ts`));
  return folders.flatMap((name) => [
    { in: `media/${name}/main.ts`, out: name },
    { in: `media/${name}/${name}.css`, out: name },
  ]);
}

const bundles = {
  extension: () => ({
    ...common,
    entryPoints: ["extension/main.ts"],
    outfile: "dist/extension.cjs",
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
  }),
  runtime: () => ({
    ...common,
    entryPoints: [
      { in: "runtime/main.ts", out: "streamside" },
      { in: "runtime/scan-worker.ts", out: "scan-worker" },
    ],
    outdir: "dist",
    outExtension: { ".js": ".mjs" },
    // What is imported when it is first needed stays out of the start.
    splitting: true,
    // Beside the bundles, so that what lies beside them is found from there too.
    chunkNames: "[name]-[hash]",
    platform: "node",
    format: "esm",
    target: "node20",
    define: { STREAMSIDE_VERSION: JSON.stringify(version) },
    banner: {
      // Bundled CommonJS packages call require() for Node's own modules.
      js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);',
    },
  }),
  media: () => ({
    ...common,
    entryPoints: webviews(),
    outdir: "dist/media",
    platform: "browser",
    format: "iife",
    target: "es2022",
    charset: "utf8",
  }),
};

/** Removes what an earlier build left and this one did not write, last, so that a running lab loses nothing. */
function removeStale(results) {
  const written = results.flatMap((result) => Object.keys(result.metafile.outputs));
  for (const file of readdirSync("dist", { recursive: true, withFileTypes: true })) {
    const name = path.posix.join(file.parentPath.replaceAll(path.sep, "/"), file.name);
    if (file.isFile() && !written.includes(name)) rmSync(name);
  }
}

const unknown = names.filter((name) => !(name in bundles));
if (unknown.length > 0) throw new Error(`no such bundle: ${unknown.join(", ")}`);
const started = performance.now();
const wanted = names.length > 0 ? names : Object.keys(bundles);
const results = await Promise.all(
  wanted.map(async (name) => {
    const options = { ...bundles[name](), metafile: true };
    if (!watch) return build(options);
    const running = await context({ ...options, logLevel: "info" });
    await running.watch();
    return running.rebuild();
  }),
);
if (names.length === 0) removeStale(results);
if (existsSync("dist/streamside.mjs")) chmodSync("dist/streamside.mjs", 0o755);
const sizes = results
  .flatMap((result) => Object.entries(result.metafile.outputs))
  .map(([file, output]) => `${path.relative("dist", file)} ${Math.ceil(output.bytes / 1024)} kB`);
console.log(`dist: ${sizes.join(", ")} in ${Math.round(performance.now() - started)} ms`);
