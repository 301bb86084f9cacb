import { once } from "node:events";
import { WebSocket } from "ws";
import type { Lab, LabClient } from "../../runtime/api/lab.ts";
import type { LabInfo } from "../../runtime/api/model.ts";
import { RpcPeer } from "../../runtime/api/rpc.ts";
import { socketPipe } from "../../runtime/api/socket-pipe.ts";
import type { Cluster } from "../../runtime/cluster/cluster.ts";
import { Control } from "../../runtime/control/control.ts";
import { LogHistory } from "../../runtime/control/log-history.ts";
import { type Clock, FakeClock } from "../../runtime/core/clock.ts";
import { silentLogger } from "../../runtime/core/logger.ts";
import { inlineScanner } from "./inline-scanner.ts";
import { noGroups } from "./no-groups.ts";
import { noTopicAdmin } from "./no-topic-admin.ts";

export const CONTROL_INFO: LabInfo = {
  ...{ version: "1", pid: process.pid, bootstrap: "127.0.0.1:9", data: "/data", startedAtMs: 0 },
};

/** A control channel over a cluster, without a broker behind it. */
export function controlOver(cluster: Cluster, clock: Clock = new FakeClock()): Promise<Control> {
  return Control.start({
    ...{ info: CONTROL_INFO, cluster, clock, groups: noGroups, topicAdmin: noTopicAdmin },
    scanner: inlineScanner(),
    brokers: {
      list: () => [],
      stop: () => Promise.resolve(),
      start: () => Promise.resolve(),
    },
    ...{ history: new LogHistory(), logger: silentLogger, leaseGraceMs: undefined },
    stop: () => undefined,
    giveWay: () => new Promise((resolve) => setImmediate(resolve)),
  });
}

/** A client of a control channel that has said hello. */
export async function controlClient({ token, url }: Control): Promise<RpcPeer<LabClient, Lab>> {
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
  await once(socket, "open");
  const peer = new RpcPeer<LabClient, Lab>(socketPipe(socket), {});
  await peer.request("lab/hello", { client: "test", lease: false });
  return peer;
}
