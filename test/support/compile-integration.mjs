// For F5 on "Integration Tests": compiles them and leaves running them to the editor.
import path from "node:path";
import process from "node:process";
import { compileIntegration } from "./suites.mjs";

process.chdir(path.resolve(import.meta.dirname, "../.."));
await compileIntegration();
