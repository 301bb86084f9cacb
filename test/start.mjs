// Starts Streamside on a copy of the sample workspace. Node built-ins only, until the packages are installed.
// usage: npm start                            in VS Code: the desktop's when `code` is on PATH, else in a browser
//        npm start -- --headless [ARG...]     only the lab with the sample topics; arguments go to `streamside serve`
// Ends with Ctrl-C or SIGTERM. On stdout are only the lab's lines (headless) or what to open.
import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { setInterval } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { installPackages } from "./support/install.mjs";
import { endWithNpm } from "./support/parent.mjs";

const ROOT = path.resolve(import.meta.dirname, "..");
const STREAMSIDE = path.join(ROOT, "dist/streamside.mjs");
const SAMPLES = ["orders", "payments"];
const LOCK_POLL_MS = 200;

/** Runs a step of the preparation; its output goes to stderr. Ends this process when it fails. */
function step(args) {
  const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

/** Resolves at the first SIGINT, SIGTERM or SIGHUP. */
function untilSignal() {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
  });
}

function copySample() {
  const parent = mkdtempSync(path.join(tmpdir(), "streamside-"));
  const folder = path.join(parent, "sample");
  cpSync("test/fixtures/workspace", folder, { recursive: true });
  return { parent, folder, data: path.join(folder, ".streamside") };
}

/** Produces the sample files to the topics of their names, through the running lab of `data`. */
async function seed(data) {
  for (const topic of SAMPLES) {
    const file = path.join(ROOT, `test/fixtures/workspace/${topic}.jsonl`);
    const args = [STREAMSIDE, "produce", topic, "--file", file, "--data", data];
    const child = spawn(process.execPath, args, { stdio: ["ignore", 2, 2] });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    if (code !== 0) console.error(`topic ${topic} could not be seeded (code ${code})`);
  }
}

/** The running lab's lock file, as soon as there is one; undefined when `signal` ends the wait. */
async function lockFile(data, signal) {
  const file = path.join(data, "lab.lock");
  try {
    for await (const _ of setInterval(LOCK_POLL_MS, undefined, { signal })) {
      if (!existsSync(file)) continue;
      try {
        const lock = JSON.parse(readFileSync(file, "utf8"));
        if (lock.control) return lock;
      } catch {
        // Being written.
      }
    }
  } catch {
    // The wait was ended.
  }
  return undefined;
}

async function headless(args) {
  step(["esbuild.mjs"]);
  const { parent, data } = copySample();
  const lab = spawn(process.execPath, [STREAMSIDE, "serve", "--data", data, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => lab.once("exit", resolve));
  createInterface({ input: lab.stdout }).on("line", (line) => {
    // The ready line goes on when it is true of the sample topics too.
    if (line.includes('"ready":true')) void seed(data).then(() => console.log(line));
    else console.log(line);
  });
  void untilSignal().then(() => lab.kill("SIGTERM"));
  process.exitCode = (await ended) ?? 0;
  rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
}

/** A workspace in which the lab starts as soon as VS Code opens it. */
function selfStartingSample() {
  const sample = copySample();
  mkdirSync(sample.data);
  const file = path.join(sample.folder, ".vscode/settings.json");
  const settings = JSON.parse(readFileSync(file, "utf8"));
  settings["streamside.lab.autoStart"] = true;
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
  return sample;
}

async function onDesktop(code) {
  step(["esbuild.mjs"]);
  const { folder, data } = selfStartingSample();
  const args = ["--new-window", "--disable-workspace-trust", `--extensionDevelopmentPath=${ROOT}`];
  spawnSync(code, [...args, folder], {
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  console.log(`VS Code opens ${folder}`);
  const stopped = new AbortController();
  void untilSignal().then(() => stopped.abort());
  const lock = await lockFile(data, stopped.signal);
  if (lock === undefined) return;
  await seed(data);
  console.log(`the lab listens on ${lock.bootstrap}; it ends when its last window is closed`);
}

async function inBrowser({ missing }) {
  if (missing !== undefined) {
    console.error(`There is no \`code\` on PATH, and ${missing}.`);
    process.exit(1);
  }
  step(["test/run.mjs", "package"]);
  const { compileProgram } = await import("./support/suites.mjs");
  const program = await compileProgram("test/support/vscode-host.ts");
  const { startServer } = await import(pathToFileURL(path.resolve(program)).href);
  const { parent, folder, data } = selfStartingSample();
  const server = await startServer({ vsix: "out/streamside.vsix" });
  console.log(`Open ${server.address(folder)}`);
  console.log("Ctrl-C ends it.");
  const stopped = new AbortController();
  const signalled = untilSignal().then(() => stopped.abort());
  const lock = await lockFile(data, stopped.signal);
  if (lock !== undefined) {
    await seed(data);
    console.log(`the lab listens on ${lock.bootstrap}`);
    await signalled;
  }
  await server.stop();
  const left = await lockFile(data, AbortSignal.timeout(LOCK_POLL_MS * 2));
  if (left !== undefined) process.kill(left.pid, "SIGTERM");
  rmSync(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: LOCK_POLL_MS });
  process.exit(0);
}

process.chdir(ROOT);
const words = process.argv.slice(2);
endWithNpm();
installPackages();
if (words.includes("--headless")) {
  await headless(words.filter((word) => word !== "--headless"));
} else {
  const tools = await import("./support/tools.mjs");
  const code = tools.onPath("code");
  await (code === undefined ? inBrowser(tools.newestHost()) : onDesktop(code));
}
