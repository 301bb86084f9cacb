import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";

/** The product's promise. */
const MAX_ACTIVATION_MS = 50;

// Runs before every other file here, by its name: whoever comes first activates the extension.
describe("activation time", () => {
  it(`is under ${MAX_ACTIVATION_MS} ms, loading the code included`, async () => {
    const extension = vscode.extensions.getExtension("streamside.streamside");
    assert.ok(extension);
    assert.equal(extension.isActive, false, "nothing has asked for it yet");
    const started = performance.now();
    await extension.activate();
    const tookMs = performance.now() - started;
    console.info(`activation took ${tookMs.toFixed(1)} ms`);
    assert.ok(tookMs < MAX_ACTIVATION_MS, `${tookMs} ms`);
  });
});
