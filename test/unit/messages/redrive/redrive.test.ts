import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { REDRIVE_HEADER, type RedriveMove } from "../../../../runtime/api/moves.ts";
import { FakeClock } from "../../../../runtime/core/clock.ts";
import { partitionOfKey } from "../../../../runtime/messages/murmur2.ts";
import { readRecords } from "../../../../runtime/record/records.ts";
import { MemoryCluster } from "../../../support/memory-cluster.ts";
import { MoveSetup } from "../../../support/move-setup.ts";
import { type TempFolder, tempFolder } from "../../../support/temp-folder.ts";

const DLT = "orders-dlt";
const text = (value: string) => Buffer.from(value);
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

describe("redrive of dead letters", () => {
  let folder: TempFolder;
  let clock: FakeClock;
  let cluster: MemoryCluster;
  beforeEach(() => {
    folder = tempFolder();
    clock = new FakeClock();
    cluster = new MemoryCluster(clock);
    cluster.add(DLT, 2);
    cluster.add("orders", 3);
    cluster.add("payments", 1);
  });
  afterEach(() => folder.dispose());

  /** A lab that was started anew on the same data. */
  const lab = () => new MoveSetup(folder.path, clock, cluster);
  const move = (given: Partial<RedriveMove> = {}): RedriveMove => ({
    ...{ kind: "redrive", keepErrorHeaders: false },
    source: { kind: "range", topic: DLT, from: { kind: "earliest" } },
    ...given,
  });
  const letter = (topic: string | undefined, value: string, partition = 0, from = 0) => {
    const origin =
      topic === undefined ? [] : [{ key: "kafka_dlt-original-topic", value: text(topic) }];
    const headers = [
      { key: "trace", value: text("t") },
      ...origin,
      { key: "kafka_dlt-original-partition", value: int32(from) },
      { key: "kafka_dlt-exception-message", value: text("boom") },
    ];
    cluster.put(DLT, partition, [{ key: text("k"), value: text(value), headers }]);
  };
  const found = (topic: string) =>
    [0, 1, 2].flatMap((partition) => {
      if (topic === "payments" && partition > 0) return [];
      const { batches } = cluster.partition(topic, partition);
      return batches
        .flatMap((batch) => [...readRecords(batch, 0, 1e6)])
        .map((record) => ({ ...record, partition }));
    });
  const addresses = (): string[] =>
    ["orders", "payments"]
      .flatMap(found)
      .map(({ headers }) => headers.find(({ key }) => key === REDRIVE_HEADER))
      .map((header) => String(header?.value));

  it("point 24: previews a table of targets, with what is wrong with some of them", async () => {
    cluster.add("__secret", 1);
    letter("orders", "1");
    letter("payments", "2", 1);
    letter("orders", "3");
    letter("gone", "4");
    letter(undefined, "5");
    letter(DLT, "6");
    letter("__secret", "7");
    const report = await lab().done(move(), true);
    assert.equal(report.moved, 3);
    const rows = report.targets.map(({ topic, count, exists, problem }) =>
      [topic, count, exists, problem ?? ""].join("|"),
    );
    assert.deepEqual(rows.sort(), [
      "__secret|1|true|it belongs to the broker",
      "gone|1|false|there is no such topic",
      "orders-dlt|1|false|it is the topic of dead letters",
      "orders|2|true|",
      "payments|1|true|",
      "|1|false|no header names the topic that it came from",
    ]);
    assert.deepEqual(readdirSync(folder.path), []);
    assert.equal(found("orders").length, 0);
  });

  it("point 24: sends to where they came from, without the error but with their address", async () => {
    letter("orders", "1", 0, 2);
    letter("orders", "2", 1, 7);
    const report = await lab().done(move());
    assert.deepEqual([report.moved, report.outcome], [2, "done"]);
    const sent = found("orders").map(({ value, partition, headers }) => ({
      ...{ value: value?.toString(), partition },
      headers: headers.map((header) => `${header.key}=${header.value?.toString()}`),
    }));
    const byKey = partitionOfKey(text("k"), 3);
    const expected = [
      { value: "1", partition: 2, headers: ["trace=t", `${REDRIVE_HEADER}=${DLT}/0/0`] },
      { value: "2", partition: byKey, headers: ["trace=t", `${REDRIVE_HEADER}=${DLT}/1/0`] },
    ];
    assert.deepEqual(
      sent.sort((a, b) => (a.value ?? "").localeCompare(b.value ?? "")),
      expected,
    );
  });

  it("keeps the error when asked to, and reads a chosen header", async () => {
    const headers = [
      { key: "source", value: text("payments") },
      { key: "kafka_dlt-exception-message", value: text("boom") },
      { key: REDRIVE_HEADER, value: text(`${DLT}/9/9`) },
    ];
    cluster.put(DLT, 0, [{ value: text("v"), headers }]);
    await lab().done(move({ header: "source", keepErrorHeaders: true }));
    const [sent] = found("payments");
    assert.deepEqual(
      sent?.headers.map(({ key }) => key),
      ["source", "kafka_dlt-exception-message", REDRIVE_HEADER],
    );
    assert.deepEqual(addresses(), [`${DLT}/0/0`]);
  });

  it("point 24: sends nothing twice, and later what has come since", async () => {
    for (let i = 0; i < 5; i++) letter(i % 2 === 0 ? "orders" : "payments", `${i}`, i % 2);
    await lab().done(move());
    const again = await lab().done(move());
    assert.deepEqual([again.moved, again.skipped], [0, 5]);
    letter("orders", "new");
    const later = await lab().done(move());
    assert.deepEqual([later.moved, later.skipped], [1, 5]);
    assert.equal(new Set(addresses()).size, 6);
    assert.equal(addresses().length, 6);
  });

  it("sends what a problem kept back once the problem is gone", async () => {
    letter("later", "1");
    letter("orders", "2");
    assert.equal((await lab().done(move())).moved, 1);
    cluster.add("later", 1);
    const report = await lab().done(move());
    assert.deepEqual([report.moved, report.skipped], [1, 1]);
  });

  class Killed extends Error {}

  /** Lets the process die at its nth append, before or after the messages are in the topic. */
  const killAt = (append: number, moment: "before" | "after") => {
    const original = cluster.append.bind(cluster);
    let appends = 0;
    cluster.append = async (...args) => {
      appends += 1;
      if (appends > append) throw new Killed();
      if (appends === append && moment === "before") throw new Killed();
      const outcome = await original(...args);
      if (appends === append) throw new Killed();
      return outcome;
    };
    return () => (cluster.append = original);
  };

  for (const moment of ["before", "after"] as const) {
    it(`point 24: killed ${moment} any append, goes on without duplicates and without losses`, async () => {
      const all = 1_100;
      for (let i = 0; i < all; i++) {
        letter(i % 3 === 0 ? "payments" : "orders", `${i}`, i % 2, i % 3);
      }
      let kills = 0;
      for (let append = 1; append <= 30; append++) {
        const restore = killAt(append, moment);
        const outcome = await lab()
          .run(move())
          .catch((error: unknown) => error);
        restore();
        if (!(outcome instanceof Killed)) break;
        kills += 1;
      }
      const last = await lab().done(move());
      assert.equal(last.moved + last.skipped, all);
      assert.ok(kills > 2, `${kills} kills`);
      assert.equal(addresses().length, all);
      assert.equal(new Set(addresses()).size, all);
    });
  }

  it("point 24: finds what was sent where the ledger's last line was torn", async () => {
    for (let i = 0; i < 40; i++) letter("orders", `${i}`, i % 2);
    const setup = lab();
    await setup.done(move());
    const [name = ""] = readdirSync(path.join(folder.path, "redrives"));
    const file = path.join(folder.path, "redrives", name);
    const whole = readFileSync(file, "utf8");
    const begun = whole.indexOf('{"sent"', whole.indexOf('{"begin"'));
    for (const cut of [begun, begun + 5, whole.indexOf('{"end"'), whole.length - 1]) {
      writeFileSync(file, whole.slice(0, cut));
      const again = await lab().done(move());
      assert.deepEqual([again.moved, again.skipped], [0, 40], `cut at ${cut}`);
    }
    assert.equal(addresses().length, 40);
  });

  it("does not run twice at the same time, and says when its ledger is damaged", async () => {
    letter("orders", "1");
    const setup = lab();
    const first = setup.run(move());
    setup.moves.control("move 1", "pause");
    const second = await setup.fails(move());
    assert.equal(second.code, "busy");
    setup.moves.control("move 1", "resume");
    await first;
    const [name = ""] = readdirSync(path.join(folder.path, "redrives"));
    writeFileSync(path.join(folder.path, "redrives", name), "{}\n{}\n");
    const damaged = await lab().fails(move());
    assert.match(damaged.message, /line 1 is not understood\. Move it away/);
  });
});
