import type { LabInfo } from "../api/model.ts";
import type { BrokerStatus, ListenerSpec, RunningListener } from "../core/listener.ts";
import type { LogLine } from "../core/logger.ts";

/** What `streamside serve` asks for. */
export interface LabOptions {
  /** Absolute path. */
  readonly dataFolder: string;
  /** At least one; the first is the address that the lab names as its own. */
  readonly listeners: readonly ListenerSpec[];
  /** File of those who may log in on SASL listeners. */
  readonly usersFile: string | undefined;
  /** How long the lab outlives its last lease client; undefined when nobody has to hold it. */
  readonly leaseMs: number | undefined;
  /** Partitions of a topic that is created without saying how many (Kafka's `num.partitions`). */
  readonly defaultPartitions: number;
  /** Brokers that the lab shows itself as, 1 to MAX_BROKERS. */
  readonly brokers: number;
  /** Kafka's broker configurations that are to differ from the lab's defaults. */
  readonly configs: ReadonlyMap<string, string>;
  readonly version: string;
  readonly onLog: (line: LogLine) => void;
}

/** A lab that accepts connections. */
export interface RunningLab {
  readonly info: LabInfo;
  readonly listeners: readonly RunningListener[];
  readonly brokers: readonly BrokerStatus[];
  /** `ws://127.0.0.1:PORT` */
  readonly control: string;
  /** Resolves when the lab has stopped, whoever asked for it. */
  readonly ended: Promise<void>;
  /** Ends the lab in order. Calling it again waits for the same end. */
  stop(reason: string): Promise<void>;
}

/** Starts a lab. Rejects with an error whose message says what to do. */
export type StartLab = (options: LabOptions) => Promise<RunningLab>;
