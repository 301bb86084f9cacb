/** What a VS Code extension host calls to run the tests of this folder, on the desktop and on a server alike. */
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Runs every compiled test beside this file, leaves the counts in TEST_RESULTS, and throws if any failed. */
export async function run(): Promise<void> {
  // Loaded as the ES module that it is: what require() gives for it differs between Node 20 and 22.
  const { default: Mocha } = await import("mocha");
  const grep = process.env["TEST_GREP"];
  const mocha = new Mocha({
    ui: "bdd",
    color: false,
    timeout: 20_000,
    forbidOnly: grep === undefined,
    ...(grep === undefined ? {} : { grep }),
  });
  const files = readdirSync(__dirname).filter((file) => file.endsWith(".test.cjs"));
  for (const file of files.sort()) mocha.addFile(path.join(__dirname, file));
  console.info("##suite");
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on("pass", () => counts.passed++)
      .on("fail", () => counts.failed++)
      .on("pending", () => counts.skipped++);
  });
  console.info("##end");
  const results = process.env["TEST_RESULTS"];
  if (results !== undefined) writeFileSync(results, JSON.stringify(counts));
  if (counts.failed > 0 || counts.passed === 0) {
    throw new Error(`${counts.failed} failed, ${counts.passed} passed`);
  }
}
