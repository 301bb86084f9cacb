// Brings the project's npm packages in. Node built-ins only: this runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const STAMP = "node_modules/.installed-lock";

/** Runs `npm ci` unless node_modules already holds what package-lock.json says. Throws when it fails. */
export function installPackages() {
  const want = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === want) return;
  console.error("installing npm packages (npm ci)");
  // npm's own report goes to stderr: stdout belongs to whoever called.
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ci failed${error ? `: ${error.message}` : ""}`);
  writeFileSync(STAMP, want);
}
