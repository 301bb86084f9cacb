// Runs the project's checks and tests. Node built-ins only, until the packages are installed.
// usage: node test/run.mjs                      everything, in order (this is `npm test`)
//        node test/run.mjs STAGE... [ARG...]    some stages with what they need; arguments go to mocha
// The last line of stdout is `N passed, N failed, N skipped`. The exit code is 1 when anything failed
// or no test passed.
import path from "node:path";
import process from "node:process";
import { installPackages } from "./support/install.mjs";
import { endWithNpm } from "./support/parent.mjs";

process.chdir(path.resolve(import.meta.dirname, ".."));
endWithNpm();
installPackages();
const { STAGES, runStages } = await import("./support/stages.mjs");

const words = process.argv.slice(2);
const known = new Set(STAGES.map((stage) => stage.name));
const firstArg = words.findIndex((word) => !known.has(word));
const names = firstArg === -1 ? words : words.slice(0, firstArg);
const args = firstArg === -1 ? [] : words.slice(firstArg);
if (names.length === 0 && args.length > 0) {
  console.error(`no stage ${args[0]}; there are ${[...known].join(", ")}`);
  process.exit(2);
}

const total = await runStages(names, args);
process.exitCode = total.ok ? 0 : 1;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
