import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import {
  Catalogue,
  newTopicId,
  PRODUCER_ID_BLOCK,
  type TopicEntry,
} from "../../../runtime/meta/catalogue.ts";

function entry(partitions = 1, configs: Record<string, string> = {}): TopicEntry {
  return { id: newTopicId(), partitions, configs, createdAtMs: 1_700_000_000_000 };
}

describe("Catalogue", () => {
  let folder = "";
  let path = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "catalogue-"));
    path = join(folder, "catalogue.json");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("makes a catalogue with a cluster id and finds it again", async () => {
    const first = await Catalogue.open(path);
    assert.match(first.clusterId, /^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
    assert.equal(first.topics().size, 0);
    assert.equal((await Catalogue.open(path)).clusterId, first.clusterId);
    assert.deepEqual(await readdir(folder), ["catalogue.json"]);
  });

  it("keeps what was put and forgets what was removed, a topic named __proto__ included", async () => {
    const catalogue = await Catalogue.open(path);
    const orders = entry(3, { "retention.ms": "1000" });
    const odd = entry(2);
    await Promise.all([
      catalogue.putTopic("orders", orders),
      catalogue.putTopic("__proto__", odd),
      catalogue.putTopic("gone", entry()),
      catalogue.removeTopic("gone"),
      catalogue.removeTopic("never-there"),
    ]);
    const again = await Catalogue.open(path);
    assert.deepEqual(
      [...again.topics()],
      [
        ["orders", orders],
        ["__proto__", odd],
      ],
    );
  });

  it("shows a change only after its write and loses none of many at once", async () => {
    const catalogue = await Catalogue.open(path);
    const puts = Array.from({ length: 500 }, (_, index) =>
      catalogue.putTopic(`t${index}`, entry()),
    );
    assert.equal(catalogue.topics().size, 0);
    await Promise.all(puts);
    assert.equal(catalogue.topics().size, 500);
    assert.equal((await Catalogue.open(path)).topics().size, 500);
  });

  it("never gives a producer id twice, not even over a restart", async () => {
    const seen = new Set<number>();
    for (let run = 0; run < 3; run++) {
      const catalogue = await Catalogue.open(path);
      const ids = await Promise.all(
        Array.from({ length: PRODUCER_ID_BLOCK + 5 }, () => catalogue.nextProducerId()),
      );
      for (const id of ids) {
        assert.equal(seen.has(id), false);
        seen.add(id);
      }
    }
    assert.equal(seen.size, 3 * (PRODUCER_ID_BLOCK + 5));
  });

  it("changes nothing when the disk refuses the write, and goes on afterwards", async () => {
    const catalogue = await Catalogue.open(path);
    await rm(path);
    await mkdir(join(path, "in-the-way"), { recursive: true });
    await assert.rejects(catalogue.putTopic("orders", entry()), {
      name: "CatalogueError",
      kind: "disk",
    });
    assert.equal(catalogue.topics().size, 0);
    await rm(path, { recursive: true });
    await catalogue.putTopic("orders", entry());
    assert.equal((await Catalogue.open(path)).topics().size, 1);
  });

  it("keeps who leads what in a file of version 2, and only then", async () => {
    const catalogue = await Catalogue.open(path);
    const version = async () => /"version": (\d)/.exec(await readFile(path, "utf8"))?.[1];
    await catalogue.putTopic("plain", entry());
    assert.equal(await version(), "1");
    const placements = [
      { replicas: [2, 3, 1], leader: 3, epoch: 5 },
      { replicas: [1], leader: -1, epoch: 0 },
    ];
    const placed = { ...entry(2), placements };
    await catalogue.putTopic("placed", placed);
    assert.equal(await version(), "2");
    assert.deepEqual((await Catalogue.open(path)).topics().get("placed"), placed);
    await catalogue.removeTopic("placed");
    assert.equal(await version(), "1");
  });

  const good = { version: 1, clusterId: newTopicId(), nextProducerIdBlock: 0, topics: {} };
  const bad: Record<string, string> = {
    nothing: "",
    "half a file": JSON.stringify(good).slice(0, 20),
    null: "null",
    "a list": "[]",
    "no version": JSON.stringify({ ...good, version: undefined }),
    "a newer version": JSON.stringify({ ...good, version: 3 }),
    "no cluster id": JSON.stringify({ ...good, clusterId: "" }),
    "topics as a list": JSON.stringify({ ...good, topics: [] }),
    "a topic without partitions": JSON.stringify({
      ...good,
      topics: { a: { ...entry(), partitions: 0 } },
    }),
    "placements of other partitions": JSON.stringify({
      ...good,
      version: 2,
      topics: { a: { ...entry(2), placements: ["1 0 1"] } },
    }),
    "a placement without replicas": JSON.stringify({
      ...good,
      version: 2,
      topics: { a: { ...entry(), placements: ["1 0 "] } },
    }),
    "a config that is a number": JSON.stringify({
      ...good,
      topics: { a: { ...entry(), configs: { a: 1 } } },
    }),
  };
  for (const [what, text] of Object.entries(bad)) {
    it(`refuses a file with ${what} and leaves it as it is`, async () => {
      await writeFile(path, text);
      await assert.rejects(Catalogue.open(path), (error: Error) => {
        assert.equal("kind" in error && error.kind, "data-format");
        assert.match(error.message, /data folder\. Nothing was changed\.$/);
        return true;
      });
      assert.equal(await readFile(path, "utf8"), text);
    });
  }
});
