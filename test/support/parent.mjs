// A signal to npm ends npm and its shell, but does not reach the script that they run.
import process from "node:process";

const POLL_MS = 500;

/** Run by npm, this process gets a SIGTERM of its own once npm's shell is gone. */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, POLL_MS);
  timer.unref();
}
