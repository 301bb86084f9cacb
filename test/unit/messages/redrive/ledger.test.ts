import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { Ledger, LedgerFault } from "../../../../runtime/messages/redrive/ledger.ts";
import { type TempFolder, tempFolder } from "../../../support/temp-folder.ts";

describe("the ledger of redrives", () => {
  let folder: TempFolder;
  let file: string;
  beforeEach(() => {
    folder = tempFolder();
    file = path.join(folder.path, "redrives", "id.jsonl");
  });
  afterEach(() => folder.dispose());

  const ends = new Map([["orders", [12, 3]]]);
  const letters = (...offsets: number[]) => offsets.map((offset) => ({ partition: 0, offset }));

  it("remembers what was sent, and that a run has ended", async () => {
    const first = await Ledger.read(file, "dlt");
    assert.equal(first.unfinished, undefined);
    await first.begin(ends);
    await first.add([...letters(5, 6, 9), { partition: 3, offset: 1 }]);
    await first.end();
    await first.close();
    const second = await Ledger.read(file, "dlt");
    assert.equal(second.unfinished, undefined);
    const known = [4, 5, 6, 7, 8, 9].filter((offset) => second.has({ partition: 0, offset }));
    assert.deepEqual(known, [5, 6, 9]);
    assert.equal(second.has({ partition: 3, offset: 1 }), true);
    assert.equal(second.has({ partition: 4, offset: 1 }), false);
  });

  it("cut anywhere behind its beginning, knows that the run was not ended, and no more than was written", async () => {
    const ledger = await Ledger.read(file, "dlt");
    ledger.note({ partition: 0, offset: 1 });
    await ledger.begin(ends);
    const begun = readFileSync(file).length;
    await ledger.add(letters(5));
    const added = readFileSync(file).length;
    await ledger.add(letters(6));
    await ledger.end();
    await ledger.close();
    const whole = readFileSync(file);
    for (let cut = begun; cut < whole.length; cut++) {
      writeFileSync(file, whole.subarray(0, cut));
      const found = await Ledger.read(file, "dlt");
      assert.deepEqual(found.unfinished, ends, `cut at ${cut}`);
      assert.equal(found.has({ partition: 0, offset: 1 }), true);
      assert.equal(found.has({ partition: 0, offset: 5 }), cut >= added, `cut at ${cut}`);
    }
  });

  it("is written anew when the next run begins", async () => {
    for (let run = 0; run < 50; run++) {
      const ledger = await Ledger.read(file, "dlt");
      await ledger.begin(ends);
      await ledger.add(letters(run));
      await ledger.end();
      await ledger.close();
    }
    assert.equal(readFileSync(file, "utf8").split("\n").length, 6);
    const last = await Ledger.read(file, "dlt");
    assert.equal(last.has({ partition: 0, offset: 49 }), true);
  });

  it("names the line that it does not understand", async () => {
    const ledger = await Ledger.read(file, "dlt");
    await ledger.begin(ends);
    await ledger.close();
    const text = readFileSync(file, "utf8");
    for (const line of ["{", '{"format":2}', '{"sent":[[1]]}', '{"sent":{"0":[[1]]}}', "{}"]) {
      writeFileSync(file, `${text}${line}\n`);
      await assert.rejects(
        Ledger.read(file, "dlt"),
        (error) => error instanceof LedgerFault && / line 4 is not understood/.test(error.message),
      );
    }
  });
});
