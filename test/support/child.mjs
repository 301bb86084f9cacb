// Runs one program to its end, as a process group that does not outlive this process.
import { spawn } from "node:child_process";

const running = new Set();
const KILL_GRACE_MS = 5_000;

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

/** From the first child on: nothing that was started here outlives this process. */
function watchOwnEnd() {
  process.once("exit", () => {
    for (const child of running) killGroup(child, "SIGKILL");
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      // What a child started in groups of its own, only the child can end.
      for (const child of running) {
        killGroup(child, "SIGTERM");
        child.once("exit", () => process.exit(130));
      }
      setTimeout(() => process.exit(130), running.size > 0 ? KILL_GRACE_MS : 0);
    });
  }
}

let watching = false;

/**
 * Runs `command` with this process's stdout and stderr. Resolves with the exit code; 1 when it was
 * killed, which happens after `limitMs`.
 */
export function runToEnd(command, args, { env = {}, limitMs = 600_000 } = {}) {
  if (!watching) watchOwnEnd();
  watching = true;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
      detached: process.platform !== "win32",
    });
    running.add(child);
    const timer = setTimeout(() => {
      console.error(`${command} ${args.join(" ")}: no end after ${limitMs / 1000} s, killed`);
      killGroup(child, "SIGTERM");
      setTimeout(() => killGroup(child, "SIGKILL"), KILL_GRACE_MS).unref();
    }, limitMs);
    const settle = (code) => {
      clearTimeout(timer);
      killGroup(child, "SIGKILL");
      running.delete(child);
      resolve(code ?? 1);
    };
    child.once("error", (error) => {
      console.error(`${command}: ${error.message}`);
      settle(1);
    });
    child.once("exit", settle);
  });
}

/** Runs a script with this Node.js, or with the one given as `env.NODE`. */
export function runNode(args, options = {}) {
  return runToEnd(options.node ?? process.execPath, args, options);
}
