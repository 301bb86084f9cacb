import { runCli } from "./cli/run.ts";

/** Set by the build from package.json. */
declare const STREAMSIDE_VERSION: string;

process.exitCode = await runCli(process.argv.slice(2), {
  version: STREAMSIDE_VERSION,
  // The broker is loaded only by the command that needs it.
  startLab: async (options) => (await import("./lab.ts")).startLab(options),
});
