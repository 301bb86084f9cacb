import { randomBytes } from "node:crypto";
import type { WebSocket } from "ws";
import { LabError } from "../api/errors.ts";
import type { Lab, LabClient } from "../api/lab.ts";
import type { LabInfo } from "../api/model.ts";
import { RpcPeer } from "../api/rpc.ts";
import { socketPipe } from "../api/socket-pipe.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { ClusterGroups } from "../cluster/groups.ts";
import type { TopicAdmin } from "../cluster/topic-admin.ts";
import type { Clock } from "../core/clock.ts";
import { type Disposable, Lifetime } from "../core/lifetime.ts";
import type { Logger } from "../core/logger.ts";
import { Loads } from "../messages/load/loads.ts";
import { Moves } from "../messages/moves/moves.ts";
import { Producer } from "../messages/produce.ts";
import type { Scanner } from "../messages/scan/scanner.ts";
import { ChangedNames } from "./changed-names.ts";
import { type BrokerControl, createHandlers, type LabHandlers } from "./handlers.ts";
import { Lease } from "./lease.ts";
import type { LogHistory } from "./log-history.ts";
import { Params } from "./params.ts";
import { ControlServer } from "./server.ts";

/** Least time between two events of a kind that tells of changes. */
const CHANGED_INTERVAL_MS = 250;

export interface ControlOptions {
  readonly info: LabInfo;
  readonly cluster: Cluster;
  readonly groups: ClusterGroups;
  readonly topicAdmin: TopicAdmin;
  readonly scanner: Scanner;
  readonly brokers: BrokerControl;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly history: LogHistory;
  /** How long the lab outlives its last lease client; undefined for a lab that nobody has to hold. */
  readonly leaseGraceMs: number | undefined;
  /** Asks the owner to end the lab, at most once. The owner calls `close` while it does. */
  readonly stop: (reason: string) => void;
  /** Resolves after other waiting work was handled, as setImmediate does. */
  readonly giveWay: () => Promise<void>;
}

type Peer = RpcPeer<Lab, LabClient>;

/** The control channel: lets windows and command lines ask the lab, and tells them what changed. */
export class Control {
  /** What a client shows to be let in; goes into the lock file and nowhere else. */
  readonly token: string;
  readonly #options: ControlOptions;
  readonly #handlers: LabHandlers;
  readonly #moves: Moves;
  readonly #lifetime = new Lifetime();
  /** Clients that said hello. */
  readonly #peers = new Set<Peer>();
  readonly #lease: Lease | undefined;
  #leaseTimer: Disposable | undefined;
  #server: ControlServer | undefined;
  #stopping = false;

