/** A data folder that the lab cannot use: it says so in one line with what to do, and leaves all as it was. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import { buildBatch } from "../../runtime/record/build.ts";
import { ProduceRequest, ProduceResponse } from "../../runtime/wire/kafka/messages/00-produce.ts";
import { ask, createTopic, partitionCount, storedBatches } from "../conformance/wire-client.ts";
import { type LabProcess, startLab, streamside } from "../support/lab-process.ts";
import { skip } from "../support/skip.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";
import { waitFor } from "../support/wait-for.ts";
import { type TinyDisk, tinyDisk } from "./disk/tiny-disk.ts";

const TOPIC = "kept";
const BATCH_BYTES = 50_000;
const DISK_MEGABYTES = 3;
const MAX_BATCHES_TO_FILL = 1_000;
/** Long enough to say what is wrong and what to do, short enough to read. */
const MAX_MESSAGE_CHARS = 500;

/** Produces one batch of one message; resolves with its offset or the error code. */
async function produce(
  bootstrap: string,
  value: Buffer,
): Promise<{ error: number; offset: number }> {
  const records = buildBatch([{ timestampMs: Date.now(), key: null, value, headers: [] }]);
  const { responses } = await ask(bootstrap, ProduceRequest, ProduceResponse, 7, {
    acks: -1,
    timeoutMs: 5_000,
    topicData: [{ name: TOPIC, partitionData: [{ index: 0, records }] }],
  });
  const partition = responses[0]?.partitionResponses[0];
  assert.ok(partition);
  return { error: partition.errorCode, offset: partition.baseOffset };
}

/** Every file below a folder with a hash of what is in it. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    files
      .filter((file) => file.isFile())
      .map((file) => path.join(file.parentPath, file.name))
      .sort()
      .map((file) => {
        const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
        return [path.relative(folder, file), hash];
      }),
  );
}

const MESSAGES = 5;

/** A folder in which a lab left a topic with messages. */
async function fill(folder: string): Promise<void> {
  const lab = await startLab({ data: folder });
  await createTopic(lab.ready.bootstrap, TOPIC, 1);
  for (let count = 0; count < MESSAGES; count++) {
    const { error } = await produce(lab.ready.bootstrap, Buffer.from(`message ${count}`));
    assert.equal(error, 0);
  }
  assert.equal(await lab.stop(), 0);
}

/** The folder works, and has what `fill` put there. */
async function assertReadable(folder: string): Promise<void> {
  const lab = await startLab({ data: folder });
  assert.equal((await storedBatches(lab.ready.bootstrap, TOPIC, 0)).length, MESSAGES);
  assert.equal(await lab.stop(), 0);
}

/** The lab refuses: code 1, nothing on stdout, and one line on stderr that holds all of `parts`. */
async function assertRefused(folder: string, ...parts: (string | RegExp)[]): Promise<void> {
  const { code, stdout, stderr } = await streamside(["serve", "--data", folder, "--port", "0"]);
  assert.equal(stdout, "");
  assert.equal(code, 1, stderr);
  const lines = stderr.split("\n").filter(Boolean);
  assert.equal(lines.length, 1, stderr);
  assert.ok(stderr.length <= MAX_MESSAGE_CHARS, stderr);
  for (const part of parts) {
    if (typeof part === "string") assert.ok(stderr.includes(part), `${part} is not in: ${stderr}`);
    else assert.match(stderr, part);
  }
}

describe("a data folder that cannot be used", () => {
  let filled: TempFolder;
  let folder: TempFolder;

  before(async () => {
    filled = tempFolder();
    await fill(filled.path);
  });
  after(() => filled.dispose());
  afterEach(() => folder?.dispose());

  /** A copy of the filled folder. */
  function copy(): string {
    folder = tempFolder();
    cpSync(filled.path, folder.path, { recursive: true });
    return folder.path;
  }

  it("is one of a living lab: the second is refused, the first goes on", async () => {
    const data = copy();
    const lab = await startLab({ data });
    const before = contents(data);
    await assertRefused(data, data, String(lab.ready.pid));
    assert.deepEqual(contents(data), before);
    assert.equal(await partitionCount(lab.ready.bootstrap, TOPIC), 1);
    assert.equal(await lab.stop(), 0);
    await assertReadable(data);
  });

  for (const name of ["format.json", "catalogue.json"]) {
    it(`has a ${name} of an unknown version`, async () => {
      const data = copy();
      const file = path.join(data, name);
      assert.ok(existsSync(file), `${name} is not in ${readdirSync(data).join(", ")}`);
      const original = readFileSync(file, "utf8");
      const newer = original.replace(/"(format|version)":\s*1\b/, '"$1":999');
      assert.notEqual(newer, original);
      writeFileSync(file, newer);
      const before = contents(data);
      await assertRefused(data, data, "999", /newer|update|upgrade/i);
      assert.deepEqual(contents(data), before);
      writeFileSync(file, original);
      await assertReadable(data);
    });

    it(`has a ${name} that is not JSON`, async () => {
      const data = copy();
      const file = path.join(data, name);
      const original = readFileSync(file);
      writeFileSync(file, original.subarray(0, original.length / 2));
      const before = contents(data);
      await assertRefused(data, name);
      assert.deepEqual(contents(data), before);
      writeFileSync(file, original);
      await assertReadable(data);
    });
  }

  it("is a file", async () => {
    folder = tempFolder();
    const file = path.join(folder.path, "data");
    writeFileSync(file, "mine");
    await assertRefused(file, file);
    assert.equal(readFileSync(file, "utf8"), "mine");
  });
});

