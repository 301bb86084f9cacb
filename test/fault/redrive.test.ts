/** Redrives of dead letters by a lab that is killed in the middle of them (`kill -9`). */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { REDRIVE_HEADER } from "../../runtime/api/moves.ts";
import { startLab, streamside } from "../support/lab-process.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { waitFor } from "../support/wait-for.ts";

const LETTERS = 9_000;
const KILLS = 2;

describe("redrive while the lab is killed", () => {
  let folder: TempFolder;
  beforeEach(() => (folder = tempFolder()));
  afterEach(() => folder.dispose());

  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await streamside([...args, "--data", folder.path]);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  /** How the run that is on began, and how often it has told the ledger what was sent. */
  const ledger = (): { readonly begin: string; readonly sent: number } => {
    const redrives = path.join(folder.path, "redrives");
    const name = readdirSync(folder.path).includes("redrives")
      ? readdirSync(redrives).find((each) => each.endsWith(".jsonl"))
      : undefined;
    if (name === undefined) return { begin: "", sent: 0 };
    const lines = readFileSync(path.join(redrives, name), "utf8").split("\n");
    const at = lines.findIndex((line) => line.startsWith('{"begin"'));
    const after = lines.slice(at);
    return {
      begin: after[0] ?? "",
      sent: after.filter((line) => line.startsWith('{"sent"')).length,
    };
  };

  it("point 24: sends every dead letter once, however often it is killed and begun again", async () => {
    const data = folder.path;
    let lab = await startLab({ data, args: ["--default-partitions", "3"] });
    await run("topics", "create", "orders");
    const letters = Array.from({ length: LETTERS }, (_, i) =>
      JSON.stringify({
        ...{ key: `k${i}`, value: { i, text: "x".repeat(100) }, partition: i % 3 },
        headers: { "__connect.errors.topic": "orders", "__connect.errors.partition": `${i % 3}` },
      }),
    );
    const { code, stderr } = await streamside(
      ["produce", "dlt", "--data", data],
      letters.join("\n"),
    );
    assert.equal(code, 0, stderr);
    for (let kill = 1; kill <= KILLS; kill++) {
      const { begin } = ledger();
      const redriving = streamside(["redrive", "dlt", "--yes", "--data", data]);
      const isOn = () => ledger().begin !== begin && ledger().sent >= 2;
      await waitFor("some dead letters are sent", isOn, 30_000);
      await lab.kill();
      const { code: failed } = await redriving;
      assert.equal(failed, 1);
      lab = await startLab({ data });
    }
    const report = JSON.parse(await run("redrive", "dlt", "--yes", "--json")) as {
      readonly moved: number;
      readonly skipped: number;
    };
    console.info(`      ${report.skipped} before the last kill, ${report.moved} after it`);
    assert.ok(report.moved > 0 && report.skipped > 0);
    assert.equal(report.moved + report.skipped, LETTERS);
    const sent = (await run("peek", "orders", "--json")).trimEnd().split("\n");
    const addresses = sent.map((line) => {
      const { headers } = JSON.parse(line) as { headers: [string, string][] };
      return headers.find(([name]) => name === REDRIVE_HEADER)?.[1];
    });
    assert.equal(addresses.length, LETTERS);
    assert.equal(new Set(addresses).size, LETTERS);
    await lab.stop();
  }).timeout(120_000);
});
