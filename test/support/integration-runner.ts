/**
 * Runs out/test/integration inside a real extension host: a desktop VS Code where one can be had, else
 * the VS Code server from npm. TEST_HOST is auto, server or electron; TEST_RESULTS names the file in
 * which the suite leaves its counts, since a killed extension host ends the run with code 0.
 */
import { EventEmitter, once } from "node:events";
import path from "node:path";
import { format } from "node:util";
import type { Page } from "playwright-core";
import { copyWorkspace, startBrowser, startServer } from "./vscode-host.ts";

const ROOT = process.cwd();
const SUITE = path.join(ROOT, "out/test/integration/index.cjs");
const LIMIT_MS = Number(process.env["TEST_LIMIT_MS"] ?? 180_000);
const OFFLINE = new Set(
  "ENOTFOUND EAI_AGAIN ECONNREFUSED ECONNRESET ETIMEDOUT ENETUNREACH EHOSTUNREACH".split(" "),
);

/** Runs the suite in desktop VS Code. Undefined when none can be had here. */
async function runOnDesktop(folder: string, required: boolean): Promise<number | undefined> {
  const { downloadAndUnzipVSCode, runTests } = await import("@vscode/test-electron");
  let program = process.env["VSCODE_EXECUTABLE_PATH"];
  const display = process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"];
  if (process.platform === "linux" && display === undefined && !required && program === undefined) {
    console.log("no display for a desktop VS Code: using the VS Code server from npm");
    return undefined;
  }
  try {
    program ??= await downloadAndUnzipVSCode({
      version: process.env["VSCODE_VERSION"] ?? "stable",
      extensionDevelopmentPath: ROOT,
      timeout: 15_000,
    });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (required || !OFFLINE.has(code)) throw error;
    console.log(`no desktop VS Code to download (${code}): using the VS Code server from npm`);
    return undefined;
  }
  return runTests({
    vscodeExecutablePath: program,
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: SUITE,
    launchArgs: [folder, "--disable-extensions"],
  }).catch((error: unknown) => {
    console.error(error);
    return 1;
  });
}

/** Resolves with the suite's exit code; 97 when it does not end, 98 when the page dies. */
async function outcome(page: Page, address: string): Promise<number> {
  const ends = new EventEmitter();
  const ended = once(ends, "end", { signal: AbortSignal.timeout(LIMIT_MS) });
  page.on("crash", () => ends.emit("end", 98));
  // Outside of the suite's own marks, what arrives is the workbench's log.
  let suiteRuns = process.env["VERBOSE"] !== undefined;
  await page.exposeFunction("codeAutomationLog", (_level: string, args: unknown) => {
    const line = format(...(Array.isArray(args) ? (args as unknown[]) : [args]));
    if (line.includes("##suite") || line.includes("##end")) suiteRuns = line.includes("##suite");
    else if (suiteRuns && !line.includes("additional builtin extensions")) console.log(line);
  });
  await page.exposeFunction("codeAutomationExit", (code: number) => void ends.emit("end", code));
  await page.goto(address);
  try {
    const [code] = (await ended) as [number];
    return code;
  } catch {
    console.error(`the suite did not end in ${LIMIT_MS} ms`);
    return 97;
  }
}

async function runOnServer(folder: string): Promise<number> {
  const server = await startServer({ smoke: true });
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const payload = [
      ["extensionDevelopmentPath", server.remote(ROOT)],
      ["extensionTestsPath", server.remote(SUITE)],
    ];
    return await outcome(page, server.address(folder, { payload: JSON.stringify(payload) }));
  } finally {
    await browser.close();
    await server.stop();
  }
}

const host = process.env["TEST_HOST"] ?? "auto";
const workspace = copyWorkspace();
const onDesktop =
  host === "server" ? undefined : await runOnDesktop(workspace.folder, host === "electron");
const code = onDesktop ?? (await runOnServer(workspace.folder));
workspace.dispose();
process.exit(code);
