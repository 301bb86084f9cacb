/** A broker on a folder of its own, without a gateway and with a clock that stands still. */
import path from "node:path";
import { Broker } from "../../runtime/broker/broker.ts";
import { FakeClock } from "../../runtime/core/clock.ts";
import { silentLogger } from "../../runtime/core/logger.ts";
import { LogManager } from "../../runtime/log/log-manager.ts";
import { nodeFileSystem } from "../../runtime/log/node-fs.ts";
import { Catalogue } from "../../runtime/meta/catalogue.ts";
import { tempFolder } from "./temp-folder.ts";

export interface LocalBroker {
  readonly broker: Broker;
  readonly clock: FakeClock;
  readonly logs: LogManager;
  stop(): Promise<void>;
}

export async function openLocalBroker(): Promise<LocalBroker> {
  const folder = tempFolder();
  const clock = new FakeClock();
  const logger = silentLogger;
  const catalogue = await Catalogue.open(path.join(folder.path, "catalogue.json"));
  const logs = LogManager.open({ dataFolder: folder.path, fs: nodeFileSystem, clock, logger });
  const defer = (action: () => void) => void setImmediate(action);
  const settings = { defaultPartitions: 1, foldCase: false };
  const broker = Broker.open({ catalogue, logs, ...settings, clock, logger, defer });
  return {
    ...{ broker, clock, logs },
    async stop() {
      broker.close();
      await logs.close();
      folder.dispose();
    },
  };
}
