import path from "node:path";
import { setFlagsFromString } from "node:v8";
import type { LabInfo } from "./api/model.ts";
import { Broker } from "./broker/broker.ts";
import { staticConfigs } from "./broker/static-config.ts";
import type { LabOptions, RunningLab } from "./cli/lab-options.ts";
import { LocalCluster } from "./cluster/local.ts";
import { LocalGroups } from "./cluster/local-groups.ts";
import { LocalTopicAdmin } from "./cluster/local-topic-admin.ts";
import { Control } from "./control/control.ts";
import { DataLock } from "./control/lock.ts";
import { LogHistory } from "./control/log-history.ts";
import { systemClock } from "./core/clock.ts";
import { createLogger, type Logger } from "./core/logger.ts";
import { kafkaApis } from "./gateway/kafka/apis.ts";
import { LabBrokers } from "./lab-brokers.ts";
import { Listeners } from "./listeners.ts";
import { claimFormat } from "./log/format-marker.ts";
import { LogManager } from "./log/log-manager.ts";
import { nodeFileSystem } from "./log/node-fs.ts";
import { ThreadScanner } from "./messages/scan/thread-scanner.ts";
import { Catalogue } from "./meta/catalogue.ts";
import { startScanThread } from "./scan-thread.ts";

/** Undoes what has been started so far, last first; one failure does not keep the others from ending. */
class Shutdown {
  readonly #steps: (() => Promise<void> | void)[] = [];
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        this.#logger.error(
          `on the way down: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
}

/**
 * Sockets bring 64 KiB at a time, garbage a moment later. V8 answers such a stream by growing its young
 * generation, which then holds tens of megabytes of dead chunks; kept at its first size it collects
 * them sooner, at no cost that can be measured (test/bench/RESULTS.md has the peak).
 */
const KEEP_YOUNG_GENERATION_SMALL = "--semi-space-growth-factor=1";

/** Composes the lab, in the order in which its parts need each other, and reports when it is ready. */
export async function startLab(options: LabOptions): Promise<RunningLab> {
  setFlagsFromString(KEEP_YOUNG_GENERATION_SMALL);
  const clock = systemClock;
  const startedAtMs = clock.nowMs();
  const history = new LogHistory();
  const logger = createLogger(
    "lab",
    () => clock.nowMs(),
    (line) => {
      history.add(line);
      options.onLog(line);
    },
  );
  const { dataFolder, version } = options;
  const shutdown = new Shutdown(logger);
  try {
    const lock = DataLock.acquire(dataFolder, { pid: process.pid, version, startedAtMs });
    shutdown.add(() => lock.release());
    const { broker, listeners } = await startBroker(options, logger, shutdown);
    const brokers = new LabBrokers(broker, listeners);
    const running = listeners.running;
    const info: LabInfo = {
      version,
      pid: process.pid,
      bootstrap: running[0]?.bootstrap ?? "",
      data: dataFolder,
      startedAtMs,
    };
    let stopping: Promise<void> | undefined;
    let markEnded: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (markEnded = resolve));
    const stop = (reason: string): Promise<void> => {
      stopping ??= (async () => {
        logger.info(`stopping: ${reason}`);
        await control.close(reason);
        await shutdown.run();
        markEnded();
      })();
      return stopping;
    };
    const scanner = new ThreadScanner(startScanThread, clock);
    shutdown.add(() => scanner.dispose());
    const control = await Control.start({
      info,
      scanner,
      groups: new LocalGroups(broker),
      topicAdmin: new LocalTopicAdmin(broker),
      cluster: new LocalCluster(broker, clock),
      brokers,
      clock,
      logger: logger.child("control"),
      history,
      leaseGraceMs: options.leaseMs,
      stop: (reason) => void stop(reason),
      giveWay: () => new Promise((resolve) => setImmediate(resolve)),
    });
    lock.publish({ bootstrap: info.bootstrap, control: control.url, token: control.token });
    const addresses = running.map(({ protocol, bootstrap }) => `${bootstrap} (${protocol})`);
    logger.info(`ready on ${addresses.join(", ")}, data in ${dataFolder}`);
    const started = { info, listeners: running, brokers: brokers.list() };
    return { ...started, control: control.url, ended, stop };
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function startBroker(options: LabOptions, logger: Logger, shutdown: Shutdown) {
  const { dataFolder, listeners: specs, usersFile } = options;
  const fs = nodeFileSystem;
  const clock = systemClock;
  claimFormat(fs, dataFolder);
  const catalogue = await Catalogue.open(path.join(dataFolder, "catalogue.json"));
  const logs = LogManager.open({ dataFolder, fs, clock, logger: logger.child("log") });
  shutdown.add(() => logs.close());
  const broker = Broker.open({
    catalogue,
    logs,
    defaultPartitions: options.defaultPartitions,
    brokers: options.brokers,
    configs: staticConfigs(options.configs),
    foldCase: process.platform === "win32" || process.platform === "darwin",
    clock,
    logger: logger.child("broker"),
    defer: (action) => void setImmediate(action),
  });
  shutdown.add(() => broker.close());
  const gatewayLogger = logger.child("kafka");
  const listeners = await Listeners.start({
    ...{ listeners: specs, brokers: options.brokers, usersFile, dataFolder },
    nowMs: clock.nowMs(),
    apis: kafkaApis({ broker, clock, logger: gatewayLogger }),
    logger: gatewayLogger,
  });
  shutdown.add(() => listeners.stop());
  return { broker, listeners };
}
