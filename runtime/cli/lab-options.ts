import type { LabInfo } from "../api/model.ts";
import type { LogLine } from "../core/logger.ts";

/** What `streamside serve` asks for. */
export interface LabOptions {
  /** Absolute path. */
  readonly dataFolder: string;
  readonly host: string;
  /** The port to prefer, 0 for any free one. When it is taken, the lab takes a free one and says so in its log. */
  readonly port: number;
  /** How long the lab outlives its last lease client; undefined when nobody has to hold it. */
  readonly leaseMs: number | undefined;
  /** Partitions of a topic that is created without saying how many (Kafka's `num.partitions`). */
  readonly defaultPartitions: number;
  readonly version: string;
  readonly onLog: (line: LogLine) => void;
}

/** A lab that accepts connections. */
export interface RunningLab {
  readonly info: LabInfo;
  /** `ws://127.0.0.1:PORT` */
  readonly control: string;
  /** Resolves when the lab has stopped, whoever asked for it. */
  readonly ended: Promise<void>;
  /** Ends the lab in order. Calling it again waits for the same end. */
  stop(reason: string): Promise<void>;
}

/** Starts a lab. Rejects with an error whose message says what to do. */
export type StartLab = (options: LabOptions) => Promise<RunningLab>;