describe("a disk", () => {
  let disk: TinyDisk;
  let lab: LabProcess | undefined;

  before(function () {
    const found = tinyDisk(DISK_MEGABYTES);
    if ("missing" in found) skip(this, found.missing);
    else found.dispose();
  });
  afterEach(async () => {
    await lab?.kill();
    disk?.dispose();
  });

  function makeDisk(): string {
    const made = tinyDisk(DISK_MEGABYTES);
    if ("missing" in made) throw new Error(made.missing);
    disk = made;
    return path.join(disk.path, "data");
  }

  const ballast = (): string => path.join(disk.path, "ballast");

  /** Leaves no byte of the disk free. */
  function fillDisk(): void {
    for (let bytes = 65_536; bytes >= 1; bytes = bytes > 1 ? Math.floor(bytes / 16) : 0) {
      try {
        for (;;) writeFileSync(ballast(), Buffer.alloc(bytes), { flag: "a" });
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
      }
    }
  }

  it("that is read-only: refused, and nothing lost", async () => {
    const data = makeDisk();
    await fill(data);
    disk.readOnly(true);
    const before = contents(data);
    await assertRefused(data, data, /read-only|cannot be written|not writable|permission/i);
    assert.deepEqual(contents(data), before);
    await assertRefused(path.join(disk.path, "new"), path.join(disk.path, "new"));
    disk.readOnly(false);
    await assertReadable(data);
  });

  it("that is full at the start: refused, and nothing lost", async () => {
    const data = makeDisk();
    await fill(data);
    fillDisk();
    const before = contents(data);
    await assertRefused(data, data, /full|no space/i);
    assert.deepEqual(contents(data), before);
    rmSync(ballast());
    await assertReadable(data);
  });

  it("that fills: producers are told, readers go on, and space is all it takes to go on", async () => {
    const data = makeDisk();
    lab = await startLab({ data });
    const { bootstrap } = lab.ready;
    await createTopic(bootstrap, TOPIC, 1);
    writeFileSync(ballast(), Buffer.alloc(1_048_576));
    const value = Buffer.alloc(BATCH_BYTES, "x");
    let acknowledged = 0;
    let error = 0;
    while (error === 0 && acknowledged < MAX_BATCHES_TO_FILL) {
      const outcome = await produce(bootstrap, value);
      ({ error } = outcome);
      if (error === 0) assert.equal(outcome.offset, acknowledged++);
    }
    assert.notEqual(error, 0, "the disk never filled");
    assert.ok(acknowledged > 0, `error ${error} at once`);
    assert.notEqual((await produce(bootstrap, value)).error, 0);
    assert.equal((await storedBatches(bootstrap, TOPIC, 0)).length, acknowledged);
    const said = lab.stderr().split("\n");
    const lines = said.filter((line) => /full|no space/i.test(line));
    assert.ok(lines.length > 0 && lines.length < 5, `${lines.length} lines: ${lab.stderr()}`);

    fillDisk();
    const refusedTopic = await createTopic(bootstrap, "no-room", 1);
    assert.notEqual(refusedTopic.topics[0]?.errorCode, 0);
    assert.equal(await partitionCount(bootstrap, "no-room"), undefined);

    rmSync(ballast());
    const later = await waitFor("producing goes on", async () => {
      const outcome = await produce(bootstrap, value);
      return outcome.error === 0 && outcome;
    });
    assert.equal(later.offset, acknowledged++);
    assert.equal((await storedBatches(bootstrap, TOPIC, 0)).length, acknowledged);
    assert.equal((await createTopic(bootstrap, "no-room", 1)).topics[0]?.errorCode, 0);

    await lab.kill();
    lab = await startLab({ data });
    assert.equal((await storedBatches(lab.ready.bootstrap, TOPIC, 0)).length, acknowledged);
    assert.equal(await lab.stop(), 0);
  });
});
