import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { Broker } from "../../../runtime/broker/broker.ts";
import { FakeClock } from "../../../runtime/core/clock.ts";
import { createLogger } from "../../../runtime/core/logger.ts";
import { LogManager } from "../../../runtime/log/log-manager.ts";
import { MemoryFileSystem } from "../../../runtime/log/memory-fs.ts";
import { Catalogue } from "../../../runtime/meta/catalogue.ts";

describe("producer ids", () => {
  it("are none while the disk refuses, which is said, and never the same twice", async () => {
    const disk: { refuses: boolean; value: unknown } = { refuses: false, value: null };
    const storage = {
      read: () => Promise.resolve(disk.value),
      write: (value: unknown) =>
        disk.refuses
          ? Promise.reject(new Error("ENOSPC"))
          : Promise.resolve(void (disk.value = value)),
    };
    const fs = new MemoryFileSystem();
    const clock = new FakeClock();
    const lines: string[] = [];
    const logger = createLogger(
      "",
      () => 0,
      ({ level, message }) => lines.push(`${level} ${message}`),
    );
    const catalogue = await Catalogue.open("catalogue.json", storage);
    const logs = LogManager.open({ dataFolder: "/data", fs, clock, logger });
    const defer = (action: () => void) => void setImmediate(action);
    const settings = { defaultPartitions: 1, foldCase: false };
    const broker = Broker.open({ catalogue, logs, clock, logger, defer, ...settings });
    disk.refuses = true;
    assert.equal(await broker.newProducerId(), undefined);
    assert.match(lines.at(-1) ?? "", /^error Cannot write catalogue.json: ENOSPC/);
    disk.refuses = false;
    const first = await broker.newProducerId();
    assert.ok(first !== undefined);
    assert.equal(await broker.newProducerId(), first + 1);
    broker.close();
    await logs.close();
  });
});