  private constructor(options: ControlOptions) {
    this.#options = options;
    this.token = randomBytes(32).toString("base64url");
    const { brokers, cluster, groups, topicAdmin, scanner, clock, giveWay, history, leaseGraceMs } =
      options;
    const producer = new Producer(cluster, clock);
    this.#moves = new Moves({
      ...{ cluster, topicAdmin, producer, scanner, clock, giveWay },
      folder: options.info.data,
    });
    this.#handlers = createHandlers({
      brokers,
      cluster,
      groups,
      topicAdmin,
      scanner,
      clock,
      giveWay,
      producer,
      moves: this.#moves,
      logger: options.logger,
      loads: new Loads({ producer, clock, giveWay }),
    });
    const topics = this.#lifetime.own(this.#changes("topics/changed"));
    this.#lifetime.own(cluster.onChange((name) => topics.add(name)));
    const changedGroups = this.#lifetime.own(this.#changes("groups/changed"));
    this.#lifetime.own(groups.onChange((name) => changedGroups.add(name)));
    this.#lifetime.own(history.onLine((line) => this.#emit("lab/log", line)));
    this.#lease = leaseGraceMs === undefined ? undefined : new Lease(leaseGraceMs, clock.nowMs());
    this.#lifetime.onDispose(() => this.#leaseTimer?.dispose());
  }

  /** Opens the channel on a free port of 127.0.0.1. */
  static async start(options: ControlOptions): Promise<Control> {
    const control = new Control(options);
    control.#server = await ControlServer.listen(control.token, options.clock, (socket) =>
      control.#accept(socket),
    );
    control.#watchLease();
    return control;
  }

  /** Where clients connect, `ws://127.0.0.1:PORT`. */
  get url(): string {
    return this.#server?.url ?? "";
  }

  /** Tells every client that the lab ends and why, and closes the channel. */
  async close(reason: string): Promise<void> {
    this.#stopping = true;
    this.#lifetime.dispose();
    this.#emit("lab/stopping", { reason });
    for (const peer of this.#peers) peer.close("the lab has stopped");
    await this.#moves.close();
    await this.#server?.close();
  }

  #accept(socket: WebSocket): void {
    const { logger, info, history } = this.#options;
    let greeted = false;
    const connected = new Lifetime();
    const greet = (params: unknown): LabInfo => {
      const given = new Params(params);
      const client = given.text("client");
      const lease = given.flag("lease");
      if (greeted) throw new LabError("bad-request", "lab/hello is asked once.");
      greeted = true;
      for (const line of history.lines) peer.emit("lab/log", line);
      this.#peers.add(peer);
      connected.onDispose(() => this.#peers.delete(peer));
      if (lease) this.#join(connected);
      logger.debug(`client ${client} connected`);
      connected.onDispose(() => logger.debug(`client ${client} left`));
      return info;
    };
    const peer: Peer = new RpcPeer<Lab, LabClient>(
      socketPipe(socket),
      {
        ...this.#guarded(() => greeted),
        "lab/hello": greet,
        "lab/stop": () => {
          // The answer leaves before the lab does.
          setImmediate(() => this.#stop("a client asked for it"));
          return {};
        },
      },
      { onFault: (error) => logger.error(`a control request failed: ${stackOf(error)}`) },
    );
    peer.onClose(() => connected.dispose());
  }

  #changes(event: "topics/changed" | "groups/changed"): ChangedNames {
    const { clock } = this.#options;
    return new ChangedNames(clock, CHANGED_INTERVAL_MS, (names) => this.#emit(event, names));
  }

  /** The handlers for one client: nothing is answered before its hello, or while the lab stops. */
  #guarded(greeted: () => boolean): LabHandlers {
    const check = () => {
      if (this.#stopping) throw new LabError("stopping", "The lab is stopping.");
      if (!greeted()) throw new LabError("bad-request", "Ask lab/hello first.");
    };
    const guard =
      <P, R>(handler: (params: P, signal: AbortSignal) => R) =>
      (params: P, signal: AbortSignal): R => {
        check();
        return handler(params, signal);
      };
    return {
      "brokers/list": guard(this.#handlers["brokers/list"]),
      "brokers/stop": guard(this.#handlers["brokers/stop"]),
      "brokers/start": guard(this.#handlers["brokers/start"]),
      "topics/list": guard(this.#handlers["topics/list"]),
      "topics/create": guard(this.#handlers["topics/create"]),
      "topics/delete": guard(this.#handlers["topics/delete"]),
      "topics/describe": guard(this.#handlers["topics/describe"]),
      "topics/configs": guard(this.#handlers["topics/configs"]),
      "topics/alterConfigs": guard(this.#handlers["topics/alterConfigs"]),
      "topics/addPartitions": guard(this.#handlers["topics/addPartitions"]),
      "topics/planDeleteRecords": guard(this.#handlers["topics/planDeleteRecords"]),
      "topics/deleteRecords": guard(this.#handlers["topics/deleteRecords"]),
      "topics/empty": guard(this.#handlers["topics/empty"]),
      "groups/list": guard(this.#handlers["groups/list"]),
      "groups/delete": guard(this.#handlers["groups/delete"]),
      "groups/deleteOffsets": guard(this.#handlers["groups/deleteOffsets"]),
      "groups/describe": guard(this.#handlers["groups/describe"]),
      "groups/planReset": guard(this.#handlers["groups/planReset"]),
      "groups/reset": guard(this.#handlers["groups/reset"]),
      "filter/check": guard(this.#handlers["filter/check"]),
      "messages/read": guard(this.#handlers["messages/read"]),
      "messages/get": guard(this.#handlers["messages/get"]),
      "messages/count": guard(this.#handlers["messages/count"]),
      "messages/histogram": guard(this.#handlers["messages/histogram"]),
      "messages/latestPerKey": guard(this.#handlers["messages/latestPerKey"]),
      "messages/decode": guard(this.#handlers["messages/decode"]),
      "template/preview": guard(this.#handlers["template/preview"]),
      "load/run": guard(this.#handlers["load/run"]),
      "load/progress": guard(this.#handlers["load/progress"]),
      "load/stop": guard(this.#handlers["load/stop"]),
      "messages/check": guard(this.#handlers["messages/check"]),
      "messages/produce": guard(this.#handlers["messages/produce"]),
      "moves/run": guard(this.#handlers["moves/run"]),
      "moves/list": guard(this.#handlers["moves/list"]),
      "moves/progress": guard(this.#handlers["moves/progress"]),
      "moves/control": guard(this.#handlers["moves/control"]),
    };
  }

  #join(connected: Lifetime): void {
    const lease = this.#lease;
    if (lease === undefined) return;
    lease.join();
    this.#watchLease();
    connected.onDispose(() => {
      lease.leave(this.#options.clock.nowMs());
      this.#watchLease();
    });
  }

  /** Sets the alarm for the moment at which the lease runs out, if nothing changes until then. */
  #watchLease(): void {
    this.#leaseTimer?.dispose();
    this.#leaseTimer = undefined;
    const endsAtMs = this.#lease?.endsAtMs;
    if (endsAtMs === undefined || this.#stopping) return;
    const { clock } = this.#options;
    this.#leaseTimer = clock.after(Math.max(0, endsAtMs - clock.nowMs()), () =>
      this.#stop("its last client is gone"),
    );
  }

  #stop(reason: string): void {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#options.stop(reason);
  }

  #emit<E extends keyof Lab["events"]>(name: E, payload: Lab["events"][E]): void {
    for (const peer of this.#peers) peer.emit(name, payload);
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
