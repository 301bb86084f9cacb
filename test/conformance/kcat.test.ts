/** What people do with kcat by hand: list, query, read from here and there, and say null in its ways. */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "mocha";
import { skip } from "../support/skip.ts";
import { type Output, PARSEABLE, parseMessages, runKcat } from "./kcat-client.ts";
import { LabUnderTest } from "./lab-under-test.ts";
import { createTopic, partitionCount } from "./wire-client.ts";

const KCAT = process.env["KCAT"] ?? "";

describe("kcat by hand", () => {
  let lab: LabUnderTest;
  let topic: string;
  let topics = 0;

  before(async function () {
    if (KCAT === "") skip(this, process.env["KCAT_MISSING"] || "KCAT is not set");
    lab = await LabUnderTest.start();
  });
  beforeEach(async () => {
    topic = `by-hand-${++topics}`;
    await createTopic(lab.bootstrap, topic, 2);
  });
  after(() => lab?.dispose());

  const run = (args: readonly string[], input = ""): Promise<Output> =>
    runKcat(KCAT, ["-b", lab.bootstrap, ...args], Buffer.from(input));

  async function text(args: readonly string[], input = ""): Promise<string> {
    const { code, stdout, stderr } = await run(args, input);
    assert.equal(code, 0, stderr);
    return stdout.toString();
  }

  const send = (lines: readonly string[], ...args: string[]) =>
    text(["-P", "-t", topic, "-p", "0", ...args], lines.map((line) => `${line}\n`).join(""));

  /** The values of partition 0 from there to its end. */
  async function read(from: string, ...args: string[]): Promise<string[]> {
    const output = await text(["-C", "-e", "-q", "-t", topic, "-p", "0", "-o", from, ...args]);
    return output.split("\n").filter(Boolean);
  }

  it("lists the broker and the topic with its partitions (-L)", async () => {
    const listing = await text(["-L"]);
    assert.match(listing, new RegExp(`broker \\d+ at ${lab.bootstrap}`));
    assert.ok(listing.includes(`topic "${topic}" with 2 partitions`), listing);
    const json = JSON.parse(await text(["-L", "-J", "-t", topic])) as {
      topics: { topic: string; partitions: { partition: number; leader: number }[] }[];
    };
    assert.deepEqual(
      json.topics.map((each) => [each.topic, each.partitions.map(({ partition }) => partition)]),
      [[topic, [0, 1]]],
    );
  });

  it("makes a topic by asking for it (-L -t)", async () => {
    await text(["-L", "-t", "made-by-asking"]);
    assert.equal(await partitionCount(lab.bootstrap, "made-by-asking"), 1);
  });

  it("reads from the beginning, the end, an offset and back from the end (-o)", async () => {
    await send(["a", "b", "c", "d", "e"]);
    assert.deepEqual(await read("beginning"), ["a", "b", "c", "d", "e"]);
    assert.deepEqual(await read("3"), ["d", "e"]);
    assert.deepEqual(await read("-2"), ["d", "e"]);
    assert.deepEqual(await read("end"), []);
    assert.deepEqual(await read("beginning", "-c", "2"), ["a", "b"]);
  });

  it("reads between two times (-o s@ -o e@) and queries offsets by time (-Q)", async () => {
    await send(["early"]);
    const stored = await text([
      ...["-C", "-e", "-q", "-t", topic, "-p", "0", "-o", "beginning", "-f", "%T"],
    ]);
    const earlyMs = Number(stored);
    await runUntilLater(earlyMs);
    await send(["late"], "-z", "gzip");
    const late = `s@${earlyMs + 1}`;
    assert.deepEqual(await read(late), ["late"]);
    assert.deepEqual(await read(`s@${earlyMs}`, "-o", `e@${earlyMs + 1}`), ["early"]);
    const query = async (when: number): Promise<string> =>
      (await text(["-Q", "-t", `${topic}:0:${when}`])).trim();
    assert.equal(await query(earlyMs), `${topic} [0] offset 0`);
    assert.equal(await query(earlyMs + 1), `${topic} [0] offset 1`);
    assert.equal(await query(-1), `${topic} [0] offset 2`);
    assert.equal(await query(-2), `${topic} [0] offset 0`);
    assert.equal(await query(earlyMs + 86_400_000), `${topic} [0] offset -1`);
  });

  /** The clock has moved past `timeMs`, so that the next message is later. */
  async function runUntilLater(timeMs: number): Promise<void> {
    while (Date.now() <= timeMs + 1) await text(["-L", "-t", topic]);
  }

  it("keeps null and empty keys and values apart (-Z)", async () => {
    await send(["no key"]);
    await send([":empty key", "key:", "key:value"], "-K", ":");
    await send(["key:", ":value"], "-K", ":", "-Z");
    const { stdout } = await run([
      ...["-C", "-e", "-q", "-t", topic, "-p", "0", "-o", "beginning", ...PARSEABLE],
    ]);
    const { messages } = parseMessages(stdout);
    assert.deepEqual(
      messages.map(({ key, value }) => [key?.toString() ?? null, value?.toString() ?? null]),
      [
        [null, "no key"],
        ["", "empty key"],
        ["key", ""],
        ["key", "value"],
        ["key", null],
        [null, "value"],
      ],
    );
  });

  it("is refused an offset outside the log", async () => {
    await send(["a"]);
    const { code, stderr } = await run([
      ...["-C", "-e", "-t", topic, "-p", "0", "-o", "99", "-X", "auto.offset.reset=error"],
    ]);
    assert.notEqual(code, 0);
    assert.match(stderr, /out of range/i);
  });
});
